// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Usage records into a started server on a PostgreSQL that loses nothing (fsync and synchronous_commit on), in batches of
 * the largest size, from some clients at once. Prints how many a second were acknowledged, and whether the sum says the same.
 * Arguments: the {@code hyperspot} command, seconds, clients.
 */
public final class UsageIngest {
    private static final String REQUESTS = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.core.usage.requests.v1~";
    private static final int BATCH = 1000;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong acknowledged = new AtomicLong();
    private final String at = Instant.now().toString();
    private final URI api;
    private final String key;

    private UsageIngest(URI api, String key) {
        this.api = api;
        this.key = key;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("usage");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start()) {
            Files.createDirectories(home.resolve("config"));
            Files.writeString(home.resolve("config/hyperspot.yaml"), """
                    modules:
                      web: { access_log: false }
                      persistence: { dsn: 'postgresql://127.0.0.1:%d/postgres', user: postgres, password: postgres }
                    """.formatted(postgres.getPort()));
            Path log = home.resolve("server.log");
            Process server = new ProcessBuilder(arguments[0], "run", "--home", home.toString(), "--port", "18089", "--no-model")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                while (server.isAlive() && !Files.readString(log).contains("Try it")) {
                    TimeUnit.MILLISECONDS.sleep(100);
                }
                String key = Files.readString(home.resolve("data/first-api-key")).strip();
                UsageIngest load = new UsageIngest(URI.create("http://127.0.0.1:18089"), key);
                load.run("warm-up", 5, Integer.parseInt(arguments[2]));
                load.run("measured", Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
                System.out.println(load.sums());
            } finally {
                server.destroy();
                server.waitFor(10, TimeUnit.SECONDS);
                server.destroyForcibly();
            }
        }
    }

    private void run(String name, int seconds, int clients) throws InterruptedException {
        long before = acknowledged.get();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            String prefix = name + "-" + i + "-";
            threads.add(Thread.ofVirtual().start(() -> send(prefix, end)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - begin) / 1e9;
        long done = acknowledged.get() - before;
        System.out.printf(Locale.ROOT, "%s: %d records in %.1f s, %.0f a second%n", name, done, took, done / took);
    }

    private void send(String prefix, long end) {
        for (int batch = 0; System.nanoTime() < end; batch++) {
            StringBuilder body = new StringBuilder("{\"records\":[");
            for (int i = 0; i < BATCH; i++) {
                body.append(i == 0 ? "" : ",")
                        .append("{\"id\":\"").append(prefix).append(batch).append('-').append(i)
                        .append("\",\"type\":\"").append(REQUESTS)
                        .append("\",\"subject\":\"user:u").append(i % 50)
                        .append("\",\"resource\":\"model-").append(i % 5)
                        .append("\",\"quantity\":\"1\",\"at\":\"").append(at).append("\"}");
            }
            try {
                HttpRequest request = HttpRequest.newBuilder(api.resolve("/usage/v1/records"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.append("]}").toString()))
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 202) {
                    throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                }
                acknowledged.addAndGet(BATCH);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private String sums() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/usage/v1/aggregates?period=total&to=2999-01-01T00:00:00Z&from=2026-01-01T00:00:00Z"))
                .header("Authorization", "Bearer " + key)
                .build();
        return "acknowledged " + acknowledged + "; the server sums " + client.send(request, BodyHandlers.ofString()).body();
    }
}
