// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Upgrades back and forth under load.
 *
 * @param folder where a file is moved to for an upgrade, or {@code -}: it is uploaded
 */
record Upgrades(Target target, ConnectorJar connector, String folder, int unary, int streaming) {
    private static final String[] VERSIONS = {"1.0.0", "1.1.0"};

    void run(int upgrades, long pause) throws IOException, InterruptedException {
        Path[] jars = {connector.version(VERSIONS[0]), connector.version(VERSIONS[1])};
        long first = upgrade(jars[0], VERSIONS[0]);
        long[] took = new long[upgrades];
        Clients.Window[] windows = new Clients.Window[upgrades];
        try (Clients clients = new Clients(target, unary, streaming)) {
            // without upgrades, for comparison
            Thread.sleep(5000);
            clients.clearSamples();
            long calm = System.nanoTime();
            Thread.sleep(10_000);
            Clients.Window quiet = new Clients.Window(calm, System.nanoTime());
            for (int i = 0; i < upgrades; i++) {
                long begin = System.nanoTime();
                int which = (i + 1) % VERSIONS.length;
                took[i] = upgrade(jars[which], VERSIONS[which]);
                windows[i] = new Clients.Window(begin, System.nanoTime());
                Thread.sleep(pause);
            }
            clients.end();
            print("requests            %d unary, %d streams", clients.unary(), clients.streams());
            long broken = clients.brokenStreams();
            print("failed              %d unary, %d streams", clients.failures().size() - broken, broken);
            clients.failures().stream().limit(3).forEach(failure -> print("  e.g. %s", failure));
            print("answers by version  %s", clients.byVersion());
            print("first deployment    %d ms", first / 1_000_000);
            print("upgrade to answer   %s", Distribution.of(took));
            print("latency, calm       %s", clients.latencies(quiet));
            print("latency, in swaps   %s", clients.latencies(windows));
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    /** From the beginning of the upgrade to the first answer of the new version. */
    private long upgrade(Path jar, String version) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        if (folder.equals("-")) {
            target.install(jar, "");
        } else {
            Path part = Files.copy(jar, Path.of(folder, "swap.part"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, Path.of(folder, "acme.swap.jar"), StandardCopyOption.ATOMIC_MOVE);
        }
        target.awaitAnswer(version);
        return System.nanoTime() - begin;
    }
}
