// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines in a file of at most {@value #MAX_BYTES} bytes; the one before is kept beside it. Made by the first
 * line. When the disk fails, it is silent. Guarded by its owner's lock.
 */
final class RotatingFile implements AutoCloseable {
    static final long MAX_BYTES = 10_000_000;
    private static final Logger log = LoggerFactory.getLogger(RotatingFile.class);

    private final Path file;
    private final long maxBytes;
    private @Nullable OutputStream out;
    private long size;
    private boolean closed;

    RotatingFile(Path file) {
        this(file, MAX_BYTES);
    }

    RotatingFile(Path file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    void write(String line) {
        if (closed) {
            return;
        }
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            OutputStream target = out == null ? open() : out;
            if (size > 0 && size + bytes.length > maxBytes) {
                target.close();
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                target = open();
            }
            target.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            log.warn("{} cannot be written any more: {}", file, e.toString());
            close();
        }
    }

    private OutputStream open() throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        OutputStream opened = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out = opened;
        size = Files.size(file);
        return opened;
    }

    @Override
    public void close() {
        closed = true;
        try (OutputStream _ = out) {
            out = null;
        } catch (IOException e) {
            log.debug("{} was not closed", file, e);
        }
    }
}
