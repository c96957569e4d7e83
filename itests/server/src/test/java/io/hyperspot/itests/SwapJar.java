// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** Makes versions of the connector of itests/swap-connector. */
final class SwapJar {
    private static final Path ORIGINAL = Path.of(System.getProperty("hyperspot.swap"));

    private final Map<String, String> headers = new TreeMap<>();
    private final Set<String> without = new HashSet<>();
    private String behaviour = "";
    private String replaced = "";
    private String replacement = "";
    private String original = "";

    SwapJar(String version) {
        headers.put("Bundle-Version", version);
    }

    SwapJar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    SwapJar without(String entry) {
        without.add(entry);
        return this;
    }

    /** Lines of behaviour.properties. */
    SwapJar behaving(String... lines) {
        behaviour = String.join("\n", lines);
        return this;
    }

    /** Changes a text file. */
    SwapJar replacing(String entry, String text, String by) {
        replaced = entry;
        original = text;
        replacement = by;
        return this;
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarFile from = new JarFile(ORIGINAL.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            try (JarOutputStream to = new JarOutputStream(bytes, manifest)) {
                for (ZipEntry entry : from.stream().filter(e -> !e.isDirectory()).toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && !without.contains(entry.getName())) {
                        to.putNextEntry(new ZipEntry(entry.getName()));
                        copy(from, entry, to);
                        to.closeEntry();
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    private void copy(JarFile from, ZipEntry entry, OutputStream to) throws IOException {
        if (entry.getName().equals("META-INF/behaviour.properties")) {
            to.write(behaviour.getBytes(StandardCharsets.UTF_8));
        } else if (entry.getName().equals(replaced)) {
            try (InputStream in = from.getInputStream(entry)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                to.write(text.replace(original, replacement).getBytes(StandardCharsets.UTF_8));
            }
        } else {
            try (InputStream in = from.getInputStream(entry)) {
                in.transferTo(to);
            }
        }
    }
}
