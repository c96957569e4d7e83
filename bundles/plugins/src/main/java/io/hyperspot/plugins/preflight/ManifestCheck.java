// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.felix.utils.manifest.Clause;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** The manifest: what makes a plugin hard to upgrade, or collides with the platform. */
final class ManifestCheck implements Check {
    private static final Pattern VERSION = Pattern.compile("\\d{1,9}(\\.\\d{1,9}(\\.\\d{1,9}(\\.[A-Za-z0-9_-]+)?)?)?");

    @Override
    public void check(Subject subject, Findings findings) {
        String version = subject.header(Constants.BUNDLE_VERSION);
        if (!VERSION.matcher(version.strip()).matches()) {
            findings.warning(
                    "BUNDLE_VERSION",
                    "it has no Bundle-Version: it counts as 0.0.0, and upgrades cannot be told from downgrades",
                    "",
                    "give it one, for example 1.4.0");
        }
        versions(subject, findings);
        exports(subject, findings);
        for (Clause bundle : subject.clauses(Constants.REQUIRE_BUNDLE)) {
            findings.warning(
                    "REQUIRES_BUNDLE",
                    "it requires the bundle " + bundle.getName() + ", so that it breaks when that one changes inside",
                    "",
                    "import the packages that it needs (Import-Package) instead");
        }
        if (subject.clauses(Constants.DYNAMICIMPORT_PACKAGE).stream().anyMatch(clause -> clause.getName().equals("*"))) {
            findings.warning(
                    "DYNAMIC_IMPORT",
                    "it imports whatever it happens to ask for (DynamicImport-Package: *)",
                    "",
                    "import by name what it needs, as optional where it can do without");
        }
        if (!subject.header(Constants.BUNDLE_ACTIVATOR).isBlank()) {
            findings.info("ACTIVATOR", "it has a Bundle-Activator; a component (@Component) needs none");
        }
        String permissions = subject.header("HyperSpot-Permissions");
        if (!permissions.isBlank()) {
            findings.info("PERMISSIONS", "it asks for " + permissions.strip());
        }
    }

    /** The framework reads versions more strictly than what the manifest was read with. */
    private static void versions(Subject subject, Findings findings) {
        try {
            subject.clauses(Constants.EXPORT_PACKAGE)
                    .forEach(clause -> Version.parseVersion(clause.getAttribute(Constants.VERSION_ATTRIBUTE)));
            for (Clause clause : subject.clauses(Constants.IMPORT_PACKAGE)) {
                String range = clause.getAttribute(Constants.VERSION_ATTRIBUTE);
                if (range != null) {
                    VersionRange.valueOf(range);
                }
            }
        } catch (IllegalArgumentException e) {
            findings.error(
                    "MANIFEST_MALFORMED",
                    "versions as the OSGi specification has them",
                    String.valueOf(e.getMessage()),
                    "let bnd-maven-plugin write the manifest, as docs/plugin-guide.md shows");
        }
    }

    private static void exports(Subject subject, Findings findings) {
        Set<String> platform = subject.platform().packages().keySet();
        Set<String> both = new TreeSet<>(subject.exports());
        both.retainAll(platform);
        // what tools make of multi-release JARs is no package
        both.removeIf(name -> name.startsWith("META-INF"));
        if (!both.isEmpty()) {
            Map<String, List<Platform.Provided>> packages = subject.platform().packages();
            for (String name : both) {
                findings.warning(
                        "EXPORTS_PLATFORM_PACKAGE",
                        "it exports " + name + ", which the platform has too: others would see two copies",
                        RequirementCheck.present(packages.getOrDefault(name, List.of())),
                        "remove " + name + " from your JAR and import it");
            }
        }
        Set<String> own = new TreeSet<>(subject.exports());
        own.removeAll(both);
        if (!own.isEmpty() && subject.components().stream().anyMatch(component -> component.isWorker())) {
            findings.warning(
                    "EXPORTS",
                    "it exports " + String.join(", ", own) + ": whoever imports that keeps the old version alive at an upgrade",
                    "",
                    "export nothing from a connector; put contracts into a bundle of their own");
        }
    }
}
