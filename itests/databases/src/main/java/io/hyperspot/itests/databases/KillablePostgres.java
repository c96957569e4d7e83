// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of its own that can be killed and started again on the same port. */
public final class KillablePostgres implements AutoCloseable {
    private final Path home;
    private final EmbeddedPostgres first;
    private List<String> command = List.of();
    private @Nullable Process again;

    private KillablePostgres(Path home, EmbeddedPostgres first) {
        this.home = home;
        this.first = first;
    }

    /**
     * @param home where its data goes
     */
    public static KillablePostgres start(Path home) throws IOException {
        return new KillablePostgres(
                home,
                EmbeddedPostgres.builder()
                        .setDataDirectory(home.resolve("data"))
                        // the test server's own defaults lose what was acknowledged
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .start());
    }

    public int port() {
        return first.getPort();
    }

    /** An account that may do everything, as the keys of {@code modules.persistence}. */
    public Map<String, String> settings() {
        return Map.of("dsn", "postgresql://127.0.0.1:" + port() + "/postgres", "user", "postgres", "password", "postgres");
    }

    /** Ends all its processes at once, as SIGKILL does. */
    public void kill() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // it does not run as root
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(server.info().command().orElseThrow());
        command.addAll(List.of(server.info().arguments().orElseThrow()));
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        all.add(server);
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().get();
        }
    }

    /** Starts what was killed, and does not wait for it. */
    public void startAgain() throws IOException {
        again = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("postgres.log").toFile())
                .start();
    }

    @Override
    public void close() throws IOException {
        Process running = again;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
            running.onExit().join();
        }
        first.close();
    }
}
