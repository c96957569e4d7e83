// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * Upgrades the connector acme.swap back and forth under load, and counts what clients lose.
 *
 * <p>{@code HotSwap <url> <API key> <acme.swap JAR> <drop folder or -> <upgrades> <unary> <streaming> <pause ms>}: with a
 * folder, an upgrade is a file that is moved there (and whoever watches it updates the bundle); with {@code -}, it is
 * an upload. Prints one line a figure.
 */
public final class HotSwap {
    private static final String[] VERSIONS = {"1.0.0", "1.1.0"};
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private record Sample(long begin, long nanos) {}

    private record Window(long begin, long end) {}

    private final URI url;
    private final String key;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, AtomicLong> answers = new ConcurrentHashMap<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger brokenStreams = new AtomicInteger();
    private volatile boolean running = true;

    private HotSwap(String url, String key) {
        this.url = URI.create(url);
        this.key = key;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 8) {
            System.err.println("HotSwap <url> <API key> <acme.swap JAR> <drop folder or -> <upgrades> <unary> <streaming> <pause ms>");
            System.exit(2);
        }
        new HotSwap(arguments[0], arguments[1])
                .run(
                        Path.of(arguments[2]),
                        arguments[3],
                        Integer.parseInt(arguments[4]),
                        Integer.parseInt(arguments[5]),
                        Integer.parseInt(arguments[6]),
                        Long.parseLong(arguments[7]));
    }

    private void run(Path jar, String folder, int upgrades, int unary, int streaming, long pause) throws Exception {
        Path[] jars = {version(jar, VERSIONS[0]), version(jar, VERSIONS[1])};
        long first = upgrade(folder, jars[0], VERSIONS[0]);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < unary; i++) {
                clients.execute(this::ask);
            }
            for (int i = 0; i < streaming; i++) {
                clients.execute(this::stream);
            }
            // without upgrades, for comparison
            Thread.sleep(5000);
            samples.clear();
            long calm = System.nanoTime();
            Thread.sleep(10_000);
            Window quiet = new Window(calm, System.nanoTime());
            long[] took = new long[upgrades];
            Window[] windows = new Window[upgrades];
            for (int i = 0; i < upgrades; i++) {
                long begin = System.nanoTime();
                int which = (i + 1) % VERSIONS.length;
                took[i] = upgrade(folder, jars[which], VERSIONS[which]);
                windows[i] = new Window(begin, System.nanoTime());
                Thread.sleep(pause);
            }
            running = false;
            clients.shutdown();
            report(first, took, quiet, windows);
        }
    }

    private void report(long first, long[] took, Window quiet, Window[] windows) {
        long requests = answers.values().stream().mapToLong(AtomicLong::get).sum();
        System.out.printf(Locale.ROOT, "requests            %d unary, %d streams%n", requests, streams.get());
        System.out.printf(Locale.ROOT, "failed              %d unary, %d streams%n", failures.size() - brokenStreams.get(), brokenStreams.get());
        failures.stream().limit(3).forEach(failure -> System.out.println("  e.g. " + failure));
        System.out.printf(Locale.ROOT, "answers by version  %s%n", answers);
        System.out.printf(Locale.ROOT, "first deployment    %d ms%n", first / 1_000_000);
        System.out.printf(Locale.ROOT, "upgrade to answer   %s%n", distribution(took));
        System.out.printf(Locale.ROOT, "latency, calm       %s%n", distribution(within(quiet)));
        System.out.printf(Locale.ROOT, "latency, in swaps   %s%n", distribution(within(windows)));
    }

    private long[] within(Window... windows) {
        return samples.stream()
                .filter(sample -> Arrays.stream(windows)
                        .anyMatch(window -> sample.begin() < window.end() && sample.begin() + sample.nanos() > window.begin()))
                .mapToLong(Sample::nanos)
                .toArray();
    }

    private static String distribution(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return "none";
        }
        return String.format(
                Locale.ROOT,
                "n=%d p50=%.1f p95=%.1f p99=%.1f max=%.1f ms",
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.95)] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    // --- upgrades ---

    /** From the beginning of the upgrade to the first answer of the new version. */
    private long upgrade(String folder, Path jar, String version) {
        long begin = System.nanoTime();
        try {
            if (folder.equals("-")) {
                HttpRequest request = HttpRequest.newBuilder(url.resolve("/plugins/v1/upload"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/java-archive")
                        .POST(HttpRequest.BodyPublishers.ofFile(jar))
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    failures.add("upgrade: " + answer.statusCode() + " " + answer.body());
                }
            } else {
                Path part = Files.copy(jar, Path.of(folder, "swap.part"), StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, Path.of(folder, "acme.swap.jar"), StandardCopyOption.ATOMIC_MOVE);
            }
            while (!version.equals(content(send("quick", false)))) {
                if (System.nanoTime() - begin > PATIENCE_NANOS) {
                    throw new IllegalStateException("version " + version + " never answered");
                }
                Thread.sleep(5);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return System.nanoTime() - begin;
    }

    /** The same connector with another version. */
    private static Path version(Path jar, String version) throws IOException {
        Path copy = Files.createTempFile("acme.swap-" + version, ".jar");
        copy.toFile().deleteOnExit();
        try (JarFile from = new JarFile(jar.toFile())) {
            Manifest manifest = new Manifest(from.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (OutputStream out = Files.newOutputStream(copy);
                    JarOutputStream to = new JarOutputStream(out, manifest)) {
                for (ZipEntry entry : from.stream().filter(e -> !e.isDirectory() && !e.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    try (InputStream in = from.getInputStream(entry)) {
                        in.transferTo(to);
                    }
                    to.closeEntry();
                }
            }
        }
        return copy;
    }

    // --- clients ---

    private HttpResponse<String> send(String model, boolean stream) throws IOException, InterruptedException {
        String body = "{\"model\":\"swap/" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"which version?\"}]}";
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/openai/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String content(HttpResponse<String> answer) {
        int at = answer.body().indexOf("\"content\":\"");
        return at < 0 ? "" : answer.body().substring(at + 11, answer.body().indexOf('"', at + 11));
    }

    private void ask() {
        while (running) {
            long begin = System.nanoTime();
            try {
                HttpResponse<String> answer = send("quick", false);
                String version = content(answer);
                if (answer.statusCode() == 200 && List.of(VERSIONS).contains(version)) {
                    samples.add(new Sample(begin, System.nanoTime() - begin));
                    answers.computeIfAbsent(version, v -> new AtomicLong()).incrementAndGet();
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException | InterruptedException e) {
                failures.add(e.toString());
            }
        }
    }

    private void stream() {
        while (running) {
            String trouble;
            try {
                HttpResponse<String> answer = send("slow", true);
                boolean whole = answer.statusCode() == 200
                        && answer.body().contains("data: [DONE]")
                        && answer.body().contains("\"finish_reason\":\"stop\"")
                        && !answer.body().contains("\"error\"");
                trouble = whole ? "" : answer.statusCode() + " " + answer.body();
            } catch (IOException | InterruptedException e) {
                trouble = e.toString();
            }
            if (trouble.isEmpty()) {
                streams.incrementAndGet();
            } else {
                brokenStreams.incrementAndGet();
                failures.add("stream: " + trouble);
            }
        }
    }
}
