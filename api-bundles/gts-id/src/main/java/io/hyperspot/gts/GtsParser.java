// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent over one text. No regular expressions: ids are parsed on every request, and a
 * position is owed to whoever mistyped one.
 */
final class GtsParser {
    static final String PREFIX = "gts.";
    static final int MAX_LENGTH = 1024;
    static final int NAMES = 4;

    private static final int UUID_LENGTH = 36;
    private static final String TOKEN = "a token of a-z, 0-9 and _ that does not start with a digit";
    private static final String VERSION = "a version such as v1 or v1.2";
    private static final String[] NAMED = {"vendor", "package", "namespace", "type"};

    /**
     * The open last segment of a pattern.
     *
     * @param names those given before the {@code *}
     * @param major -1 when not given
     */
    record Wildcard(List<String> names, int major) {}

    /**
     * What a text says.
     *
     * @param segments the complete ones; a UUID tail is {@link GtsSegment#UUID_TAIL}
     */
    record Parsed(List<GtsSegment> segments, @Nullable String uuidTail, @Nullable Wildcard wildcard) {}

    private final String text;
    private final boolean wildcardAllowed;
    private final List<GtsSegment> segments = new ArrayList<>(3);
    private int at;
    private @Nullable Wildcard wildcard;

    private GtsParser(String text, boolean wildcardAllowed) {
        this.text = text;
        this.wildcardAllowed = wildcardAllowed;
    }

    static Parsed parse(String text, boolean wildcardAllowed) {
        return new GtsParser(text, wildcardAllowed).parse();
    }

    private Parsed parse() {
        if (text.length() > MAX_LENGTH) {
            throw expected(MAX_LENGTH, "at most " + MAX_LENGTH + " characters");
        }
        if (!text.startsWith(PREFIX)) {
            throw expected(0, "'" + PREFIX + "'");
        }
        at = PREFIX.length();
        String uuidTail = null;
        boolean open = true;
        while (open) {
            if (!segments.isEmpty() && uuidAhead()) {
                uuidTail = uuid();
                segments.add(GtsSegment.UUID_TAIL);
                open = false;
            } else {
                open = segment();
            }
        }
        if (at < text.length()) {
            throw expected(at, uuidTail == null && wildcard == null ? "'~' or the end" : "the end");
        }
        return new Parsed(List.copyOf(segments), uuidTail, wildcard);
    }

    /** Reads a segment; true when another one follows. */
    private boolean segment() {
        int start = at;
        String[] names = new String[NAMES];
        for (int i = 0; i < NAMES; i++) {
            if (star(names, i, -1)) {
                return false;
            }
            names[i] = token(i);
            if (i == 0 && names[0].equals("gts")) {
                throw expected(start, "a vendor: 'gts.' stands once, at the start");
            }
            if (at >= text.length() || text.charAt(at) != '.') {
                throw expected(at, "'.' and " + (i + 1 < NAMES ? "the " + NAMED[i + 1] : VERSION));
            }
            at++;
        }
        if (star(names, NAMES, -1)) {
            return false;
        }
        if (at >= text.length() || text.charAt(at) != 'v') {
            throw expected(at, VERSION);
        }
        at++;
        int major = number();
        int minor = GtsSegment.NO_MINOR;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (star(names, NAMES, major)) {
                return false;
            }
            minor = number();
        }
        boolean type = at < text.length() && text.charAt(at) == '~';
        if (!type && segments.isEmpty()) {
            throw expected(at, "'~': an instance needs a type before it");
        }
        segments.add(new GtsSegment(names[0], names[1], names[2], names[3], major, minor, type));
        if (type) {
            at++;
        }
        return type && at < text.length();
    }

    private boolean star(String[] names, int given, int major) {
        if (at >= text.length() || text.charAt(at) != '*') {
            return false;
        }
        if (!wildcardAllowed) {
            throw expected(at, "no '*': a pattern is not an id");
        }
        at++;
        wildcard = new Wildcard(List.of(Arrays.copyOf(names, given)), major);
        return true;
    }

    private String token(int index) {
        int start = at;
        while (at < text.length() && tokenChar(text.charAt(at), at > start)) {
            at++;
        }
        if (at == start) {
            boolean first = index == 0 && !segments.isEmpty();
            throw expected(at, "the " + NAMED[index] + ", " + TOKEN + (first ? ", or a UUID" : ""));
        }
        return text.substring(start, at);
    }

    private static boolean tokenChar(char c, boolean digits) {
        return (c >= 'a' && c <= 'z') || c == '_' || (digits && c >= '0' && c <= '9');
    }

    private int number() {
        int start = at;
        long value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = value * 10 + (text.charAt(at) - '0');
            if (value > Integer.MAX_VALUE) {
                throw expected(start, "a number up to " + Integer.MAX_VALUE);
            }
            at++;
        }
        if (at == start || (at - start > 1 && text.charAt(start) == '0')) {
            throw expected(start, "a number without leading zeros");
        }
        return (int) value;
    }

    private boolean uuidAhead() {
        return text.length() - at == UUID_LENGTH && text.charAt(at + 8) == '-';
    }

    private String uuid() {
        int start = at;
        for (; at < text.length(); at++) {
            int i = at - start;
            char c = text.charAt(at);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                throw expected(at, dash ? "'-' of a UUID" : "a lower-case hexadecimal digit of a UUID");
            }
        }
        return text.substring(start, at);
    }

    private GtsSyntaxException expected(int position, String what) {
        return new GtsSyntaxException(text, position, what);
    }
}
