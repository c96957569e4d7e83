// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.drop;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a folder for JAR files and tells of each when it stopped changing, at once of one that was moved
 * there complete. Woken by the file system's notifications; looks once a second all the same, for file
 * systems that have none.
 */
public final class DropFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DropFolder.class);
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final long GONE_LOOK_NANOS = 100_000_000;

    /** A file that did not change for so long is complete, unless it is no readable JAR. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** A file that is missing for so long was deleted. */
    private static final long GONE_MS = 250;

    /** What is told, always on the watching thread. */
    public interface Listener {
        /** The file is there and did not change for a while. */
        void settled(Path file);

        /** The file is no longer there; it may never have been told of. */
        void gone(String name);

        /**
         * Every file that was there at the beginning was told of.
         *
         * @param names all of them
         */
        void lookedOnce(Set<String> names);
    }

    /**
     * What a look saw.
     *
     * @param key what the file system knows the file by, where it does; another one was put in its place
     */
    private record Stamp(@Nullable Object key, FileTime modified, long size) {}

    /**
     * A file as it is since a moment.
     *
     * @param since in the terms of nanoTime
     */
    private record Seen(Stamp stamp, long since) {}

    private final Path folder;
    private final Listener listener;
    private final WatchService service;
    private final long settleNanos;
    private final Thread thread;
    private final Map<String, Seen> seen = new HashMap<>();

    /** Files that were told of as they are now. */
    private final Set<String> told = new HashSet<>();

    /** Since when a file is missing, in the terms of nanoTime. */
    private final Map<String, Long> missing = new HashMap<>();

    /**
     * @throws IOException when the folder cannot be made or watched
     */
    public DropFolder(Path folder, Listener listener) throws IOException {
        this(folder, listener, SETTLE);
    }

    DropFolder(Path folder, Listener listener, Duration settle) throws IOException {
        this.folder = folder;
        this.listener = listener;
        settleNanos = settle.toNanos();
        Files.createDirectories(folder);
        service = folder.getFileSystem().newWatchService();
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        thread = Thread.ofPlatform().daemon().name("plugins-watch").unstarted(this::run);
    }

    public void open() {
        thread.start();
    }

    private void run() {
        try {
            boolean first = true;
            long wait = 0;
            while (true) {
                WatchKey key = service.poll(wait, TimeUnit.NANOSECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                // files that lie there when the server starts were complete before it was
                wait = look(first);
                if (first) {
                    first = false;
                    listener.lookedOnce(Set.copyOf(seen.keySet()));
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // closed
        }
    }

    /** Tells of what has settled or gone; returns the nanoseconds until the next look. */
    private long look(boolean first) {
        Map<String, Stamp> now = stamps();
        long time = System.nanoTime();
        long wait = LOOK_NANOS;
        for (Map.Entry<String, Stamp> entry : now.entrySet()) {
            String name = entry.getKey();
            Stamp stamp = entry.getValue();
            Seen before = seen.get(name);
            Seen is = before != null && stamp.equals(before.stamp()) ? before : new Seen(stamp, time);
            boolean complete = first;
            if (!is.equals(before)) {
                told.remove(name);
                seen.put(name, is);
                complete |= isOther(before, stamp) && EndRecord.isThere(folder.resolve(name));
            }
            if (told.contains(name)) {
                continue;
            }
            long left = settleNanos - (time - is.since());
            // other events wake the thread too: that two looks see the same tells nothing
            if (complete || left <= 0) {
                told.add(name);
                listener.settled(folder.resolve(name));
            } else {
                wait = Math.min(wait, left);
            }
        }
        missing.keySet().removeAll(now.keySet());
        for (String name : Set.copyOf(seen.keySet())) {
            if (!now.containsKey(name) && !isGone(name)) {
                wait = Math.min(wait, GONE_LOOK_NANOS);
            }
        }
        return wait;
    }

    /** Whether a file is no longer the same one that is written on. */
    private static boolean isOther(@Nullable Seen before, Stamp now) {
        return before == null || (now.key() != null && !now.key().equals(before.stamp().key()));
    }

    /** Many programs replace a file by deleting it and writing it anew: one that is missing may come back. */
    private boolean isGone(String name) {
        long time = System.nanoTime();
        if (time - missing.computeIfAbsent(name, file -> time) < GONE_MS * 1_000_000) {
            return false;
        }
        missing.remove(name);
        seen.remove(name);
        told.remove(name);
        listener.gone(name);
        return true;
    }

    private Map<String, Stamp> stamps() {
        Map<String, Stamp> stamps = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(DropFolder::isJar).toList()) {
                try {
                    BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
                    stamps.put(
                            file.getFileName().toString(), new Stamp(is.fileKey(), is.lastModifiedTime(), is.size()));
                } catch (IOException e) {
                    // gone between the listing and the look
                    log.debug("{} went away", file);
                }
            }
        } catch (IOException e) {
            log.warn("the folder {} cannot be read: {}", folder, e.getMessage());
            seen.forEach((name, is) -> stamps.put(name, is.stamp()));
        }
        return stamps;
    }

    private static boolean isJar(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar") && !name.startsWith(".") && Files.isRegularFile(file);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            service.close();
            thread.join(1000);
        } catch (IOException e) {
            log.debug("the watch service did not close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
