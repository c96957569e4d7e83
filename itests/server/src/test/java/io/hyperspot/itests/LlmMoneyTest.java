// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls of models use and cost, as people with a budget see it. */
@Tag("database")
final class LlmMoneyTest {
    private static final String TYPE = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.llm.usage.";
    private static final String RANGE = "&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;
    static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        // the provider's answers use 9 and 3 tokens: 9 * 10 + 3 * 100 millionths of a dollar
        Files.writeString(
                home.resolve("prices.json"),
                "{\"prices\":[{\"model\":\"mock/*\",\"from\":\"2025-01-01\",\"input\":\"10\",\"output\":\"100\"}]}");
        server = TestServer.start(home, provider.yaml("mock"));
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(server.models()).contains("mock/plain"));
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
        provider.close();
    }

    private static HttpResponse<String> chat(String key, String model, boolean stream) throws Exception {
        String body = "{\"model\":\"mock/" + model + "\",\"max_tokens\":3,\"stream\":" + stream
                + ",\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/openai/v1/chat/completions"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String key(String name) throws Exception {
        return server.post("/security/v1/api-keys", "{\"name\":\"" + name + "\",\"scopes\":[\"gts.hyperspot.llm.*:invoke\"]}")
                .json()
                .path("secret")
                .asText();
    }

    private static JsonNode sums(String type, String more) throws Exception {
        return server.get("/usage/v1/aggregates?period=total&type=" + TYPE + type + ".v1~" + RANGE + more)
                .json()
                .path("items");
    }

    private static BigDecimal sum(String type, String model) throws Exception {
        JsonNode items = sums(type, "&resource=mock/" + model);
        return items.isEmpty() ? BigDecimal.ZERO : new BigDecimal(items.path(0).path("sum").asText());
    }

    @Test
    void countsWhatCallsUseAndCostWhateverBecameOfThem() throws Exception {
        String key = key("counted");
        assertThat(chat(key, "counted", false).statusCode()).isEqualTo(200);
        assertThat(chat(key, "counted", true).body()).contains("[DONE]");
        assertThat(chat(key, "e500", false).statusCode()).isEqualTo(500);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(sum("calls", "counted")).isEqualByComparingTo("2");
            assertThat(sum("input_tokens", "counted")).isEqualByComparingTo("18");
            assertThat(sum("output_tokens", "counted")).isEqualByComparingTo("6");
            assertThat(sum("cost", "counted")).isEqualByComparingTo("0.00078");
            assertThat(sum("calls", "e500")).as("failed").isEqualByComparingTo("1");
        });
        assertThat(sum("cost", "e500")).isEqualByComparingTo("0");
    }

    @Test
    void countsAStreamThatItsClientLeft() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/openai/v1/chat/completions"))
                .header("Authorization", "Bearer " + key("leaver"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"mock/endless\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build();
        try (var body = client.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo('d');
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sum("output_tokens", "endless")).isGreaterThan(BigDecimal.ZERO));
        JsonNode record = server.get("/usage/v1/records?type=" + TYPE + "calls.v1~&resource=mock/endless").json().at("/items/0");
        assertThat(record.at("/dimensions/outcome").asText()).as("%s", record).isEqualTo("cancelled");
        assertThat(record.at("/dimensions/estimated").asText()).isEqualTo("true");
    }

    @Test
    void neverLetsMoreCallsSettleThanTheBudgetHolds() throws Exception {
        String key = key("racer");
        TestServer.Answer quota = server.post("/usage/v1/quotas", "{\"type\":\"" + TYPE + "cost.v1~\",\"period\":\"total\",\"limit\":\"0.0195\"}");
        assertThat(quota.status()).as("%s", quota.json()).isEqualTo(201);
        BigDecimal before = sum("cost", "raced");
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(callers.submit(() -> chat(key, "raced", false)));
            }
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
        }
        // 50 calls cost 0.0195, and what other tests used counts too
        long passed = answers.stream().filter(answer -> answer.statusCode() == 200).count();
        assertThat(passed).isBetween(1L, 50L);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sum("cost", "raced").subtract(before))
                        .isEqualByComparingTo(new BigDecimal("0.00039").multiply(BigDecimal.valueOf(passed))));
        assertThat(new BigDecimal(sums("cost", "").path(0).path("sum").asText())).isLessThanOrEqualTo(new BigDecimal("0.0195"));
        assertThat(answers).filteredOn(answer -> answer.statusCode() != 200).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("budget of US dollars", "are left");
        });
        assertThat(server.send("DELETE", "/usage/v1/quotas/" + quota.json().path("id").asText(), server.firstKey(), null).status()).isEqualTo(204);
        assertThat(chat(key, "raced", false).statusCode()).isEqualTo(200);
    }
}
