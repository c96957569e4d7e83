// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration file that a new home starts with. */
final class StarterFile {
    private static final String TEXT = """
            # HyperSpot configuration. Every key with its default: docs/configuration.md.
            # A change takes effect when the file is saved; an invalid one changes nothing and is logged.
            #
            # modules:
            #   llm-openai:
            #     instances:
            #       openai: { base_url: "https://api.openai.com/v1", api_key: "${env:OPENAI_API_KEY}" }
            modules: {}
            """;

    private StarterFile() {}

    static void createIfMissing(Path file, boolean explicit) throws IOException {
        if (!explicit && !Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, TEXT);
        }
    }
}
