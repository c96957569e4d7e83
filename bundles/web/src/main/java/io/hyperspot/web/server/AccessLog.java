// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code logs/access.log}: one line a request, {@code key=value} fields. Requests only queue their
 * line; one thread writes every 50 ms. The queue is bounded: lines over the bound are counted and
 * dropped rather than slowing requests down. Rotated at 50 MB, one generation kept.
 */
final class AccessLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final int BOUND = 65_536;
    private static final long ROTATE_BYTES = 50_000_000;

    private final Path file;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final Thread writer;
    private volatile boolean closed;

    AccessLog(Path file) {
        this.file = file;
        writer = Thread.ofPlatform().daemon().name("web-access-log").start(this::run);
    }

    void add(String line) {
        if (queued.incrementAndGet() > BOUND) {
            queued.decrementAndGet();
            dropped.increment();
            return;
        }
        lines.add(line);
    }

    private void run() {
        boolean last = false;
        while (!last) {
            last = closed;
            if (!lines.isEmpty()) {
                try {
                    write();
                } catch (IOException e) {
                    log.warn("the access log {} cannot be written: {}", file, e.getMessage());
                    lines.clear();
                    queued.set(0);
                }
            }
            if (!last) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    private void write() throws IOException {
        if (Files.exists(file) && Files.size(file) > ROTATE_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.createDirectories(file.getParent());
        try (OutputStream out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), 65_536)) {
            for (String line = lines.poll(); line != null; line = lines.poll()) {
                queued.decrementAndGet();
                out.write(line.getBytes(StandardCharsets.UTF_8));
                out.write('\n');
            }
            long lost = dropped.sumThenReset();
            if (lost > 0) {
                out.write(("dropped=" + lost + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Writes what is queued. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
