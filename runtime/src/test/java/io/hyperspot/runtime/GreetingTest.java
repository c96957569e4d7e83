// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GreetingTest {
    private static String greeting(Home home, String... missing) {
        StringWriter text = new StringWriter();
        new Greeting(home, URI.create("http://127.0.0.1:9000")).print(new PrintWriter(text), Duration.ofMillis(1234), List.of(missing));
        return text.toString();
    }

    @Test
    void tellsWhereEverythingIsAndHowToAskTheModel(@TempDir Path dir) throws IOException {
        Home home = new Home(dir);
        home.create();
        Files.createFile(home.models().resolve("tiny.gguf"));
        Files.createFile(home.firstApiKey());
        Files.createFile(home.adminToken());

        assertThat(greeting(home))
                .contains("HyperSpot development is ready in 1.2 s\n")
                .contains("  API         http://127.0.0.1:9000/openai/v1\n")
                .contains("  Docs        http://127.0.0.1:9000/docs\n")
                .contains("  Console     http://127.0.0.1:9000/system/console\n")
                .contains("  Home        " + dir + "\n")
                .contains("  API key     " + home.firstApiKey() + "\n")
                .contains("  Admin token " + home.adminToken() + "\n")
                .contains("curl http://127.0.0.1:9000/openai/v1/chat/completions")
                .contains("$(cat '" + home.firstApiKey() + "')")
                .contains("\"model\":\"local/tiny\"")
                .doesNotContain("no chat model");
    }

    @Test
    void tellsHowToGetAModelWhenThereIsNone(@TempDir Path dir) throws IOException {
        Home home = new Home(dir);
        home.create();

        assertThat(greeting(home))
                .contains("no chat model yet:")
                .contains("'hyperspot models pull' fetches one")
                .contains(home.configFile().toString())
                .contains("/openai/v1/embeddings")
                .doesNotContain("chat/completions")
                .doesNotContain("Admin token");
    }

    @Test
    void tellsWhatIsMissing(@TempDir Path dir) {
        assertThat(greeting(new Home(dir.resolve("nothing")), "the database does not answer", "no worker"))
                .contains("runs, but is not ready after 1.2 s:\n  - the database does not answer\n  - no worker\n");
    }

    @Test
    void quotesTheHomeForAShell(@TempDir Path dir) throws IOException {
        Home home = new Home(dir.resolve("it's mine"));
        home.create();
        Files.writeString(home.firstApiKey(), "key");
        String command = greeting(home).lines().filter(line -> line.contains("$(cat ")).findFirst().orElseThrow();
        String quoted = command.substring(command.indexOf("$("), command.lastIndexOf(')') + 1);

        Process shell = new ProcessBuilder("sh", "-c", "printf %s \"" + quoted + "\"").start();

        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("key");
    }
}
