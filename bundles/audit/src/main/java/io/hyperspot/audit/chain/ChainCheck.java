// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import io.hyperspot.audit.chain.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks one trail, record by record from its beginning. Every record is signed over a hash of its content
 * and of the record before, so that what was changed is named even if hashes were computed anew. Not
 * thread-safe.
 *
 * <p>A signature covers, by the hashes, all records before its own. So of records that are linked as they should
 * be only one in {@link #STRETCH} is looked at, the last; if that is not right, or a link is not, each of them is.
 * A signature takes a hundred times as long as a hash.
 */
public final class ChainCheck {
    private static final int MOST_FINDINGS = 1000;
    private static final int STRETCH = 1000;

    private record Signed(Link link, String hash, byte[] signature) {}

    private final String tenant;
    private final TrailKey key;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Signed> stretch = new ArrayList<>();
    private long records;
    private long last;
    private @Nullable String lastHash = Link.START;

    /**
     * @param tenant the trail's
     * @param start where it begins since its oldest records were removed in order, or null: with the first
     */
    public ChainCheck(String tenant, TrailKey key, @Nullable SignedPoint start) {
        this.tenant = tenant;
        this.key = key;
        if (start != null) {
            if (isOwn(start, Point.Kind.START) && key.signed(start)) {
                last = start.point().seq();
                lastHash = start.point().hash();
            } else {
                add(Kind.UNSIGNED, start.point().seq(), "that the trail begins after record " + start.point().seq()
                        + " was not signed by this key");
            }
        }
    }

    private boolean isOwn(SignedPoint signed, Point.Kind kind) {
        return signed.point().kind() == kind && signed.point().tenant().equals(tenant);
    }

    /**
     * The next record.
     *
     * @param hash that is stored with it
     * @param signature over the hash
     */
    public void add(Link link, String hash, byte[] signature) {
        records++;
        stretch.add(new Signed(link, hash, signature));
        if (stretch.size() == STRETCH) {
            checkStretch();
        }
    }

    private void checkStretch() {
        if (stretch.isEmpty()) {
            return;
        }
        boolean right = isLinked() && isSigned(stretch.getLast());
        for (Signed record : stretch) {
            check(record.link(), record.hash(), right || isSigned(record));
        }
        stretch.clear();
    }

    private boolean isLinked() {
        Link before = null;
        String hashBefore = "";
        for (Signed record : stretch) {
            Link link = record.link();
            boolean follows = before == null
                    || (link.seq() == before.seq() + 1 && Objects.equals(link.previous(), hashBefore));
            if (!follows || !link.tenant().equals(tenant) || !link.hash().equals(record.hash())) {
                return false;
            }
            before = link;
            hashBefore = record.hash();
        }
        return true;
    }

    private boolean isSigned(Signed record) {
        Link link = record.link();
        Point point = new Point(Point.Kind.RECORD, tenant, link.seq(), record.hash());
        return link.tenant().equals(tenant)
                && key.signed(new SignedPoint(point, link.at(), record.signature()))
                && link.hash().equals(record.hash());
    }

    private void check(Link link, String hash, boolean signed) {
        if (link.seq() <= last) {
            add(Kind.INSERTED, link.seq(), "the record " + name(link) + " was inserted: record " + last + " is before it");
            return;
        }
        if (link.seq() > last + 1) {
            long first = last + 1;
            long to = link.seq() - 1;
            add(Kind.DELETED, first, first == to ? "record " + first + " was deleted" : "records " + first + " to " + to + " were deleted");
            lastHash = null;
        }
        if (!signed) {
            add(Kind.EDITED, link.seq(), "the record " + name(link) + " was edited: it is not what was signed");
            lastHash = null;
        } else {
            if (lastHash != null && !Objects.equals(link.previous(), lastHash)) {
                add(Kind.EDITED, link.seq() - 1, "record " + (link.seq() - 1) + " is not the one that was before " + name(link));
            }
            lastHash = hash;
        }
        last = link.seq();
    }

    private static String name(Link link) {
        return link.seq() + " (" + link.id() + ")";
    }

    /**
     * The end.
     *
     * @param heads points at which the trail is known to have been, from wherever they were kept
     * @return what is wrong; empty: nothing
     */
    public List<Finding> end(List<SignedPoint> heads) {
        checkStretch();
        SignedPoint newest = null;
        for (SignedPoint head : heads) {
            if (!isOwn(head, Point.Kind.HEAD)) {
                continue;
            }
            if (!key.signed(head)) {
                add(Kind.UNSIGNED, head.point().seq(), "a head at record " + head.point().seq() + " was not signed by this key");
            } else if (newest == null || head.point().seq() > newest.point().seq()) {
                newest = head;
            }
        }
        if (newest != null) {
            long seq = newest.point().seq();
            if (seq > last) {
                add(Kind.CUT_OFF, last + 1, "records " + (last + 1) + " to " + seq + " were cut off at the end");
            } else if (seq == last && lastHash != null && !newest.point().hash().equals(lastHash)) {
                add(Kind.EDITED, seq, "record " + seq + " is not the one with which the trail ended");
            }
        }
        return List.copyOf(findings);
    }

    /** How many records were looked at. */
    public long records() {
        return records;
    }

    private void add(Kind kind, long seq, String detail) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(new Finding(kind, seq, detail));
        }
    }
}
