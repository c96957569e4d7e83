// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A plugin's JAR, read and found to be a bundle.
 *
 * @param id the bundle's symbolic name
 * @param sha256 of the bytes, hexadecimal
 * @param file a copy that nobody else writes
 * @param headers of the manifest
 * @param workers GTS instance ids that its components declare; {@code {name}} stands for a
 *     configuration's name
 */
public record PluginArchive(
        String id, Version version, String sha256, long size, Path file, Map<String, String> headers, List<String> workers) {
    /** A component's property with the instance id, in the descriptions that bnd writes. */
    private static final Pattern WORKER =
            Pattern.compile("<property\\s[^>]*name=\"gts\\.instance\"[^>]*value=\"([^\"]*)\"");

    private static final long LARGEST_DESCRIPTION = 1 << 20;

    public PluginArchive {
        headers = Map.copyOf(headers);
        workers = List.copyOf(workers);
    }

    /**
     * Reads a file that does not change.
     *
     * @param sha256 of its bytes
     * @throws IOException when the file cannot be read now
     */
    public static PluginArchive read(Path file, String sha256) throws IOException, UnusableException {
        // checks the signatures of signed entries as they are read
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new UnusableException("it is a ZIP file without META-INF/MANIFEST.MF: not a plugin");
            }
            Attributes headers = manifest.getMainAttributes();
            String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null || name.isBlank()) {
                throw new UnusableException("it is a JAR, but no plugin: its manifest has no Bundle-SymbolicName. "
                        + "Build it with bnd-maven-plugin, as docs/plugin-guide.md shows");
            }
            if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
                throw new UnusableException("it is a fragment; a plugin must be a bundle of its own");
            }
            return new PluginArchive(
                    name.split(";", 2)[0].strip(),
                    version(headers.getValue(Constants.BUNDLE_VERSION)),
                    sha256,
                    Files.size(file),
                    file,
                    text(headers),
                    workers(jar));
        } catch (IOException | SecurityException e) {
            throw new UnusableException(
                    "it is not a readable JAR (" + e.getMessage() + "): it is truncated or damaged; copy it again", e);
        }
    }

    private static Version version(String text) throws UnusableException {
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            throw new UnusableException(
                    "its Bundle-Version is '" + text + "'; write it as major.minor.micro.qualifier, for example 1.4.0", e);
        }
    }

    private static Map<String, String> text(Attributes headers) {
        return headers.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        header -> header.getKey().toString(), header -> String.valueOf(header.getValue())));
    }

    private static List<String> workers(JarFile jar) throws IOException {
        List<String> workers = new java.util.ArrayList<>();
        for (JarEntry entry : jar.stream().filter(PluginArchive::isComponent).toList()) {
            if (entry.getSize() <= LARGEST_DESCRIPTION) {
                Matcher matcher = WORKER.matcher(new String(jar.getInputStream(entry).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
                while (matcher.find()) {
                    workers.add(matcher.group(1));
                }
            }
        }
        return workers;
    }

    private static boolean isComponent(JarEntry entry) {
        return entry.getName().startsWith("OSGI-INF/") && entry.getName().endsWith(".xml");
    }

    /** Tells the framework's copies apart by content, never by file name. */
    public String location() {
        return "plugin:" + id + "@" + sha256;
    }

    /** The same content in another place. */
    public PluginArchive at(Path place) {
        return new PluginArchive(id, version, sha256, size, place, headers, workers);
    }

    /** Whether it declares a worker with this instance id. */
    public boolean declares(String instance) {
        return workers.stream()
                .anyMatch(template -> instance.matches(
                        Pattern.quote(template).replace("{name}", "\\E[a-z0-9_]+\\Q")));
    }

    /**
     * @throws IOException when the file is gone
     */
    public InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    @Override
    public String toString() {
        return id + " " + version;
    }
}
