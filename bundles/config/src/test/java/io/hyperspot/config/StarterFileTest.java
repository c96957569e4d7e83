// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterFileTest {
    @TempDir
    Path home;

    @Test
    void writesAFileThatLoadsAndNeverOverwritesOne() throws Exception {
        Path file = home.resolve("config/hyperspot.yaml");
        StarterFile.createIfMissing(file, false);
        ConfigLoader loader = new ConfigLoader(Schemas.all(), Map.of(), Map.of());
        assertThat(loader.load(file).singletons()).isEmpty();
        assertThat(Files.readString(file)).contains("${env:OPENAI_API_KEY}");
        Files.writeString(file, "mine");
        StarterFile.createIfMissing(file, false);
        assertThat(file).hasContent("mine");
    }

    @Test
    void leavesAFileAloneThatTheOperatorNamed() throws Exception {
        Path file = home.resolve("other.yaml");
        StarterFile.createIfMissing(file, true);
        assertThat(file).doesNotExist();
    }
}
