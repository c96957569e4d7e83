// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    /** Each command with the words that lead to it. */
    static Stream<List<String>> commands() {
        List<List<String>> found = new ArrayList<>();
        collect(Main.commandLine(), List.of(), found);
        return found.stream();
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> into) {
        into.add(words);
        command.getSubcommands().forEach((name, sub) -> {
            // an alias explains itself by its command's name
            if (name.equals(sub.getCommandName())) {
                List<String> deeper = new ArrayList<>(words);
                deeper.add(name);
                collect(sub, deeper, into);
            }
        });
    }

    private static String[] with(List<String> words, String... more) {
        return Stream.concat(words.stream(), Arrays.stream(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void explainsItself(List<String> command) {
        Cli help = Cli.run(with(command, "--help"));

        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: " + String.join(" ", with(List.of("hyperspot"), command.toArray(String[]::new))));
        assertThat(help.out().lines().count()).isGreaterThan(2);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void refusesAnOptionThatItDoesNotHave(List<String> command) {
        // picocli's own
        assumeFalse(List.of(List.of("help"), List.of("generate-completion")).contains(command));

        Cli wrong = Cli.run(with(command, "--nonsense"));

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err()).containsAnyOf("Unknown option: '--nonsense'", "Missing required parameter").doesNotContain("\tat ");
    }

    @Test
    void guessesTheCommandThatWasMeant() {
        Cli wrong = Cli.run("model");

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("'model'").contains("Did you mean: hyperspot models");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keys", "models", "plugins", "config", "keys create", "keys revoke", "run --port many"})
    void sharesHowToUseItWhenWordsAreMissingOrWrong(String words) {
        Cli wrong = Cli.run(words.isEmpty() ? new String[0] : words.split(" "));

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("Usage: hyperspot").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "plugins list",
                "keys list",
                "keys create laptop",
                "keys revoke 7",
                "users list",
                "users create anna",
                "users disable 7",
                "models pull no-such-model",
                "models pull /nowhere/x.gguf",
                "doctor",
                "run --no-model",
                "config check",
                "config show"
            })
    void saysInOneLineWhatFailed(String words, @TempDir Path dir) {
        Cli failed = Cli.run(with(List.of(words.split(" ")), "--home", dir.resolve("home").toString()));

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err().lines()).singleElement().asString().startsWith("hyperspot: ");
        assertThat(failed.err()).doesNotContain("Exception").doesNotContain("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --no-model", "models pull"})
    void saysInOneLineThatTheHomeCannotBeUsed(String words, @TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");

        Cli failed = Cli.run(with(List.of(words.split(" ")), "--home", file.toString()));

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err().lines()).singleElement().asString().startsWith("hyperspot: cannot use " + file + " as home: ");
    }

    @Test
    void listsLocalModelsWithoutAServer(@TempDir Path dir) throws IOException {
        Home home = new Home(dir);
        assertThat(Cli.run("models", "list", "--home", dir.toString()).out()).contains("no models yet");
        home.create();
        Files.write(home.models().resolve("tiny.gguf"), new byte[2_000_000]);
        Files.write(home.models().resolve("half.gguf.part"), new byte[1]);

        Cli list = Cli.run("models", "list", "--home", dir.toString());

        assertThat(list.code()).isZero();
        assertThat(list.out()).isEqualTo("local/tiny  2 MB\n");
    }

    @Test
    void pullsAModelFromAPath(@TempDir Path dir) throws IOException {
        Path model = Files.write(dir.resolve("tiny.gguf"), new byte[] {1, 2, 3});

        Cli pulled = Cli.run("models", "pull", model.toString(), "--home", dir.resolve("home").toString());

        assertThat(pulled.code()).isZero();
        assertThat(pulled.out()).contains("fetched " + dir.resolve("home/models/tiny.gguf"));
    }

    @Test
    void tellsItsVersions() {
        for (String word : List.of("version", "--version")) {
            Cli version = Cli.run(word);
            assertThat(version.code()).isZero();
            assertThat(version.out()).contains("HyperSpot development", "Java " + Runtime.version());
        }
    }

    @Test
    void checksTheConfigurationOfADistribution(@TempDir Path dir) throws IOException {
        new TinyDistribution(dir.resolve("dist"));
        System.setProperty(Installation.PROPERTY, dir.resolve("dist").toString());
        try {
            Path good = Files.writeString(dir.resolve("good.yaml"), "modules: {}\n");
            Path bad = Files.writeString(dir.resolve("bad.yaml"), "modules: [\n");
            String home = dir.resolve("home").toString();

            Cli fine = Cli.run("config", "check", "--home", home, "--config", good.toString());
            Cli refused = Cli.run("config", "check", "--home", home, "--config", bad.toString());

            assertThat(fine.code()).isZero();
            assertThat(fine.out()).contains(good + " is fine");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).startsWith("hyperspot: the configuration would be refused:").contains("bad.yaml");
            assertThat(Cli.run("config", "reference").code()).isZero();
            assertThat(Cli.run("config", "reference", "--markdown").code()).isZero();
            assertThat(Cli.run("config", "show", "--home", home, "--config", good.toString()).code()).isZero();
        } finally {
            System.clearProperty(Installation.PROPERTY);
        }
    }

    @Test
    void findsWhatKeepsAServerFromStarting(@TempDir Path dir) throws IOException {
        new TinyDistribution(dir.resolve("dist"));
        System.setProperty(Installation.PROPERTY, dir.resolve("dist").toString());
        try {
            Path file = Files.writeString(dir.resolve("file"), "");
            Home home = new Home(dir.resolve("home"));
            home.create();
            Files.writeString(home.configFile(), "modules: [");

            Cli unusable = Cli.run("doctor", "--home", file.toString());
            Cli misconfigured = Cli.run("doctor", "--home", home.root().toString());

            assertThat(unusable.code()).isEqualTo(1);
            assertThat(unusable.out()).contains("ok    Java").contains("FAIL  cannot use " + file + " as home");
            assertThat(misconfigured.code()).isEqualTo(1);
            assertThat(misconfigured.out())
                    .contains("FAIL  the configuration would be refused:")
                    .contains("-> mend the file; 'hyperspot config reference' lists the keys")
                    .contains("note  no local chat model");
        } finally {
            System.clearProperty(Installation.PROPERTY);
        }
    }

    @Test
    void completesItsCommandsInAShell(@TempDir Path dir) throws Exception {
        Cli script = Cli.run("generate-completion");
        assertThat(script.code()).isZero();
        Path file = Files.writeString(dir.resolve("completion.bash"), script.out());

        assertThat(complete(file, "ke", 1)).isEqualTo("keys");
        assertThat(complete(file, "keys re", 2)).isEqualTo("revoke");
        assertThat(complete(file, "run --ho", 2)).contains("--home");
    }

    private static String complete(Path script, String words, int index) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(hyperspot " + words + "); COMP_CWORD=" + index
                                + "; _complete_hyperspot; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(bash.waitFor()).isZero();
        return output;
    }
}
