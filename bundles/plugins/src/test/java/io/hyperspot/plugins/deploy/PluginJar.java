// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** Makes plugin JARs. */
final class PluginJar {
    private final Map<String, String> headers = new TreeMap<>();
    private final Map<String, String> entries = new TreeMap<>();
    private @org.jspecify.annotations.Nullable Class<?> activator;

    PluginJar(String id, String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", id);
        headers.put("Bundle-Version", version);
    }

    PluginJar with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** Adds a text file. */
    PluginJar containing(String name, String text) {
        entries.put(name, text);
        return this;
    }

    PluginJar activatedBy(Class<?> type) {
        activator = type;
        return with("Bundle-Activator", type.getName()).with("Import-Package", "org.osgi.framework");
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            jar.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            StringBuilder manifest = new StringBuilder("Manifest-Version: 1.0\n");
            headers.forEach((name, value) -> manifest.append(name).append(": ").append(value).append('\n'));
            jar.write(manifest.append('\n').toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            jar.closeEntry();
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                jar.closeEntry();
            }
            if (activator != null) {
                String path = activator.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new ZipEntry(path));
                try (InputStream in = activator.getClassLoader().getResourceAsStream(path)) {
                    Objects.requireNonNull(in).transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
