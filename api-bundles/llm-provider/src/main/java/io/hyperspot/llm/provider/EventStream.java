// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Splits a stream of server-sent events into their data; comments and other fields are dropped. Used by one thread. */
public final class EventStream {
    /** Takes an event's data, as UTF-8. */
    @FunctionalInterface
    public interface Listener {
        void data(byte[] bytes) throws Exception;
    }

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final int maxEvent;
    private final Problems problems;
    private final Listener listener;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    private final ByteArrayOutputStream data = new ByteArrayOutputStream(512);
    private boolean afterReturn;

    /**
     * @param maxEvent the most bytes that one event may take
     */
    EventStream(int maxEvent, Problems problems, Listener listener) {
        this.maxEvent = maxEvent;
        this.problems = problems;
        this.listener = listener;
    }

    void feed(byte[] bytes, int length) throws Exception {
        int from = 0;
        for (int i = 0; i < length; i++) {
            byte c = bytes[i];
            if (c != '\n' && c != '\r') {
                afterReturn = false;
                continue;
            }
            if (c == '\n' && afterReturn) {
                afterReturn = false;
                from = i + 1;
                continue;
            }
            afterReturn = c == '\r';
            keep(bytes, from, i - from);
            from = i + 1;
            endLine();
        }
        keep(bytes, from, length - from);
    }

    /** The stream has ended; an event may lack the empty line behind it. */
    void end() throws Exception {
        endLine();
        endEvent();
    }

    private void keep(byte[] bytes, int from, int count) {
        if (line.size() + data.size() + count > maxEvent) {
            throw problems.garbage("an event of more than " + maxEvent + " bytes", null);
        }
        line.write(bytes, from, count);
    }

    private void endLine() throws Exception {
        if (line.size() == 0) {
            endEvent();
            return;
        }
        byte[] text = line.toByteArray();
        line.reset();
        if (startsWithData(text)) {
            int from = DATA.length < text.length && text[DATA.length] == ' ' ? DATA.length + 1 : DATA.length;
            if (data.size() > 0) {
                data.write('\n');
            }
            data.write(text, from, text.length - from);
        }
    }

    private static boolean startsWithData(byte[] text) {
        if (text.length < DATA.length) {
            return false;
        }
        for (int i = 0; i < DATA.length; i++) {
            if (text[i] != DATA[i]) {
                return false;
            }
        }
        return true;
    }

    private void endEvent() throws Exception {
        if (data.size() > 0) {
            byte[] whole = data.toByteArray();
            data.reset();
            listener.data(whole);
        }
    }
}
