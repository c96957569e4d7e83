// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.TestServer.Answer;
import io.hyperspot.itests.databases.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one PostgreSQL, with the same secrets: what one knows, the other does soon. */
final class SeveralServersTest {
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String TENANT_C = "0192f0c1-2345-7000-8000-00000000000c";
    private static final String MODELS = "/openai/v1/models";
    private static final int LIMIT = 40;
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    static Path home;

    static TestServer one;
    static TestServer two;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> database = TestDatabase.POSTGRESQL.fresh();
        String yaml = "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B, TENANT_C)
                + "  web: { rate_limit_tenant_per_minute: " + LIMIT + ", rate_limit_shared: true }\n";
        TestServer.keepIn(database, home.resolve("one"));
        TestServer.keepIn(database, home.resolve("two"));
        one = TestServer.start(home.resolve("one"), yaml);
        copy(home.resolve("one/data/secrets"), home.resolve("two/data/secrets"));
        two = TestServer.start(home.resolve("two"), yaml);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Answer ask(TestServer server, String key) throws Exception {
        return server.send("GET", MODELS, key, null);
    }

    /** The first answer to a key that is known there. */
    private static Answer known(TestServer server, String key) {
        return await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> ask(server, key), answer -> answer.status() == 200);
    }

    /** What is left of the tenant's limit, by an answer. */
    private static int left(Answer answer) {
        return Integer.parseInt(answer.header("ratelimit").replaceAll(".*\"tenant\";r=(\\d+);.*", "$1"));
    }

    @Test
    void countTogether() throws Exception {
        String key = one.newKey(TENANT_A, "gts.hyperspot.llm.*:read");
        int through = 0;
        while (ask(one, key).status() == 200) {
            through++;
            assertThat(through).as("let through by one server").isLessThanOrEqualTo(LIMIT + 10);
        }
        assertThat(through).isGreaterThanOrEqualTo(LIMIT);
        // a new key is known there as soon as changes are
        Answer refused = await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> ask(two, key), answer -> answer.status() == 429);
        assertThat(refused.header("ratelimit")).contains("\"tenant\";r=0;");
        assertThat(refused.header("retry-after")).isNotEmpty();
        assertThat(ask(two, two.newKey(TENANT_C, "gts.hyperspot.llm.*:read")).status()).as("of another tenant").isEqualTo(200);
    }

    @Test
    void countWhatIsLeftTogether() throws Exception {
        String key = one.newKey(TENANT_B, "gts.hyperspot.llm.*:read");
        int before = left(known(two, key));
        for (int i = 0; i < LIMIT / 2; i++) {
            assertThat(ask(one, key).status()).isEqualTo(200);
        }
        await().atMost(SOON).pollInterval(Duration.ofSeconds(1)).until(() -> left(ask(two, key)) < before - LIMIT / 4);
    }

    @Test
    void refuseAKeyThatTheOtherHasRevoked() throws Exception {
        Answer created = one.post("/security/v1/api-keys", "{\"name\":\"short\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        String secret = created.json().path("secret").asText();
        known(two, secret);
        String id = created.json().at("/key/id").asText(created.json().path("id").asText());
        assertThat(one.send("DELETE", "/security/v1/api-keys/" + id, one.firstKey(), null).status()).isEqualTo(204);
        await().atMost(SOON).pollInterval(Duration.ofMillis(500)).until(() -> ask(two, secret).status() == 401);
        assertThat(List.of(ask(one, secret).status(), ask(two, secret).status())).containsOnly(401);
    }
}
