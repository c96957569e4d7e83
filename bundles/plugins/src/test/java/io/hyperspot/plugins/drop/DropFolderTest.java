// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DropFolderTest {
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration NEVER = Duration.ofMinutes(10);
    private static final long BURST_MS = 50;
    private static final int BURSTS = 12;

    /** The size of a file when it was told of; 0 when it was gone. */
    private final List<Long> told = new CopyOnWriteArrayList<>();

    private final List<String> gone = new CopyOnWriteArrayList<>();
    private final List<Set<String>> beginnings = new CopyOnWriteArrayList<>();
    private final Path outside;
    private final Path plugins;

    DropFolderTest(@TempDir Path home) throws IOException {
        outside = Files.createDirectories(home.resolve("outside"));
        plugins = Files.createDirectories(home.resolve("plugins"));
    }

    private DropFolder open(Duration settle) throws IOException {
        DropFolder folder = new DropFolder(
                plugins,
                new DropFolder.Listener() {
                    @Override
                    public void settled(Path file) {
                        told.add(file.toFile().length());
                    }

                    @Override
                    public void gone(String name) {
                        gone.add(name);
                    }

                    @Override
                    public void lookedOnce(Set<String> names) {
                        beginnings.add(names);
                    }
                },
                settle);
        folder.open();
        await().until(() -> !beginnings.isEmpty());
        return folder;
    }

    /** A JAR of about some size. */
    private static byte[] jar(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("content"));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(BURST_MS);
    }

    /** Writes in bursts, while something else in the folder changes all the time. */
    private void writeInBursts(Path file, byte[] bytes) throws Exception {
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Files.writeString(plugins.resolve("other.txt"), "x");
                    Thread.sleep(5);
                }
            } catch (IOException | InterruptedException e) {
                // enough
            }
        });
        int part = bytes.length / BURSTS + 1;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int from = 0; from < bytes.length; from += part) {
                out.write(bytes, from, Math.min(part, bytes.length - from));
                pause();
            }
        }
        other.interrupt();
        other.join();
    }

    @Test
    void tellsOnceOfAFileThatIsWrittenInBursts() throws Exception {
        byte[] bytes = jar(100_000);
        try (DropFolder folder = open(SETTLE)) {
            assertThat(folder).isNotNull();
            writeInBursts(plugins.resolve("a.jar"), bytes);
            await().until(() -> !told.isEmpty());
            assertThat(told).containsExactly((long) bytes.length);
        }
    }

    @Test
    void waitsUntilAFileThatIsOverwrittenInPlaceStaysTheSame() throws Exception {
        byte[] before = jar(50_000);
        byte[] after = jar(100_000);
        Files.write(plugins.resolve("a.jar"), before);
        try (DropFolder folder = open(SETTLE)) {
            assertThat(folder).isNotNull();
            writeInBursts(plugins.resolve("a.jar"), after);
            await().until(() -> told.size() > 1);
            assertThat(told).containsExactly((long) before.length, (long) after.length);
        }
    }

    @Test
    void tellsAtOnceOfACompleteFileThatIsMovedThere() throws Exception {
        try (DropFolder folder = open(NEVER)) {
            assertThat(folder).isNotNull();
            for (int size : new int[] {1_000, 2_000}) {
                byte[] bytes = jar(size);
                Path made = Files.write(outside.resolve("a.jar"), bytes);
                Files.move(made, plugins.resolve("a.jar"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                await().until(() -> told.contains((long) bytes.length));
            }
        }
        assertThat(told).hasSize(2);
    }

    @Test
    void tellsLaterOfATruncatedFileThatIsMovedThere() throws Exception {
        byte[] bytes = jar(1_000);
        Path made = Files.write(outside.resolve("a.jar"), Arrays.copyOf(bytes, bytes.length - 1));
        try (DropFolder folder = open(SETTLE)) {
            assertThat(folder).isNotNull();
            Files.move(made, plugins.resolve("a.jar"), StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> !told.isEmpty());
        }
        assertThat(told).containsExactly((long) bytes.length - 1);
    }

    @Test
    void tellsOfWhatIsDeleted() throws Exception {
        Path file = Files.write(plugins.resolve("a.jar"), jar(10));
        try (DropFolder folder = open(SETTLE)) {
            assertThat(folder).isNotNull();
            assertThat(beginnings.getFirst()).containsExactly("a.jar");
            Files.delete(file);
            await().until(() -> gone.contains("a.jar"));
        }
    }

    @Test
    void tellsOfWhatIsDeletedWhileItChanges() throws Exception {
        try (DropFolder folder = open(NEVER)) {
            assertThat(folder).isNotNull();
            drop("a.jar", 1_000);
            Files.setLastModifiedTime(plugins.resolve("a.jar"), FileTime.fromMillis(1_000_000));
            // the look that tells of this one has seen the other's change
            drop("b.jar", 2_000);
            Files.delete(plugins.resolve("a.jar"));
            await().until(() -> gone.contains("a.jar"));
        }
        assertThat(gone).containsExactly("a.jar");
    }

    /** Moves a JAR there and waits until it is told of. */
    private void drop(String name, int size) throws IOException {
        byte[] bytes = jar(size);
        Path made = Files.write(outside.resolve(name), bytes);
        Files.move(made, plugins.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        await().until(() -> told.contains((long) bytes.length));
    }

    @Test
    void knowsTheEndOfAFileFromTheEndOfOneInIt() throws Exception {
        byte[] inner = jar(100);
        byte[] cut = new byte[500 + inner.length];
        System.arraycopy(inner, 0, cut, 500, inner.length);
        assertThat(EndRecord.isThere(Files.write(outside.resolve("cut.jar"), cut))).isFalse();
        assertThat(EndRecord.isThere(Files.write(outside.resolve("whole.jar"), inner))).isTrue();
        assertThat(EndRecord.isThere(Files.write(outside.resolve("short.jar"), new byte[21]))).isFalse();
        assertThat(EndRecord.isThere(outside.resolve("none.jar"))).isFalse();
        try (RandomAccessFile grown = new RandomAccessFile(outside.resolve("whole.jar").toFile(), "rw")) {
            grown.setLength(grown.length() + 1);
        }
        assertThat(EndRecord.isThere(outside.resolve("whole.jar"))).isFalse();
    }
}
