// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a plugin author does, outside this build: the commands of docs/plugin-guide.md in their order, and the example
 * project. Maven has an empty local repository; what it would download comes from this build's, our own artifacts only
 * from the distribution.
 */
@Timeout(300)
final class GuideTest {
    private static final Path ROOT = TestServer.DISTRIBUTION.resolve("../../..").normalize();
    private static final Path MAVEN = Path.of(System.getProperty("hyperspot.maven"), "bin/mvn");
    private static final Pattern COMMANDS = Pattern.compile("^```sh\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @TempDir
    static Path work;

    private static int port;
    private static @Nullable Process server;
    private static Path directory;

    @BeforeAll
    static void prepare() throws IOException {
        directory = Files.createDirectories(work.resolve("author"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path local = Path.of("target/guide-repository").toAbsolutePath();
        deleteRecursively(local.resolve("io/hyperspot"));
        Path settings = Files.writeString(work.resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <mirrors>
                    <mirror><id>build</id><mirrorOf>*,!hyperspot-sdk</mirrorOf><url>file://%s</url></mirror>
                  </mirrors>
                  <profiles>
                    <profile>
                      <id>build</id>
                      <repositories>%s</repositories>
                      <pluginRepositories>%s</pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>build</activeProfile></activeProfiles>
                </settings>
                """.formatted(
                        local,
                        System.getProperty("hyperspot.maven.repository"),
                        central("repository"),
                        central("pluginRepository")));
        Path maven = Files.createDirectories(work.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\nexec '%s' -B -ntp -s '%s' \"$@\"\n".formatted(MAVEN, settings));
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    /** Not every file of a local repository has its checksum beside it. */
    private static String central(String element) {
        return "<%1$s><id>central</id><url>https://repo.maven.apache.org/maven2</url><releases>".formatted(element)
                + "<checksumPolicy>ignore</checksumPolicy></releases></%s>".formatted(element);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.destroy();
            if (!server.waitFor(20, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void everyCommandOfTheGuideDoesWhatItSays() throws Exception {
        Matcher commands = COMMANDS.matcher(Files.readString(ROOT.resolve("docs/plugin-guide.md")));
        List<String> ran = new ArrayList<>();
        while (commands.find()) {
            String command = commands.group(1);
            ran.add(command);
            if (command.contains("hyperspot run")) {
                startServer(command);
                continue;
            }
            String output = run(command);
            if (command.contains("curl")) {
                assertThat(output).contains("acme/parrot").contains("\"Polly wants a cracker\"");
            } else if (command.contains("prefix")) {
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(run(said(ran)))
                        .contains("\"Polly says: Polly wants a cracker\""));
            } else if (command.contains("upgrade")) {
                assertThat(output).contains("acme.echo").contains("1.1.0").contains("ACTIVE");
                assertThat(run(said(ran))).contains("\"Polly says: Polly wants a cracker\"");
            } else if (command.startsWith("mvn package")) {
                assertThat(output).contains("EchoWorkerTest").contains("BUILD SUCCESS");
            }
        }
        assertThat(ran).hasSizeGreaterThanOrEqualTo(7);
        assertThat(server).isNotNull();
    }

    /** The request that was made before. */
    private static String said(List<String> ran) {
        String command = ran.stream().filter(one -> one.contains("curl")).findFirst().orElseThrow();
        return command.substring(command.indexOf("curl"));
    }

    @Test
    void theExampleIsBuiltAndCallsItsProvider() throws Exception {
        Path project = work.resolve("fable");
        copy(ROOT.resolve("examples/fable-connector"), project);
        Path sdk = TestServer.DISTRIBUTION.resolve("sdk/repository").toAbsolutePath().normalize();
        run("cd '" + project + "' && mvn -q package -Dhyperspot.sdk=file://" + sdk);

        AtomicReference<String> key = new AtomicReference<>();
        HttpServer fable = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        fable.createContext("/v2/tales", exchange -> {
            key.set(exchange.getRequestHeaders().getFirst("X-Fable-Key"));
            byte[] tale = "{\"piece\":\"Once \"}\n{\"piece\":\"upon a time\"}\n{\"end\":\"done\",\"read\":1,\"told\":2}\n"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, tale.length);
            exchange.getResponseBody().write(tale);
            exchange.close();
        });
        fable.start();
        String yaml = """
                modules:
                  fable-llm:
                    instances:
                      tales: { base_url: "http://127.0.0.1:%d/v2", api_key: once }
                """.formatted(fable.getAddress().getPort());
        try (TestServer hyperspot = TestServer.start(work.resolve("fable-home"), yaml)) {
            Files.copy(project.resolve("target/fable.llm-1.0.0.jar"), hyperspot.home.resolve("plugins/fable.jar"));
            await().atMost(Duration.ofSeconds(20)).until(() -> hyperspot.models().contains("tales/story"));
            TestServer.Answer answer =
                    hyperspot.post("/openai/v1/chat/completions", TestServer.chat("tales/story", "a tale"));
            assertThat(answer.json().at("/choices/0/message/content").asText()).isEqualTo("Once upon a time");
            assertThat(answer.json().at("/usage/completion_tokens").asInt()).isEqualTo(2);
            assertThat(key.get()).isEqualTo("once");
        } finally {
            fable.stop(0);
        }
    }

    @Test
    void theSdkNamesTheVersionsOfThisBuild() throws IOException {
        String root = Files.readString(ROOT.resolve("pom.xml"));
        String version = versions(root).getOrDefault("hyperspot", "");
        Map<String, String> ours = versions(root);
        Map<String, String> bom = versions(Files.readString(ROOT.resolve("plugin-sdk/bom/pom.xml")));
        assertThat(bom.remove("io.hyperspot.plugin.sdk.bom")).isEqualTo(version);
        bom.forEach((artifact, stated) -> assertThat(stated).as(artifact).isEqualTo(ours.get(artifact)));
        try (Stream<Path> contracts = Files.list(ROOT.resolve("api-bundles"))) {
            for (Path contract : contracts.map(folder -> folder.resolve("pom.xml")).filter(Files::exists).toList()) {
                assertThat(bom).containsKey(artifact(Files.readString(contract)));
            }
        }
        for (String project : List.of("plugin-sdk/template/pom.xml", "examples/fable-connector/pom.xml")) {
            String pom = Files.readString(ROOT.resolve(project));
            assertThat(pom).contains("<hyperspot.version>" + version + "</hyperspot.version>");
            Map<String, String> plugins = versions(pom.substring(pom.indexOf("<build>")));
            assertThat(plugins).hasSizeGreaterThan(4);
            assertThat(plugins.remove("io.hyperspot.gts.bnd")).isEqualTo("${hyperspot.version}");
            plugins.forEach((plugin, stated) -> assertThat(stated).as(plugin).isEqualTo(ours.get(plugin)));
        }
    }

    private static String artifact(String pom) {
        Matcher matcher = Pattern.compile("</parent>\\s*<artifactId>([^<]+)").matcher(pom);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    /** Every artifact with a version, its properties replaced. */
    private static Map<String, String> versions(String pom) {
        Map<String, String> versions = new HashMap<>();
        Matcher matcher = Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>").matcher(pom);
        while (matcher.find()) {
            versions.putIfAbsent(matcher.group(1), matcher.group(2));
        }
        // the bom of JUnit, of which one artifact is enough here
        String junit = versions.get("junit-bom");
        if (junit != null) {
            versions.put("junit-jupiter", junit);
        }
        String own = versions.getOrDefault("hyperspot", versions.getOrDefault("io.hyperspot.plugin.sdk.bom", ""));
        versions.replaceAll((artifact, version) -> {
            if (version.equals("${project.version}")) {
                return own;
            }
            Matcher property = Pattern.compile("\\$\\{([^}]+)}").matcher(version);
            if (!property.matches()) {
                return version;
            }
            String name = property.group(1);
            int at = pom.indexOf("<" + name + ">");
            return at < 0 ? version : pom.substring(at + name.length() + 2, pom.indexOf("</" + name + ">"));
        });
        return versions;
    }

    private static ProcessBuilder shell(String commands) throws IOException {
        Path script = Files.createTempFile(work, "commands", ".sh");
        // the folder that a command leaves is where the next one begins
        Files.writeString(
                script,
                "set -eu\ncd '%s'\n%s\npwd >'%s'\n"
                        .formatted(
                                directory, commands.replace("127.0.0.1:8087", "127.0.0.1:" + port), work.resolve("where")));
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAVEN_"));
        environment.put("HOME", work.toString());
        environment.put("PATH", work.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        environment.put("HYPERSPOT", TestServer.DISTRIBUTION.toAbsolutePath().normalize().toString());
        environment.put("HYPERSPOT_HOME", work.resolve(".hyperspot").toString());
        environment.put("HYPERSPOT_NO_CACHE", "1");
        environment.put("HYPERSPOT_MODULES__WEB__PORT", String.valueOf(port));
        return builder;
    }

    private static String run(String commands) throws Exception {
        Path log = Files.createTempFile(work, "output", ".log");
        Process process = shell(commands).redirectOutput(log.toFile()).start();
        boolean ended = process.waitFor(180, TimeUnit.SECONDS);
        String output = Files.readString(log);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("this does not end: " + commands + "\n" + output);
        }
        assertThat(process.exitValue()).as("%s\n%s", commands, output).isZero();
        if (!commands.startsWith("cd ")) {
            directory = Path.of(Files.readString(work.resolve("where")).strip());
        }
        return output;
    }

    private static void startServer(String command) throws Exception {
        Path log = Files.createTempFile(work, "server", ".log");
        Process process = shell("exec " + command.strip()).redirectOutput(log.toFile()).start();
        server = process;
        await().atMost(Duration.ofSeconds(90)).until(() -> Files.readString(log).contains("Try it:") || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!from.relativize(file).startsWith("target")) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void deleteRecursively(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
