// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.security.Permission;
import java.util.List;
import java.util.regex.Pattern;

/** Whether two permissions can both be about one thing. When in doubt they can. */
final class Overlap {
    private static final Pattern MINOR = Pattern.compile("(\\.v\\d+)\\.\\d+");

    private Overlap() {}

    static boolean of(Permission one, Permission other) {
        return (one.action().equals(other.action()) || one.action().equals("*") || other.action().equals("*"))
                && of(one.resource(), other.resource());
    }

    private static boolean of(GtsPattern one, GtsPattern other) {
        if (one.covers(other) || other.covers(one)) {
            return true;
        }
        if (differInMinor(one.segments(), other.segments())) {
            return false;
        }
        // one may have a minor version where the other has none, and the other be longer: without minor
        // versions the sets are nested or disjoint
        GtsPattern left = plain(one);
        GtsPattern right = plain(other);
        return left.covers(right) || right.covers(left);
    }

    private static boolean differInMinor(List<GtsSegment> one, List<GtsSegment> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            if (one.get(i).hasMinor() && other.get(i).hasMinor() && one.get(i).minor() != other.get(i).minor()) {
                return true;
            }
        }
        return false;
    }

    private static GtsPattern plain(GtsPattern pattern) {
        return GtsPattern.parse(MINOR.matcher(pattern.toString()).replaceAll("$1"));
    }
}
