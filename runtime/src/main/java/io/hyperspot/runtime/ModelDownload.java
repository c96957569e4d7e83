// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches model files into a folder: resume of what an earlier try left ({@code *.part}), checksum,
 * and an atomic rename at the end.
 */
final class ModelDownload {
    /**
     * Where a model file comes from.
     *
     * @param name the model's name, also the file's without {@code .gguf}
     * @param size of the whole file in bytes
     * @param sha256 of the whole file, hexadecimal
     * @param parts whose contents, one after the other, are the file
     */
    record Source(String name, long size, String sha256, List<Part> parts) {
        /** A file inside a package of the npm registry. */
        record Part(String packageName, String version, String entry) {}
    }

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final PrintWriter out;
    private final Function<Source.Part, URI> registry;
    private final ResumableDownload download;

    ModelDownload(Path folder, PrintWriter out) {
        this(folder, out, NpmRegistry::tarball, ResumableDownload.IDLE);
    }

    ModelDownload(Path folder, PrintWriter out, Function<Source.Part, URI> registry, Duration idle) {
        this.folder = folder;
        this.out = out;
        this.registry = registry;
        this.download = new ResumableDownload(out, idle);
    }

    /** Fetches a model of the catalogue; returns its file. */
    Path fetch(Source source) throws IOException {
        Files.createDirectories(folder);
        int number = 0;
        for (Source.Part part : source.parts()) {
            number++;
            String label = source.name() + " part " + number + "/" + source.parts().size();
            download.fetch(registry.apply(part), archive(part), label);
        }
        Path target = folder.resolve(source.name() + ".gguf");
        Path joined = folder.resolve(source.name() + ".gguf.tmp");
        try (OutputStream file = Files.newOutputStream(joined)) {
            for (Source.Part part : source.parts()) {
                extract(archive(part), part.entry(), file);
            }
        } catch (IOException e) {
            Files.deleteIfExists(joined);
            throw e;
        }
        try {
            verify(joined, source.sha256());
            Files.move(joined, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // either the file is there, or the archives hold something else and must not be resumed
            for (Source.Part part : source.parts()) {
                Files.deleteIfExists(archive(part));
            }
        }
        return target;
    }

    private Path archive(Source.Part part) {
        return folder.resolve(part.packageName() + "-" + part.version() + ".tgz.part");
    }

    /**
     * Fetches a GGUF file from a URL or copies it from a path.
     *
     * @param sha256 hexadecimal, or null: not checked
     */
    Path fetch(String location, @Nullable String sha256) throws IOException {
        Files.createDirectories(folder);
        boolean url = location.startsWith("http://") || location.startsWith("https://");
        String path = url ? address(location).getPath() : location;
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.endsWith(".gguf")) {
            throw new IOException("'" + location + "' is neither '" + DefaultModel.NAME + "' nor the path or URL of a .gguf file");
        }
        Path part = folder.resolve(name + ".part");
        if (url) {
            download.fetch(address(location), part, name);
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

    private static URI address(String location) throws IOException {
        try {
            return new URI(location);
        } catch (URISyntaxException e) {
            throw new IOException("'" + location + "' is no URL: " + e.getReason(), e);
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
        return new String(bytes, offset, end - offset, StandardCharsets.US_ASCII);
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
}
