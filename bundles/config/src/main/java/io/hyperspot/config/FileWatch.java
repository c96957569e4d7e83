// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action when a file's content may have changed. Watches the folder, because editors
 * replace files; looks at the file every second too, because folders on a network tell nothing.
 */
final class FileWatch implements AutoCloseable {
    private static final long SETTLE_MS = 30;

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private record Stamp(FileTime modified, long size, @Nullable Object file) {}

    private final Path file;
    private final Runnable action;
    private final WatchService service;
    private final Thread thread;
    private Stamp seen;

    FileWatch(Path file, Runnable action) throws IOException {
        this.file = file.toAbsolutePath();
        this.action = action;
        Path folder = Objects.requireNonNull(this.file.getParent(), "a file stands in a folder");
        Files.createDirectories(folder);
        service = folder.getFileSystem().newWatchService();
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        seen = stamp();
        thread = Thread.ofPlatform().daemon().name("config-watch").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    // an editor writes in several steps
                    Thread.sleep(SETTLE_MS);
                    key.pollEvents();
                    key.reset();
                }
                Stamp now = stamp();
                if (!now.equals(seen)) {
                    seen = now;
                    act();
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // closed
        }
    }

    /** A failure must not end the watch: the next change may mend what was wrong. */
    private void act() {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("the change of {} was not taken over", file, e);
        }
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException e) {
            return new Stamp(FileTime.fromMillis(0), -1, null);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            service.close();
            thread.join(1000);
        } catch (IOException e) {
            // nothing depends on it any more
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
