// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
}
