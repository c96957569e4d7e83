// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.modkit.resolution.MissingRequirements;
import io.hyperspot.plugins.preflight.Platform.Provided;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** What the manifest requires against what is there. */
final class RequirementCheck implements Check {
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
    private static final Pattern SERVICE = Pattern.compile("\\(objectClass=([^)]+)\\)");
    private static final Pattern FLOOR = Pattern.compile("(?<!\\(!)\\(version>=([^)]+)\\)");
    private static final String SERVICES = "osgi.service";

    @Override
    public void check(Subject subject, Findings findings) {
        TreeSet<String> optional = new TreeSet<>();
        for (Requirement requirement : subject.resource().getRequirements(null)) {
            if (isDynamic(requirement) || stopped(requirement, subject, findings) || subject.isSatisfied(requirement)) {
                continue;
            }
            if (!isEffective(requirement)) {
                service(requirement, findings);
            } else if (isOptional(requirement)) {
                optional.add(MissingRequirements.words(requirement));
            } else {
                missing(requirement, subject, findings);
            }
        }
        if (!optional.isEmpty()) {
            findings.info("OPTIONAL_MISSING", "it can do without, and will: " + String.join("; ", optional));
        }
    }

    /** Whether it is a service that would be there if a module that is stopped were not. */
    private static boolean stopped(Requirement requirement, Subject subject, Findings findings) {
        Matcher service = SERVICE.matcher(filter(requirement));
        if (!requirement.getNamespace().equals(SERVICES)
                || isOptional(requirement)
                || subject.brings(requirement)
                || !service.find()) {
            return false;
        }
        Optional<String> module = subject.platform().stopped().apply(service.group(1));
        module.ifPresent(name -> findings.waiting(
                "MODULE_STOPPED",
                "the service " + service.group(1),
                "not now: the module " + name + " is installed, but stopped",
                "hyperspot modules start " + name + " (or POST /process-manager/v1/modules/" + name + "/start)"));
        return module.isPresent();
    }

    private static void service(Requirement requirement, Findings findings) {
        Matcher service = SERVICE.matcher(filter(requirement));
        if (requirement.getNamespace().equals(SERVICES) && !isOptional(requirement) && service.find()) {
            findings.info("SERVICE_UNDECLARED", "it needs a service " + service.group(1) + ", which no bundle says that it brings");
        }
    }

    private static void missing(Requirement requirement, Subject subject, Findings findings) {
        String needs = MissingRequirements.words(requirement);
        Matcher name = PACKAGE.matcher(filter(requirement));
        switch (requirement.getNamespace()) {
            case ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE -> findings.error(
                    "JAVA_TOO_OLD",
                    needs,
                    "Java " + subject.platform().java(),
                    "run the server on that Java, or compile with --release " + subject.platform().java());
            case PackageNamespace.PACKAGE_NAMESPACE -> {
                if (name.find()) {
                    missingPackage(requirement, needs, name.group(1), subject, findings);
                }
            }
            case "osgi.wiring.bundle" -> findings.waiting(
                    "BUNDLE_MISSING", needs, "no such bundle in that version", "import the packages that it needs instead");
            default -> findings.waiting(
                    "CAPABILITY_MISSING",
                    needs,
                    present(subject, requirement.getNamespace()),
                    "install a bundle that provides it");
        }
    }

    private static void missingPackage(
            Requirement requirement, String needs, String name, Subject subject, Findings findings) {
        Map<String, List<Provided>> packages = subject.platform().packages();
        List<Provided> others = packages.getOrDefault(name, List.of());
        if (name.startsWith("java.")) {
            findings.error(
                    "JAVA_PACKAGE_MISSING",
                    needs,
                    "Java " + subject.platform().java() + " has no such package",
                    "use the package that took its place, or embed a library that has it");
        } else if (others.isEmpty()) {
            findings.waiting(
                    "PACKAGE_MISSING",
                    needs,
                    "no bundle exports this package" + nearest(name, packages),
                    "install a bundle that exports it, or embed the library in your JAR (-includeresource: name-*.jar;lib:=true)");
        } else if (others.stream().allMatch(Provided::isContract)) {
            version(requirement, needs, name, others, findings);
        } else {
            findings.waiting(
                    "PACKAGE_VERSION",
                    needs,
                    present(others),
                    "install a version in the range, or rebuild the plugin against the one present");
        }
    }

    /** Contracts come with the platform, so that waiting for another version would be in vain. */
    private static void version(
            Requirement requirement, String needs, String name, List<Provided> others, Findings findings) {
        Version newest = others.stream().map(Provided::version).max(Comparator.naturalOrder()).orElse(Version.emptyVersion);
        Matcher floor = FLOOR.matcher(filter(requirement));
        boolean tooOld = floor.find() && newest.compareTo(Version.parseVersion(floor.group(1))) < 0;
        String version = newest.getMajor() + "." + newest.getMinor();
        findings.error(
                tooOld ? "API_TOO_OLD" : "API_TOO_NEW",
                needs,
                present(others),
                tooOld
                        ? "upgrade HyperSpot to one with " + name + " " + floor.group(1) + ", or rebuild the plugin against " + version
                        : "rebuild the plugin against " + name + " " + version);
    }

    static String present(List<Provided> providers) {
        return providers.stream()
                .map(one -> one.version() + " from " + one.bundle())
                .distinct()
                .limit(5)
                .collect(Collectors.joining(", "));
    }

    private static String present(Subject subject, String namespace) {
        String values = subject.platform().provided().stream()
                .filter(one -> one.capability().getNamespace().equals(namespace))
                .map(one -> String.valueOf(one.capability().getAttributes().get(namespace)))
                .distinct()
                .limit(8)
                .collect(Collectors.joining(", "));
        return values.isEmpty() ? "none" : "others of the kind: " + values;
    }

    /** A package that was renamed has most of its name left. */
    private static String nearest(String name, Map<String, List<Provided>> packages) {
        return packages.keySet().stream()
                .filter(other -> !other.startsWith("java."))
                .map(other -> Map.entry(alike(name.split("\\."), other.split("\\.")), other))
                .filter(entry -> entry.getKey() > 0)
                .max(Map.Entry.<Integer, String>comparingByKey()
                        .thenComparing(Map.Entry.<Integer, String>comparingByValue().reversed()))
                .map(entry -> "; the nearest is " + entry.getValue() + ", "
                        + present(packages.getOrDefault(entry.getValue(), List.of())))
                .orElse("");
    }

    /** How many parts are the same at one end; 0 when they are too few. */
    private static int alike(String[] one, String[] other) {
        int least = Math.min(one.length, other.length);
        int front = 0;
        while (front < least && one[front].equals(other[front])) {
            front++;
        }
        int back = 0;
        while (back < least && one[one.length - 1 - back].equals(other[other.length - 1 - back])) {
            back++;
        }
        int same = Math.max(front, back);
        return same >= 2 && 2 * same > Math.max(one.length, other.length) ? same : 0;
    }

    private static String filter(Requirement requirement) {
        return requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
    }

    private static boolean isOptional(Requirement requirement) {
        return Namespace.RESOLUTION_OPTIONAL.equals(
                requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    private static boolean isDynamic(Requirement requirement) {
        return PackageNamespace.RESOLUTION_DYNAMIC.equals(
                requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    private static boolean isEffective(Requirement requirement) {
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE);
    }
}
