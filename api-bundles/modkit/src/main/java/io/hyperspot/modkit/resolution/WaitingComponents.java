// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** Says in words which DS components do not start, and what each of them waits for. */
public final class WaitingComponents {
    private WaitingComponents() {}

    /**
     * A sentence for each reference that nothing satisfies, and for each component that failed.
     *
     * @param bundles whose components are looked at
     */
    public static List<String> of(ServiceComponentRuntime runtime, Predicate<BundleDTO> bundles) {
        List<String> waiting = new ArrayList<>();
        for (ComponentDescriptionDTO component : runtime.getComponentDescriptionDTOs()) {
            if (!bundles.test(component.bundle)) {
                continue;
            }
            Collection<ComponentConfigurationDTO> configurations = runtime.getComponentConfigurationDTOs(component);
            for (ComponentConfigurationDTO configuration : configurations) {
                describe(component, configuration, waiting);
            }
        }
        return waiting;
    }

    private static void describe(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, List<String> waiting) {
        switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> {
                for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
                    waiting.add(component.bundle.symbolicName + " waits for a service " + service(component, reference.name));
                }
            }
            case ComponentConfigurationDTO.FAILED_ACTIVATION ->
                waiting.add(component.bundle.symbolicName + " failed to start: " + firstLine(configuration.failure));
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

    private static String firstLine(String text) {
        if (text == null) {
            return "no reason was given";
        }
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
