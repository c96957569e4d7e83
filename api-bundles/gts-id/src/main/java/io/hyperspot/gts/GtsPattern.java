// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import io.hyperspot.gts.GtsParser.Wildcard;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A set of GTS ids, written as an id or with one {@code *} as the last token: {@code gts.*}, {@code
 * gts.acme.shop.*}, {@code gts.acme.shop.orders.order.v1~*}. Immutable.
 *
 * <ul>
 *   <li>A type matches itself, everything derived from it and all their instances.
 *   <li>A segment without a minor version matches every minor version.
 *   <li>{@code T~*} matches what is below {@code T~}, not {@code T~} itself.
 * </ul>
 */
public final class GtsPattern {
    private final String text;
    private final List<GtsSegment> segments;
    private final @Nullable String uuidTail;
    private final @Nullable Wildcard wildcard;

    private GtsPattern(
            String text, List<GtsSegment> segments, @Nullable String uuidTail, @Nullable Wildcard wildcard) {
        this.text = text;
        this.segments = segments;
        this.uuidTail = uuidTail;
        this.wildcard = wildcard;
    }

    /**
     * Parses a pattern; every id is one.
     *
     * @throws GtsSyntaxException when the text is neither
     */
    public static GtsPattern parse(String text) {
        GtsParser.Parsed parsed = GtsParser.parse(text, true);
        return new GtsPattern(text, parsed.segments(), parsed.uuidTail(), parsed.wildcard());
    }

    /** The pattern written like the id. */
    public static GtsPattern of(GtsId id) {
        return new GtsPattern(id.toString(), id.segments(), id.rawUuidTail(), null);
    }

    /** Whether the pattern ends with {@code *}. */
    public boolean isWildcard() {
        return wildcard != null;
    }

    /** The complete segments, without the one that ends with the {@code *}; none for {@code gts.*}. */
    public List<GtsSegment> segments() {
        return segments;
    }

    /** Whether the id is in the set. */
    public boolean matches(GtsId id) {
        return covers(id.segments(), id.rawUuidTail(), null);
    }

    /**
     * Whether every id in the other set is in this one: a partial order, up to patterns that are
     * written differently and mean the same.
     */
    public boolean covers(GtsPattern other) {
        return covers(other.segments, other.uuidTail, other.wildcard);
    }

    private boolean covers(List<GtsSegment> theirs, @Nullable String theirTail, @Nullable Wildcard theirWildcard) {
        int exact = segments.size();
        if (exact > theirs.size()) {
            return exact == 1 && wildcard == null && theirWildcard != null && allTypes(segments.get(0), theirWildcard);
        }
        for (int i = 0; i < exact; i++) {
            if (!covers(segments.get(i), theirs.get(i))) {
                return false;
            }
        }
        if (uuidTail != null) {
            return Objects.equals(uuidTail, theirTail);
        }
        if (wildcard == null) {
            return true;
        }
        if (exact < theirs.size()) {
            return covers(wildcard, theirs.get(exact));
        }
        return theirWildcard != null && covers(wildcard, theirWildcard);
    }

    private static boolean covers(GtsSegment mine, GtsSegment theirs) {
        return mine.sameNames(theirs)
                && mine.major() == theirs.major()
                && (!mine.hasMinor() || mine.minor() == theirs.minor())
                && mine.isType() == theirs.isType();
    }

    private static boolean covers(Wildcard mine, GtsSegment theirs) {
        for (int i = 0; i < mine.names().size(); i++) {
            if (!mine.names().get(i).equals(theirs.name(i))) {
                return false;
            }
        }
        return mine.major() < 0 || mine.major() == theirs.major();
    }

    private static boolean covers(Wildcard mine, Wildcard theirs) {
        int given = mine.names().size();
        return given <= theirs.names().size()
                && mine.names().equals(theirs.names().subList(0, given))
                && (mine.major() < 0 || mine.major() == theirs.major());
    }

    /**
     * The first segment of every id is a type, so there {@code …v1.*} means the same as {@code
     * …v1~}. Further right it does not: it includes instances.
     */
    private static boolean allTypes(GtsSegment mine, Wildcard theirs) {
        return theirs.major() == mine.major()
                && !mine.hasMinor()
                && theirs.names().equals(List.of(mine.vendor(), mine.packageName(), mine.namespace(), mine.type()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GtsPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as it is written. */
    @Override
    public String toString() {
        return text;
    }
}
