// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a collection: {@code {"items": [...], "page_info": {...}}}.
 *
 * @param <T> the item's representation
 */
public record Page<T>(List<T> items, PageInfo pageInfo) {
    /**
     * Where the neighbours are.
     *
     * @param nextCursor for {@code $skiptoken}; null on the last page
     * @param prevCursor for {@code $skiptoken}; null on the first page
     * @param limit the page size that was applied
     */
    public record PageInfo(@Nullable String nextCursor, @Nullable String prevCursor, int limit) {}

    public Page {
        items = List.copyOf(items);
    }

    /** A collection that fits on one page. */
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, new PageInfo(null, null, items.size()));
    }
}
