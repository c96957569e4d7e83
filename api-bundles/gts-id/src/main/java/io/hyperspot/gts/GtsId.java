// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An identifier of the Global Type System: a type ({@code gts.acme.shop.orders.order.v1~}), a
 * well-known instance ({@code <type>acme.shop.orders.first.v1}) or an anonymous instance of a type
 * ({@code <type><uuid>}). Immutable; equal when the text is equal, ordered by text.
 *
 * <p>{@code v1~} and {@code v1.0~} are different ids.
 */
public final class GtsId implements Comparable<GtsId> {
    private static final String SCHEME = "gts://";

    private final String text;
    private final List<GtsSegment> segments;
    private final @Nullable String uuidTail;

    private GtsId(String text, List<GtsSegment> segments, @Nullable String uuidTail) {
        this.text = text;
        this.segments = segments;
        this.uuidTail = uuidTail;
    }

    /**
     * Parses an id.
     *
     * @throws GtsSyntaxException when the text is not one; a pattern is not an id
     */
    public static GtsId parse(String text) {
        GtsParser.Parsed parsed = GtsParser.parse(text, false);
        return new GtsId(text, parsed.segments(), parsed.uuidTail());
    }

    /**
     * Parses the URI form that {@code $id} and {@code $ref} use: {@code gts://} and the id.
     *
     * @throws GtsSyntaxException when the text is not one; the position counts from the start of
     *     the id
     */
    public static GtsId parseUri(String uri) {
        if (!uri.startsWith(SCHEME)) {
            throw new GtsSyntaxException(uri, 0, "'" + SCHEME + "'");
        }
        return parse(uri.substring(SCHEME.length()));
    }

    /** Whether this names a type: it ends with {@code ~}. */
    public boolean isType() {
        return last().isType();
    }

    /** At least one; the last one of an anonymous instance has empty names. */
    public List<GtsSegment> segments() {
        return segments;
    }

    /** The UUID of an anonymous instance. */
    public Optional<UUID> uuidTail() {
        return Optional.ofNullable(uuidTail).map(UUID::fromString);
    }

    /** The type that this one derives from or is an instance of; empty for a base type. */
    public Optional<GtsId> typeId() {
        return segments.size() == 1 ? Optional.empty() : Optional.of(prefix(segments.size() - 1));
    }

    /** The types above this id, the nearest first, the base type last; empty for a base type. */
    public List<GtsId> ancestors() {
        List<GtsId> above = new ArrayList<>(segments.size() - 1);
        for (int n = segments.size() - 1; n > 0; n--) {
            above.add(prefix(n));
        }
        return List.copyOf(above);
    }

    /** This id without the minor version of its last segment; itself when that has none. */
    public GtsId withoutMinor() {
        GtsSegment last = last();
        if (!last.hasMinor()) {
            return this;
        }
        List<GtsSegment> bare = new ArrayList<>(segments);
        bare.set(bare.size() - 1, last.withoutMinor());
        int end = text.lastIndexOf('.');
        return new GtsId(text.substring(0, end) + (isType() ? "~" : ""), List.copyOf(bare), null);
    }

    /** The id's UUID, version 5 in the name space of GTS. Computed on each call. */
    public UUID uuid() {
        return NameUuid.of(NameUuid.GTS, text);
    }

    /** The URI form: {@code gts://} and the id. */
    public String uri() {
        return SCHEME + text;
    }

    private GtsSegment last() {
        return segments.get(segments.size() - 1);
    }

    private GtsId prefix(int count) {
        int end = 0;
        for (int i = 0; i < count; i++) {
            end = text.indexOf('~', end) + 1;
        }
        return new GtsId(text.substring(0, end), List.copyOf(segments.subList(0, count)), null);
    }

    @Nullable String rawUuidTail() {
        return uuidTail;
    }

    @Override
    public int compareTo(GtsId other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GtsId id && text.equals(id.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The id as it is written. */
    @Override
    public String toString() {
        return text;
    }
}
