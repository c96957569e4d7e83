// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of mounts: an immutable snapshot, swapped when a bundle comes or goes. Thread-safe. */
final class Mounts {
    private volatile List<Mount> longestFirst = List.of();

    /** The mount with the longest prefix of the path, or null. */
    @Nullable Mount find(String path) {
        for (Mount mount : longestFirst) {
            String prefix = mount.path();
            if (path.startsWith(prefix)
                    && (path.length() == prefix.length() || prefix.isEmpty() || path.charAt(prefix.length()) == '/')) {
                return mount;
            }
        }
        return null;
    }

    /** Takes some mounts out and puts others in, in one step. */
    synchronized void swap(List<? extends Mount> out, List<? extends Mount> in) {
        List<Mount> next = new ArrayList<>(longestFirst);
        next.removeAll(out);
        next.addAll(0, in);
        next.sort(Comparator.comparingInt((Mount m) -> m.path().length()).reversed());
        longestFirst = List.copyOf(next);
    }

    List<String> paths() {
        return longestFirst.stream().map(Mount::path).toList();
    }
}
