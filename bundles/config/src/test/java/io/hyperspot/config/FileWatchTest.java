// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();
    private volatile String content = "";

    private FileWatch watch(Path file) throws Exception {
        return new FileWatch(file, () -> {
            runs.incrementAndGet();
            try {
                content = Files.exists(file) ? Files.readString(file) : "gone";
            } catch (java.io.IOException e) {
                content = "unreadable";
            }
        });
    }

    @Test
    void seesWritesReplacementsAndDeletions() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        try (FileWatch watch = watch(file)) {
            assertThat(watch).isNotNull();
            Files.writeString(file, "two two");
            await().until(() -> content.equals("two two"));
            Path next = Files.writeString(folder.resolve("a.yaml.new"), "by rename");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> content.equals("by rename"));
            Files.delete(file);
            await().until(() -> content.equals("gone"));
            Files.writeString(file, "again");
            await().until(() -> content.equals("again"));
        }
    }

    @Test
    void seesAReplacementOfTheSameSizeAndTime() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        try (FileWatch watch = watch(file)) {
            assertThat(watch).isNotNull();
            Path next = Files.writeString(folder.resolve("a.yaml.new"), "two");
            Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> content.equals("two"));
        }
    }

    @Test
    void waitsForAFileInAFolderThatIsNotThere() throws Exception {
        Path file = folder.resolve("new/folder/a.yaml");
        try (FileWatch watch = watch(file)) {
            assertThat(watch).isNotNull();
            Files.writeString(file, "first");
            await().until(() -> content.equals("first"));
        }
    }

    @Test
    void goesOnAfterAnActionThatFails() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        FileWatch watch = new FileWatch(file, () -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
        });
        try (watch) {
            Files.writeString(file, "two two");
            await().until(() -> runs.get() == 1);
            Files.writeString(file, "three three three");
            await().until(() -> runs.get() >= 2);
        }
    }

    @Test
    void looksAtNothingOnceClosed() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        watch(file).close();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().equals("config-watch"));
        assertThat(runs).hasValue(0);
    }
}
