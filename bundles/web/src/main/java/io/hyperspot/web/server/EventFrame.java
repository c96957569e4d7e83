// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The format of server-sent events (WHATWG HTML, section 9.2.6). */
final class EventFrame {
    private EventFrame() {}

    /**
     * @throws IllegalArgumentException when name or id cannot be written in one line
     */
    static byte[] of(@Nullable String event, @Nullable String id, String data) {
        StringBuilder frame = new StringBuilder(data.length() + 32);
        field(frame, "event", event);
        field(frame, "id", id);
        int start = 0;
        for (int i = 0; i <= data.length(); i++) {
            char c = i == data.length() ? '\n' : data.charAt(i);
            if (c == '\n' || c == '\r') {
                frame.append("data: ").append(data, start, i).append('\n');
                if (c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
        return frame.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void field(StringBuilder frame, String name, @Nullable String value) {
        if (value == null) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\n' || c == '\r' || c == 0) {
                throw new IllegalArgumentException("the " + name + " of an event must not have a line break or a NUL");
            }
        }
        frame.append(name).append(": ").append(value).append('\n');
    }

    /** Whether the bytes end with an empty line; when in doubt, not. */
    static boolean endsEvent(byte[] bytes, int offset, int length) {
        int end = offset + length;
        if (length < 2 || (bytes[end - 1] != '\n' && bytes[end - 1] != '\r')) {
            return false;
        }
        if (bytes[end - 1] == bytes[end - 2]) {
            return true;
        }
        return length >= 3 && bytes[end - 1] == '\n' && bytes[end - 2] == '\r' && (bytes[end - 3] == '\n' || bytes[end - 3] == '\r');
    }
}
