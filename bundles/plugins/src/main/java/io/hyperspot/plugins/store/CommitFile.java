// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.store;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The file with everything that was decided about plugins. Written beside itself, forced to the disk
 * and renamed: whenever the process dies, the file is one commit or the next. Thread-safe.
 */
public final class CommitFile {
    private final Path file;
    private final ObjectMapper json = new ObjectMapper();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<String, Commit> commits = new TreeMap<>();

    /**
     * @throws IOException when there is a file that cannot be read: starting without it would lose plugins
     */
    public CommitFile(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (Commit commit : json.readValue(Files.readAllBytes(file), new TypeReference<List<Commit>>() {})) {
                commits.put(commit.id(), commit);
            }
        }
    }

    /** What was committed, by plugin id. */
    public Map<String, Commit> commits() {
        writing.lock();
        try {
            return new LinkedHashMap<>(commits);
        } finally {
            writing.unlock();
        }
    }

    /** The SHA-256 of all versions that somebody may want again. */
    public Set<String> wanted() {
        return commits().values().stream()
                .flatMap(commit -> commit.versions().stream())
                .map(Commit.Entry::sha256)
                .collect(Collectors.toSet());
    }

    /**
     * Replaces the commit of one plugin. Durable on return.
     *
     * @param commit null: the plugin is gone
     * @throws IOException when it cannot be written; the commit before stands
     */
    public void put(String id, @Nullable Commit commit) throws IOException {
        writing.lock();
        try {
            Map<String, Commit> next = new TreeMap<>(commits);
            if (commit == null) {
                next.remove(id);
            } else {
                next.put(id, commit);
            }
            write(next);
            commits.clear();
            commits.putAll(next);
        } finally {
            writing.unlock();
        }
    }

    private void write(Map<String, Commit> next) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(
                    json.writerWithDefaultPrettyPrinter().writeValueAsBytes(next.values()));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
