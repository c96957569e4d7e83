// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** Says in words why a bundle does not resolve: what it needs, what is there, how to mend it. */
public final class MissingRequirements {
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
    private static final Pattern BUNDLE = Pattern.compile("\\(osgi\\.wiring\\.(?:bundle|host)=([^)]+)\\)");
    private static final Pattern JAVA = Pattern.compile("\\(&\\(osgi\\.ee=JavaSE\\)\\(version=([^)]+)\\)\\)");
    private static final Pattern AT_LEAST = Pattern.compile("(?<!\\(!)\\((?:bundle-)?version>=([^)]+)\\)");
    private static final Pattern ABOVE = Pattern.compile("\\(!\\((?:bundle-)?version<=([^)]+)\\)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]+)\\)\\)");
    private static final Pattern AT_MOST = Pattern.compile("(?<!\\(!)\\((?:bundle-)?version<=([^)]+)\\)");

    private MissingRequirements() {}

    /**
     * A report of a few lines for each requirement that nothing satisfies, in the form Needs / Present
     * / Fix.
     *
     * @param bundle an installed bundle that does not resolve
     * @param present every bundle that could have provided something
     */
    public static String report(Bundle bundle, List<Bundle> present) {
        StringBuilder text = new StringBuilder();
        text.append("Bundle ").append(bundle.getSymbolicName()).append(' ').append(bundle.getVersion());
        text.append(" was not started.");
        boolean found = false;
        for (BundleRequirement requirement : mandatory(bundle)) {
            if (providers(requirement, present).isEmpty()) {
                found = true;
                describe(text, requirement, present);
            }
        }
        if (!found) {
            describeIndirect(text, bundle, present);
        }
        return text.toString();
    }

    /** A requirement in words, for example {@code package com.acme.search.api, version 2.1 or newer but below 3}. */
    public static String words(Requirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher java = JAVA.matcher(filter);
        if (java.matches()) {
            return "Java " + java.group(1);
        }
        Matcher bundle = BUNDLE.matcher(filter);
        if (bundle.find()) {
            return "bundle " + bundle.group(1) + range(filter);
        }
        Matcher name = PACKAGE.matcher(filter);
        if (name.find()) {
            return "package " + name.group(1) + range(filter);
        }
        return "the capability " + requirement.getNamespace() + ' ' + filter;
    }

    /** Each requirement has a provider, which is unresolved too or contradicts another one. */
    private static void describeIndirect(StringBuilder text, Bundle bundle, List<Bundle> present) {
        Set<String> unresolved = new TreeSet<>();
        for (BundleRequirement requirement : mandatory(bundle)) {
            List<Bundle> providers = providers(requirement, present);
            if (providers.stream().allMatch(provider -> blocked(provider, present, new HashSet<>(Set.of(bundle))))) {
                providers.forEach(provider -> unresolved.add(provider.getSymbolicName()));
            }
        }
        if (unresolved.isEmpty()) {
            UsesConflict.of(packages(bundle, present), present)
                    .ifPresentOrElse(
                            conflict -> conflict.describe(text, bundle.getSymbolicName()),
                            () -> text.append("\n  Needs    packages that fit together, but sees two versions of one through its"
                                            + " other imports")
                                    .append("\n  Fix      remove from the bundle the packages that the platform exports"));
        } else {
            text.append("\n  Needs    what ").append(String.join(", ", unresolved)).append(" would provide");
            text.append("\n  Present  only unresolved");
            text.append("\n  Fix      mend ").append(String.join(", ", unresolved)).append(" first");
        }
    }

    /** The packages that a bundle must have, and who has each. */
    private static Map<BundleRequirement, List<BundleCapability>> packages(Bundle bundle, List<Bundle> present) {
        Map<BundleRequirement, List<BundleCapability>> packages = new LinkedHashMap<>();
        for (BundleRequirement requirement : mandatory(bundle)) {
            if (requirement.getNamespace().equals(BundleRevision.PACKAGE_NAMESPACE)) {
                packages.put(
                        requirement,
                        present.stream()
                                .flatMap(other -> capabilities(other, BundleRevision.PACKAGE_NAMESPACE).stream())
                                .filter(requirement::matches)
                                .toList());
            }
        }
        return packages;
    }

