// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.TestServer.Answer;
import io.hyperspot.itests.databases.KillablePostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database is killed while it is used, and comes back. */
@Timeout(180)
final class DatabaseOutageTest {
    private static final int WRITERS = 4;
    private static final int SOME = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicBoolean done = new AtomicBoolean();

    @Test
    void answersWithProblemsAcceptsKnownKeysAndHealsByItself(@TempDir Path home) throws Exception {
        try (KillablePostgres database = KillablePostgres.start(home.resolve("database"))) {
            TestServer.keepIn(database.settings(), home.resolve("server"));
            try (TestServer server = TestServer.start(home.resolve("server"), "modules: {}\n");
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    String name = "writer-" + i;
                    writers.add(threads.submit(() -> write(server, name)));
                }
                try {
                    await().atMost(PATIENCE).until(() -> acknowledged.size() >= SOME);
                    database.kill();
                    await().atMost(PATIENCE).until(() -> refused.get() >= WRITERS);
                    // what needs no database goes on: the key is known, and so is what it may do
                    assertThat(server.get("/openai/v1/models").status()).isEqualTo(200);
                    Answer unknown = server.send("GET", "/openai/v1/models", "hs_neverseenbeforeneverseenbefore", null);
                    assertThat(unknown.status()).isIn(401, 503);
                    Answer ready = server.send("GET", "/health/ready", null, null);
                    assertThat(ready.status()).isEqualTo(503);
                    database.startAgain();
                    long back = System.nanoTime();
                    int before = acknowledged.size();
                    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> acknowledged.size() > before);
                    System.out.println("PostgreSQL killed: writes acknowledged again after "
                            + Duration.ofNanos(System.nanoTime() - back).toMillis() + " ms");
                    // the database's own recovery is part of it
                    await().atMost(PATIENCE).until(() -> acknowledged.size() >= before + SOME);
                    await().atMost(PATIENCE).until(() -> server.send("GET", "/health/ready", null, null).status() == 200);
                } finally {
                    done.set(true);
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
                assertThat(references(server)).containsAll(acknowledged);
            }
        }
    }

    /** Every answer is that it was written, or a problem that says that the database cannot be used. */
    private Void write(TestServer server, String writer) throws Exception {
        for (int i = 0; !done.get(); i++) {
            String reference = writer + "-" + i;
            Answer answer = server.post("/credstore/v1/secrets", "{\"reference\":\"" + reference + "\",\"value\":\"x\"}");
            if (answer.status() == 201) {
                acknowledged.add(reference);
            } else {
                assertThat(answer.status()).as(answer.body()).isEqualTo(503);
                assertThat(answer.header("content-type")).startsWith("application/problem+json");
                assertThat(answer.json().path("detail").asText()).isNotEmpty();
                assertThat(answer.body()).doesNotContain("org.postgresql").doesNotContain("127.0.0.1");
                refused.incrementAndGet();
            }
        }
        return null;
    }

    private static List<String> references(TestServer server) throws Exception {
        List<String> all = new ArrayList<>();
        String path = "/credstore/v1/secrets?$top=1000";
        String next = "";
        do {
            var page = server.get(next.isEmpty() ? path : path + "&$skiptoken=" + next).json();
            all.addAll(page.path("items").findValuesAsText("reference"));
            next = page.at("/page_info/next_cursor").asText("");
        } while (!next.isEmpty());
        return all;
    }
}
