// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.registry.TypesRegistry.Compatibility;
import io.hyperspot.gts.registry.TypesRegistry.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which types of workers serve a gateway that wants a type: that type, those derived from it, and other
 * minor versions of it as far as the registry finds them compatible. Verdicts are kept for a generation of
 * the registry. Thread-safe.
 */
final class VersionMatch {
    private static final String COMPAT = "compat";

    private record Verdicts(long generation, Map<GtsId, Boolean> byType) {}

    private final GtsPattern wanted;
    private final @Nullable GtsId version;
    private volatile Verdicts verdicts = new Verdicts(-1, Map.of());

    VersionMatch(GtsPattern wanted) {
        this.wanted = wanted;
        GtsId id = wanted.isWildcard() ? null : GtsId.parse(wanted.toString());
        // without a minor version every one is right, which the pattern says already
        this.version = id != null && id.isType() && id.segments().getLast().hasMinor() ? id : null;
    }

    boolean isServedBy(GtsId type, Snapshot types) {
        if (wanted.matches(type)) {
            return true;
        }
        if (version == null) {
            return false;
        }
        Verdicts known = verdicts;
        if (known.generation() != types.generation()) {
            known = new Verdicts(types.generation(), new ConcurrentHashMap<>());
            verdicts = known;
        }
        return known.byType().computeIfAbsent(type, id -> isCompatible(version, id, types));
    }

    private static boolean isCompatible(GtsId version, GtsId type, Snapshot types) {
        GtsId other = otherVersion(version, type);
        if (other == null) {
            return false;
        }
        boolean newer = minor(other) > minor(version);
        Compatibility verdict = newer ? types.compatibility(version, other) : types.compatibility(other, version);
        if (types.trait(version, COMPAT).filter("full"::equals).isPresent()) {
            return verdict.backward() && verdict.forward();
        }
        return newer ? verdict.backward() : verdict.forward();
    }

    /** The type's ancestor, or itself, that is another minor version of the wanted one. */
    private static @Nullable GtsId otherVersion(GtsId version, GtsId type) {
        int depth = version.segments().size();
        List<GtsId> chain = type.ancestors();
        GtsId same = null;
        if (type.isType() && type.segments().size() == depth) {
            same = type;
        } else if (type.segments().size() > depth) {
            same = chain.get(type.segments().size() - depth - 1);
        }
        if (same == null) {
            return null;
        }
        GtsSegment mine = version.segments().getLast();
        GtsSegment theirs = same.segments().getLast();
        return version.segments().subList(0, depth - 1).equals(same.segments().subList(0, depth - 1))
                        && mine.sameNames(theirs)
                        && mine.major() == theirs.major()
                ? same
                : null;
    }

    /** The wanted version itself first, then the next newer ones, then older ones. */
    Comparator<Candidate> nearestFirst() {
        return Comparator.comparingLong(candidate -> distance(candidate.type()));
    }

    private long distance(@Nullable GtsId type) {
        if (version == null || type == null || wanted.matches(type)) {
            return 0;
        }
        GtsId other = otherVersion(version, type);
        long more = other == null ? Integer.MAX_VALUE : (long) minor(other) - minor(version);
        return more > 0 ? more : Integer.MAX_VALUE - more;
    }

    private static int minor(GtsId type) {
        return type.segments().getLast().minor();
    }
}
