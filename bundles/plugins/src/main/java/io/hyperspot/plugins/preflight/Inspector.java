// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.Preflight.Finding;
import io.hyperspot.plugins.Preflight.Severity;
import io.hyperspot.plugins.archive.ComponentDescription;
import io.hyperspot.plugins.archive.PluginArchive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import javax.xml.stream.XMLStreamException;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.resource.Resource;

/**
 * Says what would come of installing a plugin. Nothing of the plugin is loaded or run; what is read of
 * it is bounded. Thread-safe.
 */
public final class Inspector {
    private static final List<Check> CHECKS = List.of(
            new ManifestCheck(),
            new JavaCheck(),
            new RequirementCheck(),
            new CopyCheck(),
            new ComponentCheck(),
            new GtsCheck(),
            new ConfigurationCheck(),
            new LinkageCheck(),
            new SummaryCheck());

    private static final int MOST_LIBRARIES = 1000;
    private static final int MOST_REQUIREMENTS = 5000;
    private static final long LARGEST_HEADERS = 1 << 20;

    private final @Nullable Supplier<Platform> platform;
    private final SignaturePolicy signatures;

    /** Looks at the JAR alone: whether it can be read. */
    public Inspector() {
        platform = null;
        signatures = SignaturePolicy.NONE;
    }

    /**
     * @param platform asked for each plugin
     */
    public Inspector(Supplier<Platform> platform, SignaturePolicy signatures) {
        this.platform = platform;
        this.signatures = signatures;
    }

    /**
     * Looks at a plugin.
     *
     * @param replaces the version that serves now; empty when none does
     */
    public Preflight inspect(PluginArchive archive, String replaces) {
        Findings findings = new Findings();
        try {
            inspect(archive, replaces, findings);
        } catch (RuntimeException | StackOverflowError e) {
            // a hostile JAR that a library chokes on is refused like any other
            findings.error("NOT_UNDERSTOOD", "a JAR that can be understood", e.toString(), "build it with bnd-maven-plugin");
        }
        return new Preflight(
                archive.id(),
                archive.version().toString(),
                archive.sha256(),
                archive.size(),
                replaces,
                0,
                archive.workers(),
                findings.sorted());
    }

    private void inspect(PluginArchive archive, String replaces, Findings findings) {
        Platform whole = platform == null ? null : platform.get();
        List<String> classPath = classPath(archive);
        if (classPath.size() > MOST_LIBRARIES || length(archive) > LARGEST_HEADERS) {
            findings.error(
                    "MANIFEST_TOO_LARGE",
                    "at most " + MOST_LIBRARIES + " entries of the class path, and headers of 1 MB",
                    classPath.size() + " entries, and " + (length(archive) >> 10) + " kB",
                    "import and embed less");
            return;
        }
        JarScan scan = new JarScan(
                findings,
                whole == null ? Runtime.version().feature() : whole.java(),
                "true".equalsIgnoreCase(archive.headers()
                        .getOrDefault(Attributes.Name.MULTI_RELEASE.toString(), "")
                        .strip()),
                classPath);
        JarContents contents = scan.read(archive.file(), archive.size());
        if (findings.hasErrors()) {
            // what follows would be guesses
            return;
        }
        signatures.check(archive.file(), findings);
        if (whole == null) {
            return;
        }
        String form = archive.headers().getOrDefault(Constants.BUNDLE_MANIFESTVERSION, "");
        if (!form.strip().equals("2")) {
            findings.error(
                    "MANIFEST_VERSION",
                    "Bundle-ManifestVersion: 2 in its manifest",
                    form,
                    "build it with bnd-maven-plugin, as docs/plugin-guide.md shows");
            return;
        }
        Resource resource;
        try {
            resource = ResourceBuilder.build(archive.location(), archive.headers());
        } catch (BundleException | IllegalArgumentException e) {
            findings.error(
                    "MANIFEST_MALFORMED",
                    "a manifest that follows the OSGi specification",
                    String.valueOf(e.getMessage()),
                    "let bnd-maven-plugin write it, as docs/plugin-guide.md shows");
            return;
        }
        if (resource.getRequirements(null).size() > MOST_REQUIREMENTS) {
            findings.error(
                    "MANIFEST_TOO_LARGE",
                    "at most " + MOST_REQUIREMENTS + " imports and other requirements",
                    resource.getRequirements(null).size() + " of them",
                    "import and embed less");
            return;
        }
        Subject subject = Subject.of(
                archive,
                replaces,
                contents,
                resource,
                components(archive, contents, findings),
                whole.without(archive.id()));
        CHECKS.forEach(check -> check.check(subject, findings));
    }

    private static long length(PluginArchive archive) {
        return archive.headers().values().stream().mapToLong(String::length).sum();
    }

    private static List<String> classPath(PluginArchive archive) {
        String header = archive.headers().getOrDefault(Constants.BUNDLE_CLASSPATH, ".");
        List<String> parts = new ArrayList<>();
        for (Clause clause : Subject.parse(header)) {
            String part = clause.getName().strip();
            while (part.startsWith("/") || part.startsWith("./")) {
                part = part.substring(part.indexOf('/') + 1);
            }
            parts.add(part.equals(".") ? "" : part.endsWith("/") ? part.substring(0, part.length() - 1) : part);
        }
        return parts;
    }

    private static List<ComponentDescription> components(PluginArchive archive, JarContents contents, Findings findings) {
        List<ComponentDescription> components = new ArrayList<>();
        for (Clause clause : Subject.parse(archive.headers().getOrDefault("Service-Component", ""))) {
            // the last part may have wildcards
            String pattern = clause.getName().strip().replaceAll("^/+", "");
            List<Map.Entry<String, byte[]>> documents = contents.documents().entrySet().stream()
                    .filter(document -> matches(pattern, document.getKey()))
                    .toList();
            if (documents.isEmpty()) {
                findings.error(
                        "COMPONENT_MISSING",
                        "the component description " + pattern + " that its manifest names",
                        "the JAR does not have it",
                        "build the JAR again from clean folders");
            }
            documents.forEach(document -> read(document, components, findings));
        }
        return components;
    }

    private static boolean matches(String pattern, String path) {
        int star = pattern.indexOf('*');
        return star < 0
                ? pattern.equals(path)
                : path.startsWith(pattern.substring(0, star)) && path.endsWith(pattern.substring(star + 1));
    }

    private static void read(
            Map.Entry<String, byte[]> document, List<ComponentDescription> components, Findings findings) {
        try {
            components.addAll(ComponentDescription.read(document.getValue()));
        } catch (XMLStreamException e) {
            findings.error(
                    "COMPONENT_DAMAGED",
                    "readable component descriptions",
                    document.getKey() + ": " + e.getMessage(),
                    "build the JAR again");
        }
    }

    /** The report on a file that is no plugin. */
    public static Preflight unusable(String reason) {
        return new Preflight(
                "",
                "",
                "",
                0,
                "",
                0,
                List.of(),
                List.of(new Finding(Severity.ERROR, "NO_PLUGIN", "a plugin; " + reason, "", "")));
    }
}