    private static void describe(StringBuilder text, BundleRequirement requirement, List<Bundle> present) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher java = JAVA.matcher(filter);
        Matcher bundle = BUNDLE.matcher(filter);
        Matcher name = PACKAGE.matcher(filter);
        text.append("\n  Needs    ").append(words(requirement));
        if (java.matches()) {
            text.append("\n  Present  Java ").append(Runtime.version().feature());
            text.append("\n  Fix      run on a newer JDK, or compile the bundle for this one");
        } else if (bundle.find()) {
            text.append("\n  Present  ").append(versions(bundle.group(1), present));
            text.append("\n  Fix      add a version in the range to a feature");
        } else if (name.find()) {
            describePackage(text, requirement, exporters(name.group(1), present));
        } else {
            text.append("\n  Present  none");
            text.append("\n  Fix      install a bundle that provides it");
        }
    }

    private static void describePackage(StringBuilder text, BundleRequirement requirement, List<String> nearest) {
        if (nearest.isEmpty()) {
            text.append("\n  Present  no bundle exports this package");
            text.append("\n  Fix      add a bundle that exports it to a feature, or embed it in ");
            text.append(requirement.getRevision().getSymbolicName());
        } else {
            text.append("\n  Present  ").append(String.join(", ", nearest));
            text.append("\n  Fix      use a version in the range, or rebuild the bundle against the one present");
        }
    }

    private static String range(String filter) {
        List<String> bounds = new ArrayList<>();
        Matcher atLeast = AT_LEAST.matcher(filter);
        if (atLeast.find()) {
            bounds.add(atLeast.group(1) + " or newer");
        }
        Matcher above = ABOVE.matcher(filter);
        if (above.find()) {
            bounds.add("newer than " + above.group(1));
        }
        Matcher below = BELOW.matcher(filter);
        if (below.find()) {
            bounds.add("below " + below.group(1));
        }
        Matcher atMost = AT_MOST.matcher(filter);
        if (atMost.find()) {
            bounds.add("not newer than " + atMost.group(1));
        }
        return bounds.isEmpty() ? "" : ", version " + String.join(" but ", bounds);
    }

    private static String versions(String bundle, List<Bundle> present) {
        List<String> versions = present.stream()
                .filter(other -> bundle.equals(other.getSymbolicName()))
                .map(other -> other.getVersion().toString())
                .toList();
        return versions.isEmpty() ? "no bundle of this name" : String.join(", ", versions);
    }

    private static List<String> exporters(String name, List<Bundle> present) {
        List<String> exporters = new ArrayList<>();
        for (Bundle bundle : present) {
            for (BundleCapability capability : capabilities(bundle, BundleRevision.PACKAGE_NAMESPACE)) {
                if (name.equals(capability.getAttributes().get(BundleRevision.PACKAGE_NAMESPACE))) {
                    exporters.add(capability.getAttributes().get("version") + " from " + bundle.getSymbolicName());
                }
            }
        }
        return exporters;
    }

    private static boolean optional(BundleRequirement requirement) {
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        return Namespace.RESOLUTION_OPTIONAL.equals(
                        requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE))
                || "dynamic".equals(requirement.getDirectives().get("resolution"))
                || (effective != null && !effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private static List<BundleRequirement> mandatory(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null
                ? List.of()
                : revision.getDeclaredRequirements(null).stream()
                        .filter(requirement -> !optional(requirement))
                        .toList();
    }

    private static List<Bundle> providers(BundleRequirement requirement, List<Bundle> present) {
        return present.stream()
                .filter(bundle -> capabilities(bundle, requirement.getNamespace()).stream().anyMatch(requirement::matches))
                .toList();
    }

    /** Whether it lacks something, or depends on a bundle that does. */
    private static boolean blocked(Bundle bundle, List<Bundle> present, Set<Bundle> visited) {
        if (bundle.getState() != Bundle.INSTALLED || !visited.add(bundle)) {
            return false;
        }
        return mandatory(bundle).stream()
                .map(requirement -> providers(requirement, present))
                .anyMatch(all -> all.stream().allMatch(provider -> blocked(provider, present, visited)));
    }

    private static List<BundleCapability> capabilities(Bundle bundle, String namespace) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
    }
}
