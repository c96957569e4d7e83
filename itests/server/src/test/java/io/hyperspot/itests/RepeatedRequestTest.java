// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.itests.TestServer.Answer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are sent again with the same Idempotency-Key. */
@Tag("database")
final class RepeatedRequestTest {
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String KEYS = "/security/v1/api-keys";
    private static final String ROLES = "/authz/v1/roles";
    private static final String ROLE = "{\"name\":\"repeated\",\"permissions\":[\"gts.hyperspot.llm.*:invoke\"]}";
    private static final String ONCE = "4a1b6c1e-0000-4000-8000-00000000000";

    @TempDir
    static Path home;

    private static Answer send(TestServer server, String key, String path, String body, String once) throws Exception {
        return server.send("POST", path, key, body, "Idempotency-Key", once);
    }

    /** As a client does that is told to come again. */
    private static Answer untilAnswered(TestServer server, String path, String body, String once) throws Exception {
        Answer answer = send(server, server.firstKey(), path, body, once);
        while (answer.status() == 409 && answer.json().path("code").asText().equals("IDEMPOTENCY_IN_PROGRESS")) {
            assertThat(answer.header("retry-after")).isEqualTo("1");
            Thread.onSpinWait();
            answer = send(server, server.firstKey(), path, body, once);
        }
        return answer;
    }

    @Test
    void fiftyEqualRequestsHaveOneEffectAndOneAnswerAlsoAfterARestart() throws Exception {
        String newKey = "{\"name\":\"once\",\"scopes\":[\"gts.hyperspot.llm.*:invoke\"]}";
        Set<String> answers = new HashSet<>();
        try (TestServer server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_B))) {
            Callable<Answer> request = () -> untilAnswered(server, KEYS, newKey, ONCE + "1");
            int first = 0;
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Answer> each : callers.invokeAll(IntStream.range(0, 50).mapToObj(i -> request).toList())) {
                    Answer answer = each.get();
                    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
                    first += answer.header("idempotency-replayed").isEmpty() ? 1 : 0;
                    answers.add(answer.header("location") + answer.body());
                }
            }
            assertThat(first).isEqualTo(1);
            assertThat(answers).as("all are told the same secret").hasSize(1);
            List<String> names = server.get(KEYS).json().path("items").findValuesAsText("name");
            assertThat(names.stream().filter("once"::equals)).hasSize(1);

            Answer other = send(server, server.firstKey(), KEYS, "{\"name\":\"twice\"}", ONCE + "1");
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.json().path("code").asText()).isEqualTo("IDEMPOTENCY_KEY_REUSED");

            String keyB = server.newKey(TENANT_B, "gts.*:*");
            Answer ofB = send(server, keyB, KEYS, newKey, ONCE + "1");
            assertThat(ofB.status()).isEqualTo(201);
            assertThat(ofB.header("idempotency-replayed")).isEmpty();
            assertThat(answers).doesNotContain(ofB.header("location") + ofB.body());

            refusals(server);
        }
        try (TestServer server = TestServer.start(home)) {
            Answer again = send(server, server.firstKey(), KEYS, newKey, ONCE + "1");
            assertThat(again.header("idempotency-replayed")).isEqualTo("true");
            assertThat(answers).containsExactly(again.header("location") + again.body());
        }
    }

    private static void refusals(TestServer server) throws Exception {
        Answer guessable = send(server, server.firstKey(), ROLES, ROLE, "1");
        assertThat(guessable.status()).isEqualTo(400);
        assertThat(guessable.json().path("code").asText()).isEqualTo("INVALID_IDEMPOTENCY_KEY");

        // a refusal that would be the same each time is repeated, one by permission is not
        Answer bad = send(server, server.firstKey(), ROLES, "{\"name\":\"\"}", ONCE + "2");
        Answer badAgain = send(server, server.firstKey(), ROLES, "{\"name\":\"\"}", ONCE + "2");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(badAgain.header("idempotency-replayed")).isEqualTo("true");
        assertThat(badAgain.body()).isEqualTo(bad.body());

        Answer made = send(server, server.firstKey(), ROLES, ROLE, ONCE + "3");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        Answer twin = send(server, server.firstKey(), ROLES, ROLE, ONCE + "4");
        assertThat(twin.status()).isEqualTo(409);
        assertThat(server.send("DELETE", made.header("location"), server.firstKey(), null).status()).isEqualTo(204);
        assertThat(send(server, server.firstKey(), ROLES, ROLE, ONCE + "4").status()).as("a conflict passes").isEqualTo(201);

        Answer binary = server.send(
                "POST", "/plugins/v1/preflight", server.firstKey(), "x", "Idempotency-Key", ONCE + "5", "Content-Type", "application/java-archive");
        assertThat(binary.status()).isEqualTo(400);
        assertThat(binary.json().path("code").asText()).isEqualTo("IDEMPOTENCY_KEY_UNSUPPORTED");
        assertThat(server.send("GET", ROLES, server.firstKey(), null, "Idempotency-Key", "1").status()).as("safe: not looked at").isEqualTo(200);
        assertThat(server.send("POST", ROLES, null, ROLE, "Idempotency-Key", ONCE + "6").status()).isEqualTo(401);
    }
}
