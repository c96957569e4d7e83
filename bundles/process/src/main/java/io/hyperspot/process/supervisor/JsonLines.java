// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The protocol on a child's streams: what waits in the outbox goes in, what it says comes out. */
final class JsonLines {
    /** Hears what the process says, on the process's own threads. */
    interface Listener {
        void said(Envelope envelope);

        /** It broke the protocol; it still runs. */
        void broke(String why);
    }

    private static final Logger log = LoggerFactory.getLogger(JsonLines.class);
    /** Between the end of its output and its own. */
    private static final Duration END = Duration.ofSeconds(2);

    private JsonLines() {}

    static void write(Outbox outbox, OutputStream in) {
        try (in) {
            for (byte[] line = outbox.take(); line != null; line = outbox.take()) {
                in.write(line);
                in.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The process ends, or has; whoever waits for it says why.
            log.trace("the input of a child ended", e);
        }
    }

    static void read(OsProcess process, InputStream out, ProcessLog said, Listener listener) {
        Lines lines = new Lines(out, Envelope.MAX_LINE, Lines.Overlong.FAIL);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > 0 && line[0] == '{') {
                    listener.said(Envelope.read(line));
                } else {
                    said.add(LogLine.Stream.OUTPUT, line);
                }
            }
        } catch (IOException | RuntimeException e) {
            listener.broke(e.getMessage() == null ? e.toString() : e.getMessage());
            return;
        }
        try {
            if (!process.awaitExit(END)) {
                listener.broke("it closed its output");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
