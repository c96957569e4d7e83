// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a child says to people: at debug level line by line, at most {@value #LINES_PER_SECOND} a
 * second; the last lines are kept, to be told when it fails. Thread-safe.
 */
final class ErrorOutput {
    static final int LINES_PER_SECOND = 50;
    private static final Logger log = LoggerFactory.getLogger(ErrorOutput.class);
    private static final int MAX_LENGTH = 2_000;
    private static final int KEPT = 20;

    private final String name;
    private final LongSupplier nanoTime;
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private long second;
    private int inSecond;
    private long dropped;

    ErrorOutput(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.second = nanoTime.getAsLong();
    }

    /** Reads to the end of the stream, whatever comes. */
    void drain(InputStream in) {
        Lines lines = new Lines(in, MAX_LENGTH, Lines.Overlong.CUT);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                add(new String(line, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            log.trace("the error output of {} ended", name, e);
        }
    }

    synchronized void add(String text) {
        String line = text.strip();
        if (line.isEmpty()) {
            return;
        }
        if (line.length() > MAX_LENGTH) {
            line = line.substring(0, MAX_LENGTH);
        }
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
        long now = nanoTime.getAsLong();
        if (now - second >= 1_000_000_000L) {
            if (dropped > 0) {
                log.debug("{}: {} lines left out", name, dropped);
            }
            second = now;
            inSecond = 0;
            dropped = 0;
        }
        if (inSecond++ < LINES_PER_SECOND) {
            log.debug("{}: {}", name, line);
        } else {
            dropped++;
        }
    }

    /** The last lines, oldest first. */
    synchronized List<String> last() {
        return List.copyOf(last);
    }
}
