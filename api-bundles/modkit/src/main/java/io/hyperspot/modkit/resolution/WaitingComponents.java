// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in words which DS components do not start, and what each of them waits for. */
public final class WaitingComponents {
    private static final String CAUSE = "Caused by: ";
    private static final Pattern LINKAGE = Pattern.compile(
            "java\\.lang\\.(?:\\w*LinkageError|NoClassDefFoundError|ClassNotFoundException|NoSuch(?:Method|Field)Error|AbstractMethodError"
                    + "|IncompatibleClassChangeError|IllegalAccessError|InstantiationError|UnsatisfiedLinkError|VerifyError"
                    + "|ClassFormatError|UnsupportedClassVersionError|BootstrapMethodError|ExceptionInInitializerError)\\b");

    private WaitingComponents() {}

    /**
     * A sentence for each reference that nothing satisfies, and for each component that failed.
     *
     * @param bundles whose components are looked at
     */
    public static List<String> of(ServiceComponentRuntime runtime, Predicate<BundleDTO> bundles) {
        return of(runtime, bundles, service -> "");
    }

    /**
     * The same, with more to say of a service that is not there.
     *
     * @param why in words why a service, by the name of its interface, is not there; empty when unknown
     */
    public static List<String> of(
            ServiceComponentRuntime runtime, Predicate<BundleDTO> bundles, UnaryOperator<String> why) {
        List<String> waiting = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            if (!bundles.test(component.bundle)) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            for (ComponentConfigurationDTO configuration : configurations) {
                describe(component, configuration, why, waiting);
            }
        }
        return waiting;
    }

    private static void describe(
            ComponentDescriptionDTO component,
            ComponentConfigurationDTO configuration,
            UnaryOperator<String> why,
            List<String> waiting) {
        switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                    String reason = why.apply(type(component, reference.name));
                    waiting.add(component.bundle.symbolicName + " waits for a service " + service(component, reference.name)
                            + (reason.isEmpty() ? "" : ": " + reason));
                }
            }
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                waiting.add(component.bundle.symbolicName + " failed to start: " + cause(configuration.failure));
            default -> {}
        }
    }

    private static String service(ComponentDescriptionDTO component, String reference) {
        for (var declared : component.references) {
            if (declared.name.equals(reference)) {
                return declared.interfaceName + (declared.target == null ? "" : " with " + declared.target);
            }
        }
        return reference;
    }

    static String type(ComponentDescriptionDTO component, String reference) {
        for (var declared : component.references) {
            if (declared.name.equals(reference)) {
                return declared.interfaceName;
            }
        }
        return reference;
    }

    /**
     * A component that was to start and did not, in none of its configurations.
     *
     * @param reason its innermost exception
     * @param linkage whether a class, or a member of one, is missing or does not fit
     */
    public record Failed(String component, String reason, boolean linkage) {}

    /** The components of some bundles of which no configuration works, and at least one failed. */
    public static List<Failed> failed(ServiceComponentRuntime runtime, Predicate<BundleDTO> bundles) {
        List<Failed> failed = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            if (bundles.test(component.bundle)) {
                Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
                boolean works = configurations.stream()
                        .anyMatch(one -> one.state == ComponentConfigurationDTO.ACTIVE
                                || one.state == ComponentConfigurationDTO.SATISFIED);
                configurations.stream()
                        .filter(one -> !works && one.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                        .map(one -> new Failed(component.name, cause(one.failure), isLinkage(one.failure)))
                        .findFirst()
                        .ifPresent(failed::add);
            }
        }
        return failed;
    }

    private static boolean isLinkage(@Nullable String trace) {
        return trace != null && trace.lines().anyMatch(line -> !line.startsWith("\t") && LINKAGE.matcher(line).find());
    }

    /** The innermost exception of a stack trace. */
    private static String cause(@Nullable String trace) {
        if (trace == null) {
            return "no reason was given";
        }
        List<String> causes = trace.lines().filter(line -> line.startsWith(CAUSE)).toList();
        return causes.isEmpty()
                ? trace.lines().findFirst().orElse("")
                : causes.getLast().substring(CAUSE.length());
    }
}
