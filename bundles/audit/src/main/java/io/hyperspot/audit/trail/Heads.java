// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest signed end of each trail, outside of the database: whoever cuts off records there does not
 * reach it. A line each: {@code <tenant> <seq> <hash> <milliseconds> <signature in base64>}. Thread-safe.
 */
final class Heads {
    private final Path file;
    private final Map<String, SignedPoint> newest = new ConcurrentSkipListMap<>();
    private volatile boolean grown;

    Heads(Path file) {
        this.file = file;
    }

    /**
     * @throws IOException when the file is there and cannot be read
     */
    void load() throws IOException {
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                String[] words = line.split(" ");
                Point point = new Point(Point.Kind.HEAD, words[0], Long.parseLong(words[1]), words[2]);
                newest.put(
                        words[0],
                        new SignedPoint(point, Long.parseLong(words[3]), Base64.getDecoder().decode(words[4])));
            }
        } catch (NoSuchFileException e) {
            // nothing was recorded yet
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException(file + " holds no heads of trails; restore it, or move it away to begin anew", e);
        }
    }

    @Nullable SignedPoint of(String tenant) {
        return newest.get(tenant);
    }

    void grown(SignedPoint head) {
        newest.merge(head.point().tenant(), head, (before, next) -> next.point().seq() > before.point().seq() ? next : before);
        grown = true;
    }

    /** Writes what has grown since. Called by one thread at a time. */
    void save() throws IOException {
        if (!grown) {
            return;
        }
        grown = false;
        StringBuilder lines = new StringBuilder();
        newest.forEach((tenant, head) -> lines.append(tenant)
                .append(' ')
                .append(head.point().seq())
                .append(' ')
                .append(head.point().hash())
                .append(' ')
                .append(head.at())
                .append(' ')
                .append(Base64.getEncoder().encodeToString(head.signature()))
                .append('\n'));
        try {
            PrivateFile.write(file, lines.toString());
        } catch (IOException e) {
            grown = true;
            throw e;
        }
    }
}
