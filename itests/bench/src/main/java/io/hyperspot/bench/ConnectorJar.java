// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Makes versions of the connector acme.swap.
 *
 * @param original its JAR
 */
record ConnectorJar(Path original) {
    private static final String BEHAVIOUR = "META-INF/behaviour.properties";

    /**
     * The same connector with another version.
     *
     * @param behaviour lines of its behaviour.properties
     * @return a file that is deleted at the end of the process
     */
    Path version(String version, String... behaviour) throws IOException {
        Path copy = Files.createTempFile("acme.swap-" + version, ".jar");
        copy.toFile().deleteOnExit();
        try (JarFile from = new JarFile(original.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (OutputStream out = Files.newOutputStream(copy);
                    JarOutputStream to = new JarOutputStream(out, manifest)) {
                for (ZipEntry entry : from.stream().filter(ConnectorJar::isContent).toList()) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    if (entry.getName().equals(BEHAVIOUR)) {
                        to.write(String.join("\n", behaviour).getBytes(StandardCharsets.UTF_8));
                    } else {
                        try (InputStream in = from.getInputStream(entry)) {
                            in.transferTo(to);
                        }
                    }
                    to.closeEntry();
                }
            }
        }
        return copy;
    }

    private static boolean isContent(ZipEntry entry) {
        return !entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME);
    }
}
