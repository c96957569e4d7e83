// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches a URL into a file that may hold its beginning already; shows the progress on one line. What
 * was saved stays when the connection breaks, so that the next call goes on from there.
 */
final class ResumableDownload {
    static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern RANGE = Pattern.compile("bytes (?:(\\d+)-\\d+|\\*)/(\\d+|\\*)");
    private static final int BUFFER = 1 << 16;

    private final PrintWriter out;
    private final Duration idle;

    /**
     * @param idle a connection that brings nothing for so long is given up
     */
    ResumableDownload(PrintWriter out, Duration idle) {
        this.out = out;
        this.idle = idle;
    }

    /**
     * @param label what it is, for the progress line
     * @throws IOException its message says what happened, and whether another try resumes
     */
    void fetch(URI url, Path file, String label) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            long have = Files.exists(file) ? Files.size(file) : 0;
            if (have > 0 && resume(client, url, file, have, label)) {
                return;
            }
            Files.deleteIfExists(file);
            HttpResponse<InputStream> response = send(client, url, 0);
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw refused(url, response);
                }
                save(body, file, 0, response, label);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; run it again to resume", e);
        } catch (ConnectException | HttpTimeoutException e) {
            throw new IOException(url.getHost() + " cannot be reached", e);
        }
    }

    /** False when what is there is no beginning of what the server has: it must be fetched anew. */
    private boolean resume(HttpClient client, URI url, Path file, long have, String label)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(client, url, have);
        Matcher range = RANGE.matcher(response.headers().firstValue("content-range").orElse(""));
        boolean known = range.matches();
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case 200 -> save(body, file, 0, response, label);
                case 206 -> {
                    if (known && !String.valueOf(have).equals(range.group(1))) {
                        return false;
                    }
                    save(body, file, have, response, label);
                }
                case 416 -> {
                    if (known && !String.valueOf(have).equals(range.group(2))) {
                        return false;
                    }
                    out.println("  " + label + " is complete already");
                }
                default -> throw refused(url, response);
            }
        }
        return true;
    }

    private static HttpResponse<InputStream> send(HttpClient client, URI url, long from)
            throws IOException, InterruptedException {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(url).timeout(HEAD_TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + url + "' is no address of a file: " + e.getMessage(), e);
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private static IOException refused(URI url, HttpResponse<?> response) {
        return new IOException(url + " answered " + response.statusCode());
    }

    private void save(InputStream body, Path file, long have, HttpResponse<?> response, String label)
            throws IOException {
        long total = have + response.headers().firstValueAsLong("content-length").orElse(0);
        Progress progress = new Progress(out, label, total);
        long done = have;
        try (OutputStream target =
                        have > 0 ? Files.newOutputStream(file, StandardOpenOption.APPEND) : Files.newOutputStream(file);
                IdleWatch watch = new IdleWatch(body, idle)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = read(body, buffer, watch, done, total); n >= 0; n = read(body, buffer, watch, done, total)) {
                target.write(buffer, 0, n);
                done += n;
                progress.show(done);
            }
        } finally {
            progress.end(done);
        }
    }

    private int read(InputStream body, byte[] buffer, IdleWatch watch, long done, long total) throws IOException {
        try {
            int n = body.read(buffer);
            watch.progress();
            return n;
        } catch (IOException e) {
            String of = total > 0 ? " of " + total : "";
            throw new IOException(
                    watch.expired()
                            ? "nothing came for " + idle.toSeconds() + " s after " + done + of + " bytes; run it again to resume"
                            : "the connection ended after " + done + of + " bytes; run it again to resume",
                    e);
        }
    }

    /** Closes a body that brings nothing for too long, which ends the read that waits for it. */
    private static final class IdleWatch implements AutoCloseable {
        private final Thread thread;
        private volatile long seen = System.nanoTime();
        private volatile boolean expired;

        IdleWatch(InputStream body, Duration idle) {
            thread = Thread.ofVirtual().name("download-watch").start(() -> watch(body, idle));
        }

        private void watch(InputStream body, Duration idle) {
            try {
                for (long left = idle.toNanos(); left > 0; left = seen + idle.toNanos() - System.nanoTime()) {
                    Thread.sleep(Duration.ofNanos(left));
                }
                expired = true;
                body.close();
            } catch (InterruptedException | IOException e) {
                Thread.currentThread().interrupt();
            }
        }

        void progress() {
            seen = System.nanoTime();
        }

        boolean expired() {
            return expired;
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    /** A line that is written over while the work goes on. */
    private static final class Progress {
        private static final long STEP_NANOS = 200_000_000L;
        private static final int WIDTH = 30;

        private final PrintWriter out;
        private final String label;
        private final long total;
        private long shownAt;

        Progress(PrintWriter out, String label, long total) {
            this.out = out;
            this.label = label;
            this.total = total;
        }

        void show(long done) {
            long now = System.nanoTime();
            if (now - shownAt >= STEP_NANOS) {
                shownAt = now;
                print(done);
            }
        }

        void end(long done) {
            print(done);
            out.println();
            out.flush();
        }

        private void print(long done) {
            int filled = total > 0 ? (int) (WIDTH * done / total) : 0;
            int percent = total > 0 ? (int) (100 * done / total) : 0;
            out.print("\r  " + label + " [" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + percent + "% "
                    + done / 1_000_000 + "/" + total / 1_000_000 + " MB");
            out.flush();
        }
    }
}
