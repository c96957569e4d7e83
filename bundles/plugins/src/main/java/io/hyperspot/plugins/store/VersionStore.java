// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.store;

import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.plugins.archive.UnusableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JARs of plugins, named by their content. What comes is copied first, so that nobody can change
 * what was looked at. Thread-safe.
 */
public final class VersionStore {
    private static final Logger log = LoggerFactory.getLogger(VersionStore.class);

    private final Path incoming;
    private final Path jars;
    private final long largest;

    /**
     * @param largest in bytes; larger JARs are refused
     * @throws IOException when the folders cannot be made
     */
    public VersionStore(Path folder, long largest) throws IOException {
        this.largest = largest;
        incoming = folder.resolve("incoming");
        jars = folder.resolve("store");
        Files.createDirectories(incoming);
        Files.createDirectories(jars);
        // what was on its way when the process ended
        try (Stream<Path> files = Files.list(incoming)) {
            files.forEach(VersionStore::delete);
        }
    }

    /**
     * Copies a file and reads the copy. {@link #keep} or {@link #discard} it.
     *
     * @throws IOException when it cannot be read now
     * @throws UnusableException when it is no plugin
     */
    public PluginArchive take(Path source) throws IOException, UnusableException {
        long size = Files.size(source);
        if (size > largest) {
            throw new UnusableException(
                    "it has " + (size >> 20) + " MB; at most " + (largest >> 20) + " MB are taken (plugins.max_jar_mb)");
        }
        Path copy = incoming.resolve(UUID.randomUUID() + ".jar");
        boolean usable = false;
        try {
            PluginArchive archive = PluginArchive.read(copy, copy(source, copy));
            usable = true;
            return archive;
        } finally {
            if (!usable) {
                delete(copy);
            }
        }
    }

    /** Copies, makes sure that it is on the disk, and returns the SHA-256. */
    private static String copy(Path source, Path copy) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(source);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
            in.transferTo(out);
        }
        sync(copy);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Puts what was taken among the kept ones. */
    public PluginArchive keep(PluginArchive archive) throws IOException {
        Path place = place(archive.sha256());
        if (archive.file().equals(place)) {
            return archive;
        }
        Files.move(archive.file(), place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return archive.at(place);
    }

    /** Forgets what was taken, unless it is kept. */
    public void discard(PluginArchive archive) {
        if (!archive.file().equals(place(archive.sha256()))) {
            delete(archive.file());
        }
    }

    /**
     * A kept JAR.
     *
     * @throws IOException when it is not there
     * @throws UnusableException when its content is another than its name says
     */
    public PluginArchive find(String sha256) throws IOException, UnusableException {
        Path place = place(sha256);
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(place);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new UnusableException("the kept JAR " + place + " is damaged; install the plugin again");
        }
        return PluginArchive.read(place, sha256);
    }

    /** Deletes all but those named. */
    public void retain(Set<String> sha256s) {
        try (Stream<Path> files = Files.list(jars)) {
            files.filter(file -> !sha256s.contains(file.getFileName().toString().replace(".jar", "")))
                    .forEach(VersionStore::delete);
        } catch (IOException e) {
            log.warn("the store of plugins cannot be tidied: {}", e.getMessage());
        }
    }

    private Path place(String sha256) {
        return jars.resolve(sha256 + ".jar");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.debug("{} stays", file, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
