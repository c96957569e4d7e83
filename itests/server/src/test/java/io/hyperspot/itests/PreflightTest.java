// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plugin is checked without a server and with one; both say the same. */
final class PreflightTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path home;

    static Stream<Path> connectors() throws IOException {
        try (Stream<Path> bundles = Files.list(TestServer.DISTRIBUTION.resolve("bundles"))) {
            return Stream.concat(
                    Stream.of(PluginDropTest.ECHO),
                    bundles
                            .filter(file -> file.getFileName().toString().matches("io\\.hyperspot\\.(llm|embeddings)\\.(?!api|gateway).*"))
                            .sorted()
                            .toList()
                            .stream());
        }
    }

    private static JsonNode check(Path home, Path jar) throws Exception {
        HyperSpotProcess.Result result = HyperSpotProcess.run(home, "plugins", "check", "--json", jar.toString());
        assertThat(result.err()).isEmpty();
        return JSON.readTree(result.out());
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void findsNothingWrongWithAConnectorOfOurs(Path jar) throws Exception {
        JsonNode report = check(home, jar);

        assertThat(report.path("accepted").asBoolean()).isTrue();
        assertThat(report.path("text").asText()).doesNotContain("Warning");
    }

    private static JsonNode upload(TestServer server, byte[] jar) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/plugins/v1/preflight"))
                .header("Authorization", "Bearer " + server.firstKey())
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofByteArray(jar))
                .build();
        return server.send(request).json();
    }

    @Test
    void saysTheSameWithAServerAndWithout() throws Exception {
        byte[] newer = new SwapJar("9.0.0")
                .header("Import-Package", "io.hyperspot.llm;version=\"[1.99,2)\",com.acme.gone,java.lang")
                .bytes();
        Path jar = Files.write(home.resolve("newer.jar"), newer);
        try (TestServer server = TestServer.start(Files.createDirectories(home.resolve("home")), "modules: {}\n")) {
            JsonNode offline = check(home.resolve("empty"), jar);
            JsonNode online = upload(server, newer);

            assertThat(offline.path("accepted").asBoolean()).isFalse();
            assertThat(offline.path("text").asText())
                    .contains("Needs    package io.hyperspot.llm, version 1.99.0 or newer but below 2.0.0")
                    .contains("Code     API_TOO_OLD")
                    .contains("Needs    package com.acme.gone\n  Present  no bundle exports this package");
            assertThat(online.path("text").asText()).isEqualTo(offline.path("text").asText());
            assertThat(online.path("id")).isEqualTo(offline.path("id"));
            assertThat(server.get("/plugins/v1/plugins").json().path("items")).isEmpty();
        }
    }

    /** The connector of the distribution, as if its next version had one more key without a default. */
    private static byte[] withANewKey(Path connector) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarFile from = new JarFile(connector.toFile());
                JarOutputStream to = new JarOutputStream(bytes, from.getManifest())) {
            for (ZipEntry entry : from.stream().filter(e -> !e.isDirectory()).toList()) {
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                byte[] content;
                try (InputStream in = from.getInputStream(entry)) {
                    content = in.readAllBytes();
                }
                if (entry.getName().startsWith("OSGI-INF/metatype/")) {
                    content = new String(content, StandardCharsets.UTF_8)
                            .replace("</OCD>", "<AD id=\"region\" type=\"String\"/></OCD>")
                            .getBytes(StandardCharsets.UTF_8);
                }
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(content);
                to.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void refusesANewVersionWhoseKeysAreNotSet() throws Exception {
        Path connector;
        try (Stream<Path> bundles = Files.list(TestServer.DISTRIBUTION.resolve("bundles"))) {
            connector = bundles.filter(file -> file.getFileName().toString().startsWith("io.hyperspot.llm.openai-"))
                    .findFirst()
                    .orElseThrow();
        }
        String configuration = """
                modules:
                  llm-openai:
                    instances:
                      acme:
                        base_url: "http://127.0.0.1:9/v1"
                        models: ["a"]
                """;
        try (TestServer server = TestServer.start(Files.createDirectories(home.resolve("home")), configuration)) {
            JsonNode report = upload(server, withANewKey(connector));

            assertThat(report.path("accepted").asBoolean()).isFalse();
            assertThat(report.path("text").asText())
                    .contains("Needs    the key modules.llm-openai.instances.acme.region, which has no default")
                    .contains("Code     CONFIGURATION_KEY");
            assertThat(upload(server, Files.readAllBytes(connector)).path("accepted").asBoolean()).isTrue();
        }
    }
}
