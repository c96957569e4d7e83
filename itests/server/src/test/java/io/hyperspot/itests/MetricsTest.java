// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} as Prometheus scrapes it. */
final class MetricsTest {
    private static final String CHAT = "/openai/v1/chat/completions";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock"));
        assertThat(server.post(CHAT, TestServer.chat("mock/plain", "hi")).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    @Test
    void needsThePermission() throws Exception {
        assertThat(server.send("GET", "/metrics", null, null).status()).isEqualTo(401);
        String invoker = server.post("/security/v1/api-keys", "{\"name\":\"calls\",\"scopes\":[\"gts.hyperspot.llm.*:invoke\"]}")
                .json()
                .path("secret")
                .asText();
        assertThat(server.send("GET", "/metrics", invoker, null).status()).isEqualTo(403);
        String scraper = server.post("/security/v1/api-keys", "{\"name\":\"scrapes\",\"scopes\":[\"gts.hyperspot.core.*:read\"]}")
                .json()
                .path("secret")
                .asText();
        TestServer.Answer answer = server.send("GET", "/metrics", scraper, null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("jvm_memory_used_bytes", "gen_ai_client_operation_duration_seconds_count");
    }

    @Test
    void countsCallsTokensAndErrors() throws Exception {
        List<String> calls = List.of("gen_ai_client_operation_duration_seconds_count", "gen_ai_operation_name=\"chat\"", "error_type=\"\"");
        List<String> failures = List.of("gen_ai_client_operation_duration_seconds_count", "error_type=\"error\"");
        List<String> output = List.of("gen_ai_client_token_usage_sum", "gen_ai_token_type=\"output\"");
        List<String> http = List.of("http_server_requests_seconds_count", CHAT, "200");
        List<String> firstTokens = List.of("gen_ai_server_time_to_first_token_seconds_count", "gen_ai_request_model=\"plain\"");
        double[] before = {value(calls), value(failures), value(output), value(http), value(firstTokens)};
        server.post(CHAT, TestServer.chat("mock/plain", "hi"));
        server.post(CHAT, "{\"model\":\"mock/plain\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        server.post(CHAT, TestServer.chat("mock/html", "hi"));
        server.post(CHAT, TestServer.chat("made-up/one", "hi"));
        assertThat(value(calls) - before[0]).isCloseTo(2, within(0.1));
        assertThat(value(failures) - before[1]).isCloseTo(1, within(0.1));
        assertThat(value(output) - before[2]).isCloseTo(6, within(0.1));
        assertThat(value(http) - before[3]).isCloseTo(2, within(0.1));
        assertThat(value(firstTokens) - before[4]).isCloseTo(1, within(0.1));
        assertThat(server.get("/metrics").body())
                .contains("gen_ai_client_operation_duration_seconds_bucket")
                .doesNotContain("made-up")
                // it has never answered
                .doesNotContain("gen_ai_request_model=\"html\"");
    }

    /** The sum of the series whose line has all of the words. */
    private static double value(List<String> words) throws Exception {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && words.stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void satisfiesPromtool() throws Exception {
        Path promtool = NodeRuntime.onPath("promtool");
        assumeTrue(promtool != null, "no promtool");
        Path text = Files.writeString(home.resolve("metrics.txt"), server.get("/metrics").body());
        Process check = new ProcessBuilder(String.valueOf(promtool), "check", "metrics")
                .redirectErrorStream(true)
                .redirectInput(text.toFile())
                .start();
        String findings = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(findings).isEmpty();
        assertThat(check.exitValue()).isZero();
    }
}
