// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.archive;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
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
    /** Of a manifest; signed JARs have a section for each entry. */
    static final int LARGEST_MANIFEST = 8 << 20;

    /** Of all component descriptions together. */
    private static final long LARGEST_DESCRIPTIONS = 16L << 20;

    private static final int MOST_WORKERS = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    public PluginArchive {
        headers = Map.copyOf(headers);
        workers = List.copyOf(workers);
    }

    /**
     * Reads a file that does not change.
     *
     * @throws IOException when the file cannot be read now
     */
    public static PluginArchive read(Path file) throws IOException, UnusableException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return read(file, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads a file that does not change.
     *
     * @param sha256 of its bytes
     * @throws IOException when the file cannot be read now
     */
    public static PluginArchive read(Path file, String sha256) throws IOException, UnusableException {
        // signatures are checked later: that would read the manifest without a limit
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            Attributes headers = manifest(jar).getMainAttributes();
            return new PluginArchive(
                    name(headers),
                    version(headers.getValue(Constants.BUNDLE_VERSION)),
                    sha256,
                    Files.size(file),
                    file,
                    text(headers),
                    workers(jar));
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableException(
                    "it is not a readable JAR (" + e.getMessage() + "): it is truncated or damaged; copy it again", e);
        }
    }

    private static Manifest manifest(JarFile jar) throws IOException, UnusableException {
        JarEntry entry = jar.getJarEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            throw new UnusableException("it is a ZIP file without META-INF/MANIFEST.MF: not a plugin");
        }
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_MANIFEST + 1);
            if (bytes.length > LARGEST_MANIFEST) {
                throw new UnusableException("its manifest has more than " + (LARGEST_MANIFEST >> 20) + " MB");
            }
            return new Manifest(new ByteArrayInputStream(bytes));
        }
    }

    private static String name(Attributes headers) throws UnusableException {
        String host = headers.getValue(Constants.FRAGMENT_HOST);
        if (host != null) {
            throw new UnusableException(host.strip().startsWith(Constants.SYSTEM_BUNDLE_SYMBOLICNAME)
                    ? "it extends the framework itself, which a plugin may not; a plugin must be a bundle of its own"
                    : "it is a fragment; a plugin must be a bundle of its own");
        }
        String header = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (header == null || header.isBlank()) {
            throw new UnusableException("it is a JAR, but no plugin: its manifest has no Bundle-SymbolicName. "
                    + "Build it with bnd-maven-plugin, as docs/plugin-guide.md shows");
        }
        String name = header.split(";", 2)[0].strip();
        // it becomes the name of a file
        if (name.length() > 200 || !NAME.matcher(name).matches()) {
            throw new UnusableException("its Bundle-SymbolicName is '" + (name.length() > 200 ? name.substring(0, 200) : name)
                    + "'; write it as letters, digits, dots, dashes and underscores, for example com.acme.search");
        }
        return name;
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
                .collect(Collectors.toMap(
                        header -> header.getKey().toString(), header -> String.valueOf(header.getValue())));
    }

    private static List<String> workers(JarFile jar) throws IOException, UnusableException {
        List<String> workers = new ArrayList<>();
        long read = 0;
        for (JarEntry entry : jar.stream().filter(PluginArchive::isComponent).toList()) {
            byte[] document;
            try (InputStream in = jar.getInputStream(entry)) {
                document = in.readNBytes(ComponentDescription.LARGEST + 1);
            }
            read += document.length;
            if (read > LARGEST_DESCRIPTIONS || workers.size() > MOST_WORKERS) {
                throw new UnusableException("its component descriptions have more than " + (LARGEST_DESCRIPTIONS >> 20)
                        + " MB, or more than " + MOST_WORKERS + " workers");
            }
            if (document.length <= ComponentDescription.LARGEST) {
                workers.addAll(workers(document));
            }
        }
        return workers;
    }

    private static List<String> workers(byte[] document) {
        try {
            return ComponentDescription.read(document).stream()
                    .map(ComponentDescription::instance)
                    .filter(instance -> !instance.isEmpty())
                    .toList();
        } catch (XMLStreamException e) {
            // the preflight tells
            return List.of();
        }
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
