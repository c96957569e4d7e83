// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String SECRET = "s3cr3t-value";

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> overrides = new HashMap<>();

    private ConfigLoader loader() {
        return new ConfigLoader(Schemas.all(), environment, overrides);
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("hyperspot.yaml"), yaml);
    }

    private Map<String, Object> web(String yaml) throws Exception {
        return Objects.requireNonNull(loader().load(file(yaml)).singletons().getOrDefault("web", Map.of()));
    }

    private List<String> problems(String yaml) throws Exception {
        Path file = file(yaml);
        try {
            Configurations loaded = loader().load(file);
            throw new AssertionError("loaded: " + loaded);
        } catch (ConfigException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
            return e.problems().stream()
                    .map(problem -> problem.toString().replace(file.toString(), "F"))
                    .toList();
        }
    }

    @Test
    void leavesAReferenceToASecretToWhoUsesIt() throws Exception {
        assertThat(web("modules:\n  web: {password: '${secret:web-password}'}\n").values())
                .contains("${secret:web-password}");
        assertThat(problems("modules:\n  web: {password: 'a${secret:x}'}\n").getFirst()).contains("alone");
        assertThat(problems("modules:\n  web: {host: '${secret:x}'}\n").getFirst()).contains("only keys of type secret");
        assertThat(problems("modules:\n  web: {password: '${secret:../x}'}\n").getFirst()).contains("is no reference");
    }

    @Test
    void convertsEveryTypeAsTheModuleWantsIt() throws Exception {
        Map<String, Object> web = web("""
                modules:
                  web:
                    host: 0.0.0.0
                    port: 9000
                    max_body_bytes: 5000000000
                    ratio: 0.25
                    compression: false
                    origins: [https://a, "https://b,c"]
                    ports: [1, 2]
                    level: DEBUG
                    password: 007
                """);
        assertThat(web)
                .containsEntry("host", "0.0.0.0")
                .containsEntry("port", 9000)
                .containsEntry("max_body_bytes", 5_000_000_000L)
                .containsEntry("ratio", 0.25)
                .containsEntry("compression", false)
                .containsEntry("origins", new String[] {"https://a", "https://b,c"})
                .containsEntry("ports", new String[] {"1", "2"})
                .containsEntry("level", "DEBUG")
                .containsEntry("password", "007");
    }

    @Test
    void namesTheInstancesOfAFactory() throws Exception {
        Configurations loaded = loader().load(file("""
                modules:
                  llm-openai:
                    instances:
                      one: { base_url: "http://a" }
                      two.b_c-3: { base_url: "http://b", api_key: "%s" }
                """.formatted(SECRET)));
        assertThat(loaded.instances().get("llm-openai"))
                .containsEntry("one", Map.of("base_url", "http://a", "instance.name", "one"))
                .containsEntry("two.b_c-3", Map.of("base_url", "http://b", "api_key", SECRET, "instance.name", "two.b_c-3"));
        assertThat(loaded.toString()).doesNotContain(SECRET);
    }

    @Test
    void takesAnEmptyOrAbsentFile() throws Exception {
        assertThat(web("")).isEmpty();
        assertThat(web("# only a comment\n")).isEmpty();
        assertThat(web("modules:\n")).isEmpty();
        assertThat(loader().load(folder.resolve("none.yaml")).singletons()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot: 1                 | F:3: modules.web.prot: unknown key; did you mean 'port'?",
                "something_else: 1       | F:3: modules.web.something_else: unknown key; keys here: host, port",
                "port: '\"x\"'           | F:3: modules.web.port: takes a whole number between 0 and 65535",
                "port: 1.5               | F:3: modules.web.port: takes a whole number between 0 and 65535",
                "port: 65536             | F:3: modules.web.port: takes a whole number between 0 and 65535",
                "port: -1                | F:3: modules.web.port: takes a whole number between 0 and 65535",
                "port: 99999999999       | F:3: modules.web.port: takes a whole number between 0 and 65535",
                "port: [1]               | F:3: modules.web.port: takes one value, a whole number",
                "port:                   | F:3: modules.web.port: takes one value, a whole number",
                "port: {a: 1}            | F:3: modules.web.port: takes one value, a whole number",
                "max_body_bytes: 0       | F:3: modules.web.max_body_bytes: takes a whole number of at least 1",
                "ratio: much             | F:3: modules.web.ratio: takes a number of at most 1",
                "ratio: 1.1              | F:3: modules.web.ratio: takes a number of at most 1",
                "ratio: NaN              | F:3: modules.web.ratio: takes a number of at most 1",
                "compression: yes        | F:3: modules.web.compression: takes true or false",
                "level: LOUD             | F:3: modules.web.level: takes one of INFO, DEBUG",
                "origins: a              | F:3: modules.web.origins: takes a list, for example [a, b]",
                "origins: [[a]]          | F:3: modules.web.origins: takes a list of plain values",
                "ports: [x]              | F:3: modules.web.ports: takes a whole number",
            })
    void saysInWhichLineWhatIsWrong(String line, String problem) throws Exception {
        assertThat(problems("modules:\n  web:\n    " + line + "\n"))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "module: {}                                    | F:1: module: unknown key; everything stands below 'modules'",
                "modules: {webb: {}}                           | F:1: modules.webb: there is no such module; did you mean 'web'?",
                "modules: 5                                    | F:1: modules: takes a mapping of keys",
                "modules: {web: [a]}                           | F:1: modules.web: takes a mapping of keys",
                "modules: {llm-openai: {base_url: x}}          | F:1: modules.llm-openai.base_url: unknown key; this module takes only",
                "modules: {llm-openai: {instances: [a]}}       | F:1: modules.llm-openai.instances: takes a mapping",
                "modules: {llm-openai: {instances: {A: {base_url: x}}}} | F:1: modules.llm-openai.instances.A: a name is made of",
                "modules: {llm-openai: {instances: {a: {}}}}   | F:1: modules.llm-openai.instances.a.base_url: is required: Where",
                "modules: {web: {port: 1, port: 2}}            | F:1: modules.web.port: the key stands twice",
                "[a]                                           | F:1: the file must be a mapping",
                "text                                          | F:1: the file must be a mapping",
                "modules: {web: {host: '${HOME}'}}             | F:1: modules.web.host: '${HOME}' is no reference; write",
                "modules: {web: {host: '${env:NOT_SET}'}}      | F:1: modules.web.host: the environment variable NOT_SET is not set",
                "modules: {web: {host: '${file:/no/such}'}}    | F:1: modules.web.host: the file /no/such does not exist",
                "modules: {web: {host: '${file:/proc}'}}       | F:1: modules.web.host: the file /proc cannot be read",
                "modules: {web: {host: \"${file:a\\0b}\"}}     | F:1: modules.web.host: the file",
                "modules: {web: {host: x                       | F:2: not valid YAML",
                "modules: {web: {host: @x}}                    | F:1: not valid YAML",
                "modules: &a {web: *a}                         | F: not valid YAML",
            },
            quoteCharacter = '`')
    void refusesTheFile(String yaml, String problem) throws Exception {
        assertThat(problems(yaml + "\n")).singleElement().asString().startsWith(problem);
    }

    @Test
    void refusesTabsWithTheirLine() throws Exception {
        assertThat(problems("modules:\n  web:\n\tport: 1\n")).singleElement().asString().startsWith("F:3: not valid YAML");
    }

    @Test
    void tellsAllProblemsAtOnce() throws Exception {
        assertThat(problems("modules:\n  web:\n    prot: 1\n    compression: 7\nother: 1\n"))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("F:3: "))
                .anyMatch(line -> line.startsWith("F:4: "))
                .anyMatch(line -> line.startsWith("F:5: "));
    }

    @Test
    void refusesAliasesThatWouldExplode() throws Exception {
        StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c < 'k'; c++) {
            String before = "*" + (char) (c - 1);
            bomb.append(c).append(": &").append(c).append(" [").append(String.join(",", List.of(before, before, before, before)))
                    .append("]\n");
        }
        assertThat(problems(bomb.toString())).singleElement().asString().contains("not valid YAML").contains("liases");
        assertThat(problems("modules: " + "[".repeat(200) + "]".repeat(200))).singleElement().asString().contains("not valid YAML");
        assertThat(problems("modules: {web: {host: \"" + "x".repeat(1_100_000) + "\"}}"))
                .singleElement().asString().contains("not valid YAML").hasSizeLessThan(300);
    }

    @Test
    void refusesAFileThatIsNotUtf8() throws Exception {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, "modules: {} # größe".getBytes(StandardCharsets.ISO_8859_1));
        org.assertj.core.api.Assertions.assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> loader().load(file))
                .withMessageContaining("UTF-8");
    }

    @Test
    void showsNoSecretInAnyMessage() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), SECRET + "\n");
        environment.put("KEY", SECRET);
        assertThat(problems("modules:\n  web:\n    password: [\"" + SECRET + "\"]\n    port: ${env:KEY}\n    level: ${file:"
                        + key + "}\n    prot: " + SECRET + "\n"))
                .hasSize(4);
    }

    @Test
    void resolvesReferences() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "\n " + SECRET + " \n");
        environment.put("NAME", "n");
        Map<String, Object> web = web("modules:\n  web:\n    password: ${file:" + key + "}\n    host: \"a-${env:NAME}-${env:NONE:-x:y}${\"\n"
                + "    port: ${env:PORT:-81}\n    origins: ['${env:NAME}']\n");
        assertThat(web)
                .containsEntry("password", SECRET)
                .containsEntry("host", "a-n-x:y${")
                .containsEntry("port", 81)
                .containsEntry("origins", new String[] {"n"});
    }

    @Test
    void letsTheEnvironmentOverrideTheFileAndTheCommandLineBoth() throws Exception {
        environment.put("HYPERSPOT_MODULES__WEB__PORT", "2");
        environment.put("HYPERSPOT_MODULES__WEB__MAX_BODY_BYTES", "22");
        environment.put("HYPERSPOT_MODULES__WEB__ORIGINS", "a, b");
        environment.put("HYPERSPOT_MODULES__WEB__PORTS", "");
        environment.put("HYPERSPOT_MODULES__LLM_OPENAI__INSTANCES__ONE__API_KEY", SECRET);
        environment.put("HYPERSPOT_MODULES__LLM_OPENAI__INSTANCES__TWO__BASE_URL", "http://two");
        environment.put("HYPERSPOT_HOME", "unrelated");
        overrides.put("modules.web.port", "3");
        Configurations loaded = loader().load(file("""
                modules:
                  web: { port: 1, host: h }
                  llm-openai: { instances: { one: { base_url: "http://one" } } }
                """));
        assertThat(loaded.singletons().get("web"))
                .containsEntry("port", 3)
                .containsEntry("host", "h")
                .containsEntry("max_body_bytes", 22L)
                .containsEntry("origins", new String[] {"a", "b"})
                .containsEntry("ports", new String[0]);
        assertThat(loaded.instances().get("llm-openai"))
                .containsEntry("one", Map.of("base_url", "http://one", "api_key", SECRET, "instance.name", "one"))
                .containsEntry("two", Map.of("base_url", "http://two", "instance.name", "two"));
    }

    @Test
    void namesTheVariableThatIsWrong() throws Exception {
        environment.put("HYPERSPOT_MODULES__WEB__PORT", SECRET);
        environment.put("HYPERSPOT_MODULES__WEB__PROT", SECRET);
        environment.put("HYPERSPOT_MODULES____", "x");
        environment.put("HYPERSPOT_MODULES____PORT", "x");
        assertThat(problems("")).hasSize(4)
                .anyMatch(line -> line.startsWith("HYPERSPOT_MODULES__WEB__PORT: modules.web.port: takes a whole number"))
                .anyMatch(line -> line.startsWith("HYPERSPOT_MODULES__WEB__PROT: modules.web.prot: unknown key; did you mean 'port'"))
                .filteredOn(line -> line.contains("a name has the form"))
                .hasSize(2);
    }

    @Test
    void namesTheCommandLineAsTheSource() throws Exception {
        overrides.put("modules.web.port", "x");
        assertThat(problems("")).singleElement().asString().startsWith("command line: modules.web.port: takes");
    }

    @Test
    void warnsOfAModuleThatMayStillCome() throws Exception {
        ConfigLoader loader = loader();
        assertThat(loader.load(file("modules:\n  payments: {a: 1}\n")).singletons()).isEmpty();
        assertThat(loader.warnings()).singleElement().asString()
                .contains(":2: modules.payments:").contains("llm-openai, web");
        loader.load(file("modules: {}"));
        assertThat(loader.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prot", "prto", "Port", "pport", "por"})
    void guessesWhatWasMeant(String typo) {
        assertThat(Nearest.to(typo, List.of("host", "port", "compression"))).contains("port");
    }

    @Test
    void guessesNothingFarFetched() {
        assertThat(Nearest.to("authentication", List.of("host", "port"))).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }
}
