// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process says to people, over its runs: the last lines in memory, all in a file that rotates,
 * and at debug level in the log, at most {@value #LINES_PER_SECOND} a second. Thread-safe.
 */
final class ProcessLog implements AutoCloseable {
    static final int LINES_PER_SECOND = 50;
    static final int KEPT_LINES = 1_000;
    static final int KEPT_CHARS = 256 * 1024;
    /** Of the lines that are told when it fails. */
    private static final int LAST_WORDS = 20;

    private static final Logger log = LoggerFactory.getLogger(ProcessLog.class);
    private static final int MAX_LENGTH = 2_000;

    private final String name;
    private final LongSupplier nanoTime;
    private final RotatingFile file;
    private final ArrayDeque<LogLine> kept = new ArrayDeque<>();
    private int keptChars;
    private long second;
    private int inSecond;
    private long dropped;

    /**
     * @param folder for the file
     */
    ProcessLog(String name, Path folder, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.file = new RotatingFile(folder.resolve(name + ".log"));
        this.second = nanoTime.getAsLong();
    }

    /** Reads to the end of the stream, whatever comes. */
    void drain(LogLine.Stream stream, InputStream in, Consumer<String> listener) {
        Lines lines = new Lines(in, MAX_LENGTH, Lines.Overlong.CUT);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                listener.accept(add(stream, line));
            }
        } catch (IOException e) {
            log.trace("the output of {} ended", name, e);
        }
    }

    /** Returns the line as it is kept. */
    String add(LogLine.Stream stream, byte[] line) {
        String text = new String(line, 0, Math.min(line.length, 2 * MAX_LENGTH), StandardCharsets.UTF_8).stripTrailing();
        String cut = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
        if (!cut.isEmpty()) {
            add(new LogLine(Instant.now(), stream, cut));
        }
        return cut;
    }

    private synchronized void add(LogLine line) {
        kept.addLast(line);
        keptChars += line.text().length();
        while (kept.size() > KEPT_LINES || keptChars > KEPT_CHARS) {
            keptChars -= kept.removeFirst().text().length();
        }
        file.write(line.time() + " " + line.stream() + " " + line.text());
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
            log.debug("{}: {}", name, line.text());
        } else {
            dropped++;
        }
    }

    /** The last lines, oldest first. */
    synchronized List<LogLine> last(int lines) {
        return kept.stream().skip(Math.max(0, kept.size() - Math.max(0, lines))).toList();
    }

    /** What to tell when it fails. */
    String lastWords() {
        return String.join("\n", last(LAST_WORDS).stream().map(LogLine::text).toList());
    }

    @Override
    public synchronized void close() {
        file.close();
    }
}
