// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.drop;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a folder for JAR files and tells of each when it stopped changing. Woken by the file
 * system's notifications; looks once a second all the same, for file systems that have none.
 */
public final class DropFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DropFolder.class);
    private static final long LOOK_MS = 1000;

    /** A file that did not change for so long is complete, unless it is no readable JAR. */
    private static final long SETTLE_MS = 100;

    /** A file that is missing for so long was deleted. */
    private static final long GONE_MS = 250;

    /** What is told, always on the watching thread. */
    public interface Listener {
        /** The file is there and did not change for a while. */
        void settled(Path file);

        /** The file is no longer there. */
        void gone(String name);

        /**
         * Every file that was there at the beginning was told of.
         *
         * @param names all of them
         */
        void lookedOnce(Set<String> names);
    }

    private record Stamp(FileTime modified, long size) {}

    private final Path folder;
    private final Listener listener;
    private final WatchService service;
    private final Thread thread;
    private final Map<String, Stamp> seen = new HashMap<>();
    private final Set<String> told = new HashSet<>();

    /** Since when a file is missing, in the terms of nanoTime. */
    private final Map<String, Long> missing = new HashMap<>();

    /**
     * @throws IOException when the folder cannot be made or watched
     */
    public DropFolder(Path folder, Listener listener) throws IOException {
        this.folder = folder;
        this.listener = listener;
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
                WatchKey key = service.poll(wait, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                // files that lie there when the server starts were complete before it was
                boolean moving = look(first);
                if (first) {
                    first = false;
                    listener.lookedOnce(Set.copyOf(seen.keySet()));
                }
                wait = moving ? SETTLE_MS : LOOK_MS;
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            // closed
        }
    }

    /** True when a file may still be changing. */
    private boolean look(boolean first) {
        Map<String, Stamp> now = stamps();
        boolean moving = false;
        for (Map.Entry<String, Stamp> entry : now.entrySet()) {
            String name = entry.getKey();
            Stamp before = seen.put(name, entry.getValue());
            if (!entry.getValue().equals(before)) {
                told.remove(name);
                if (!first) {
                    moving = true;
                    continue;
                }
            }
            if (told.add(name)) {
                listener.settled(folder.resolve(name));
            }
        }
        missing.keySet().removeAll(now.keySet());
        for (String name : Set.copyOf(seen.keySet())) {
            if (!now.containsKey(name)) {
                moving |= !isGone(name);
            }
        }
        return moving;
    }

    /** Many programs replace a file by deleting it and writing it anew: one that is missing may come back. */
    private boolean isGone(String name) {
        long time = System.nanoTime();
        if (time - missing.computeIfAbsent(name, file -> time) < GONE_MS * 1_000_000) {
            return false;
        }
        missing.remove(name);
        seen.remove(name);
        if (told.remove(name)) {
            listener.gone(name);
        }
        return true;
    }

    private Map<String, Stamp> stamps() {
        Map<String, Stamp> stamps = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(DropFolder::isJar).toList()) {
                try {
                    stamps.put(
                            file.getFileName().toString(),
                            new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
                } catch (IOException e) {
                    // gone between the listing and the look
                    log.debug("{} went away", file);
                }
            }
        } catch (IOException e) {
            log.warn("the folder {} cannot be read: {}", folder, e.getMessage());
            return new HashMap<>(seen);
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
