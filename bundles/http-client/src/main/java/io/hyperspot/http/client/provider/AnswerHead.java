// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Status line and header section of an answer, strictly read (RFC 9112): every shape that two
 * readers could understand differently is refused.
 */
final class AnswerHead {
    /** Status line, header section and interim answers together. */
    static final int MAX_BYTES = 64 * 1024;

    private static final int FIELD = 4;
    private static final String START = "HTTP/1.";

    private final byte[] bytes;
    /** For each field: begin and end of its name, begin and end of its value. */
    private int[] fields = new int[FIELD * 16];

    private int size;
    private int status;
    private boolean oldVersion;
    private boolean closes;
    private boolean chunked;
    private long length = -1;

    private AnswerHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The index behind the empty line that ends a header section, or -1 when it has not arrived.
     *
     * @param begin of the header section
     * @param from what was not looked at yet
     * @throws ProtocolException as soon as it is clear that no proper head will come
     */
    static int end(byte[] bytes, int begin, int from, int to) throws ProtocolException {
        for (int i = begin; i < to && i < begin + START.length(); i++) {
            if (bytes[i] != START.charAt(i - begin)) {
                throw new ProtocolException("the answer is not HTTP/1.1");
            }
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                if (i == begin || bytes[i - 1] != '\r') {
                    throw new ProtocolException("a bare line feed in the header section");
                }
                if (i - 2 > begin && bytes[i - 2] == '\n') {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    /** Reads a complete header section, its empty line included. */
    static AnswerHead parse(byte[] buffer, int from, int to) throws ProtocolException {
        AnswerHead head = new AnswerHead(Arrays.copyOfRange(buffer, from, to));
        int next = head.statusLine();
        int last = head.bytes.length - 2;
        while (next < last) {
            next = head.field(next);
        }
        head.framing();
        return head;
    }

    private int statusLine() throws ProtocolException {
        int end = lineEnd(0);
        boolean known = end >= 12
                && (bytes[7] == '0' || bytes[7] == '1')
                && bytes[8] == ' '
                && (end == 12 || bytes[12] == ' ');
        if (!known) {
            throw new ProtocolException("the answer is not HTTP/1.1");
        }
        oldVersion = bytes[7] == '0';
        for (int i = 9; i < 12; i++) {
            if (!isDigit(bytes[i])) {
                throw new ProtocolException("the status is not a number");
            }
            status = status * 10 + bytes[i] - '0';
        }
        if (status < 100 || status > 599) {
            throw new ProtocolException("there is no status " + status);
        }
        return end + 2;
    }

    /** Where the line ends: always with CR LF, and no other control character is within it. */
    private int lineEnd(int from) throws ProtocolException {
        for (int i = from; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            if (c == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                return i;
            }
            if ((c < ' ' && c != '\t') || c == 127) {
                throw new ProtocolException("a control character in the header section");
            }
        }
        throw new ProtocolException("a header line without end");
    }

    private int field(int from) throws ProtocolException {
        int colon = from;
        while (RequestHead.isTokenChar(bytes[colon])) {
            colon++;
        }
        if (colon == from || bytes[colon] != ':') {
            throw new ProtocolException("a header line without a proper name");
        }
        int end = lineEnd(colon + 1);
        int begin = colon + 1;
        int stop = end;
        while (begin < stop && isBlank(bytes[begin])) {
            begin++;
        }
        while (stop > begin && isBlank(bytes[stop - 1])) {
            stop--;
        }
        if (size == fields.length) {
            fields = Arrays.copyOf(fields, size * 2);
        }
        fields[size++] = from;
        fields[size++] = colon;
        fields[size++] = begin;
        fields[size++] = stop;
        return end + 2;
    }

    private void framing() throws ProtocolException {
        for (int i = 0; i < size; i += FIELD) {
            switch (fields[i + 1] - fields[i]) {
                case 10 -> closes |= is(i, "connection") && holdsToken(i, "close");
                case 14 -> {
                    if (is(i, "content-length")) {
                        if (length >= 0) {
                            throw new ProtocolException("two Content-Length headers");
                        }
                        length = number(fields[i + 2], fields[i + 3]);
                    }
                }
                case 17 -> {
                    if (is(i, "transfer-encoding")) {
                        if (chunked || !equal(fields[i + 2], fields[i + 3], "chunked")) {
                            throw new ProtocolException("a transfer coding other than chunked");
                        }
                        chunked = true;
                    }
                }
                default -> {}
            }
        }
        if (chunked && length >= 0) {
            throw new ProtocolException("Content-Length together with Transfer-Encoding");
        }
        if (chunked && oldVersion) {
            throw new ProtocolException("Transfer-Encoding in an HTTP/1.0 answer");
        }
    }

    private long number(int from, int to) throws ProtocolException {
        if (from == to || to - from > 18) {
            throw new ProtocolException("Content-Length is not a length");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!isDigit(bytes[i])) {
                throw new ProtocolException("Content-Length is not a length");
            }
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    private boolean holdsToken(int field, String token) {
        int from = fields[field + 2];
        int to = fields[field + 3];
        while (from < to) {
            int comma = from;
            while (comma < to && bytes[comma] != ',') {
                comma++;
            }
            int stop = comma;
            while (from < stop && isBlank(bytes[from])) {
                from++;
            }
            while (stop > from && isBlank(bytes[stop - 1])) {
                stop--;
            }
            if (equal(from, stop, token)) {
                return true;
            }
            from = comma + 1;
        }
        return false;
    }

    private boolean is(int field, String lowerCaseName) {
        return equal(fields[field], fields[field + 1], lowerCaseName);
    }

    /** Ignores case; the other side must be in lower case. */
    private boolean equal(int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            int c = bytes[i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase.charAt(i - from)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    int status() {
        return status;
    }

    boolean isInterim() throws ProtocolException {
        if (status == 101) {
            throw new ProtocolException("the answer switches to a protocol that nobody asked for");
        }
        return status < 200;
    }

    boolean isChunked() {
        return chunked;
    }

    /** As declared, or -1. */
    long length() {
        return length;
    }

    /** The connection can serve another request when this answer has ended. */
    boolean keepsConnection() {
        return !closes && !oldVersion;
    }

    @Nullable String header(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        for (int i = 0; i < size; i += FIELD) {
            if (is(i, lower)) {
                int from = fields[i + 2];
                return new String(bytes, from, fields[i + 3] - from, StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    static ProtocolException tooLarge() {
        return new ProtocolException(Kind.TOO_LARGE, "the header section is larger than " + MAX_BYTES + " bytes");
    }
}
