// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bundles of the distribution that bring GTS types or workers were built with the plugin of plugin-sdk/gts-bnd. */
final class GtsMetadataTest {
    private static final Path BUNDLES = Path.of(System.getProperty("hyperspot.distribution"), "bundles");

    @Test
    void bundlesSayWhatTypesAndWorkersTheyBring() throws IOException {
        int types = 0;
        int workers = 0;
        try (Stream<Path> files = Files.list(BUNDLES)) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".jar")).toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    List<JarEntry> entries = jar.stream().toList();
                    String provided = String.valueOf(jar.getManifest().getMainAttributes().getValue("Provide-Capability"));
                    if (entries.stream().anyMatch(e -> e.getName().matches("META-INF/gts/.*\\.schema\\.json"))) {
                        types++;
                        assertThat(provided).as(file.toString()).contains("gts.type;chain:");
                    }
                    for (JarEntry entry : entries) {
                        String description = entry.getName().matches("OSGI-INF/[^/]+\\.xml") ? text(jar, entry) : "";
                        if (description.contains("name=\"gts.instance\"")) {
                            workers++;
                            assertThat(provided).as(file.toString()).contains("gts.worker;");
                            assertThat(description)
                                    .as(file + " " + entry)
                                    .contains("name=\"gts.type.exact\"", "name=\"gts.ver.minor\"", "name=\"service.ranking\"");
                        }
                    }
                }
            }
        }
        assertThat(types).isGreaterThanOrEqualTo(3);
        assertThat(workers).isGreaterThanOrEqualTo(3);
    }

    private static String text(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
