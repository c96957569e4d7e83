// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.archive.ComponentDescription;
import io.hyperspot.plugins.archive.PluginArchive;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.apache.felix.utils.resource.RequirementImpl;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * A plugin under inspection.
 *
 * @param replaces the version that serves now; empty when none does
 * @param resource what the manifest requires and provides
 * @param components that the manifest names
 * @param platform without what the plugin's version before brings
 */
record Subject(
        PluginArchive archive,
        String replaces,
        JarContents contents,
        Resource resource,
        List<ComponentDescription> components,
        Platform platform) {

    String header(String name) {
        return archive.headers().getOrDefault(name, "");
    }

    List<Clause> clauses(String header) {
        return parse(header(header));
    }

    /** A header's clauses; none of an empty one. */
    static List<Clause> parse(String header) {
        return header.isBlank() ? List.of() : List.of(Parser.parseHeader(header));
    }

    /** Packages that it exports. */
    Set<String> exports() {
        return resource.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(capability -> String.valueOf(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)))
                .collect(Collectors.toSet());
    }

    /** Packages that it imports, also the optional ones. */
    Set<String> imports() {
        return clauses(Constants.IMPORT_PACKAGE).stream().map(Clause::getName).collect(Collectors.toSet());
    }

    /** Whether the package may come from elsewhere, at some time. */
    boolean mayImport(String packageName, Set<String> imports) {
        return packageName.startsWith("java.")
                || imports.contains(packageName)
                || clauses(Constants.DYNAMICIMPORT_PACKAGE).stream()
                        .map(Clause::getName)
                        .anyMatch(pattern -> pattern.equals("*")
                                || pattern.equals(packageName)
                                || (pattern.endsWith(".*")
                                        && packageName.startsWith(pattern.substring(0, pattern.length() - 1))));
    }

    /** Whether the platform or the plugin itself satisfies it. */
    boolean isSatisfied(Requirement requirement) {
        return resource.getCapabilities(requirement.getNamespace()).stream().anyMatch(own -> matches(requirement, own))
                || platform.provided().stream().anyMatch(one -> matches(requirement, one.capability()));
    }

    private static boolean matches(Requirement requirement, Capability capability) {
        return requirement instanceof RequirementImpl parsed && parsed.matches(capability);
    }
}
