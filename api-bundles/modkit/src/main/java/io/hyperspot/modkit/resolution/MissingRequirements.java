// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.resolution;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Namespace;

/** Says in words why a bundle does not resolve: what it needs, what is there, how to mend it. */
public final class MissingRequirements {
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
    private static final Pattern AT_LEAST = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

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
        for (BundleRequirement requirement : bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
            if (optional(requirement) || satisfied(requirement, present)) {
                continue;
            }
            found = true;
            describe(text, requirement, present);
        }
        if (!found) {
            text.append("\n  Needs    something that another bundle, itself unresolved, would provide");
        }
        return text.toString();
    }

    private static void describe(StringBuilder text, BundleRequirement requirement, List<Bundle> present) {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher name = PACKAGE.matcher(filter);
        if (!name.find()) {
            text.append("\n  Needs    the capability ").append(requirement.getNamespace()).append(' ').append(filter);
            text.append("\n  Present  none");
            text.append("\n  Fix      install a bundle that provides it");
            return;
        }
        text.append("\n  Needs    package ").append(name.group(1)).append(range(filter));
        List<String> nearest = exporters(name.group(1), present);
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
        Matcher below = BELOW.matcher(filter);
        String upper = below.find() ? " but below " + below.group(1) : "";
        Matcher atLeast = AT_LEAST.matcher(filter);
        return atLeast.find() ? ", version " + atLeast.group(1) + " or newer" + upper : "";
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

    private static boolean satisfied(BundleRequirement requirement, List<Bundle> present) {
        for (Bundle bundle : present) {
            for (BundleCapability capability : capabilities(bundle, requirement.getNamespace())) {
                if (requirement.matches(capability)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<BundleCapability> capabilities(Bundle bundle, String namespace) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(namespace);
    }
}
