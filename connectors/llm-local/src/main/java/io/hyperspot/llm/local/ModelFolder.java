// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models of a folder, looked at again at most once a second. Thread-safe. */
final class ModelFolder {
    private static final Logger log = LoggerFactory.getLogger(ModelFolder.class);
    private static final String SUFFIX = ".gguf";
    private static final long FRESH_NANOS = 1_000_000_000L;

    private record Found(SortedMap<String, Path> models, long at) {}

    private final Path folder;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Found found;

    ModelFolder(Path folder, LongSupplier nanoTime) {
        this.folder = folder;
        this.nanoTime = nanoTime;
        this.found = new Found(look(), nanoTime.getAsLong());
    }

    Path folder() {
        return folder;
    }

    /** Files by model name; unmodifiable. */
    SortedMap<String, Path> models() {
        Found last = found;
        long now = nanoTime.getAsLong();
        // Whoever comes while another looks is served from memory.
        if (now - last.at() < FRESH_NANOS || !looking.tryLock()) {
            return last.models();
        }
        try {
            SortedMap<String, Path> models = look();
            if (!models.keySet().equals(last.models().keySet())) {
                log.atInfo().addKeyValue("models", models.keySet()).log("the models of the folder changed");
            }
            found = new Found(models, now);
            return models;
        } finally {
            looking.unlock();
        }
    }

    private SortedMap<String, Path> look() {
        SortedMap<String, Path> models = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.length() > SUFFIX.length() && Files.isRegularFile(file)) {
                    models.put(name.substring(0, name.length() - SUFFIX.length()), file);
                }
            }
        } catch (NoSuchFileException e) {
            log.trace("no folder {}", folder, e);
        } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
            log.warn("cannot read the folder of models {}", folder, e);
        }
        return Collections.unmodifiableSortedMap(models);
    }
}
