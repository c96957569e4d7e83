// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say is so. */
final class DocumentationTest {
    private static final Path ROOT = TestServer.DISTRIBUTION.resolve("../../..").normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

    @TempDir
    Path home;

    @Test
    void theConfigurationReferenceIsOfTheseBundles() throws Exception {
        assertThat(HyperSpotProcess.run(home, "config", "reference").out())
                .as("write it anew: ./hyperspot config reference > config/hyperspot.yaml")
                .isEqualTo(Files.readString(ROOT.resolve("config/hyperspot.yaml")));
        assertThat(HyperSpotProcess.run(home, "config", "reference", "--markdown").out())
                .as("write it anew: ./hyperspot config reference --markdown > docs/configuration.md")
                .isEqualTo(Files.readString(ROOT.resolve("docs/configuration.md")));
    }

    @Test
    void theDefaultConfigurationIsTaken() throws Exception {
        HyperSpotProcess.Result check =
                HyperSpotProcess.run(home, "config", "check", "--config", ROOT.resolve("config/hyperspot.yaml").toString());
        assertThat(check.err()).isEmpty();
        assertThat(check.exitCode()).isZero();
    }

    @Test
    void thePluginGuideShowsTheConnectorThatTheTestsUse() throws IOException {
        // itests/echo-connector is made of these files, and new-plugin's project
        Path template = ROOT.resolve("plugin-sdk/template/src");
        String worker = Files.readString(template.resolve("main/java/acme/echo/EchoWorker.java"));
        String test = Files.readString(template.resolve("test/java/acme/echo/EchoWorkerTest.java"));
        assertThat(Files.readString(ROOT.resolve("docs/plugin-guide.md")))
                .contains(worker.substring(worker.indexOf("/** Answers")).strip())
                .contains(test.substring(test.indexOf("final class")).strip());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        assertThat(documents).hasSizeGreaterThan(8);
        for (Path document : documents) {
            Matcher links = LINK.matcher(Files.readString(document));
            while (links.find()) {
                assertThat(document.resolveSibling(links.group(1)))
                        .as("%s in %s", links.group(1), ROOT.relativize(document))
                        .exists();
            }
        }
    }
}
