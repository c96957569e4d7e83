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
 * @param exports packages that it exports
 * @param imports packages that it imports, also the optional ones
 * @param dynamicImports patterns of packages that it imports when it asks for them
 */
record Subject(
        PluginArchive archive,
        String replaces,
        JarContents contents,
        Resource resource,
        List<ComponentDescription> components,
        Platform platform,
        Set<String> exports,
        Set<String> imports,
        Set<String> dynamicImports) {

    static Subject of(
            PluginArchive archive,
            String replaces,
            JarContents contents,
            Resource resource,
            List<ComponentDescription> components,
            Platform platform) {
        return new Subject(
                archive,
                replaces,
                contents,
                resource,
                components,
                platform,
                names(archive, Constants.EXPORT_PACKAGE),
                names(archive, Constants.IMPORT_PACKAGE),
                names(archive, Constants.DYNAMICIMPORT_PACKAGE));
    }

    private static Set<String> names(PluginArchive archive, String header) {
        return parse(archive.headers().getOrDefault(header, "")).stream().map(Clause::getName).collect(Collectors.toSet());
    }

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

    /** Whether the package may come from elsewhere, at some time. */
    boolean mayImport(String packageName) {
        return packageName.startsWith("java.")
                || imports.contains(packageName)
                || dynamicImports.stream()
                        .anyMatch(pattern -> pattern.equals("*")
                                || pattern.equals(packageName)
                                || (pattern.endsWith(".*")
                                        && packageName.startsWith(pattern.substring(0, pattern.length() - 1))));
    }

    /** Whether the platform or the plugin itself satisfies it. */
    boolean isSatisfied(Requirement requirement) {
        return brings(requirement)
                || platform.provided().stream()
                        .filter(one -> one.capability().getNamespace().equals(requirement.getNamespace()))
                        .anyMatch(one -> matches(requirement, one.capability()));
    }

    /** Whether the plugin itself satisfies it. */
    boolean brings(Requirement requirement) {
        return resource.getCapabilities(requirement.getNamespace()).stream().anyMatch(own -> matches(requirement, own));
    }

    private static boolean matches(Requirement requirement, Capability capability) {
        return requirement instanceof RequirementImpl parsed && parsed.matches(capability);
    }
}
