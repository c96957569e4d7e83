// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

/** A GTS id or a right-anchored wildcard over ids. */
public record GtsPattern(String text) {
    public static GtsPattern parse(String text) {
        return new GtsPattern(text);
    }

    public boolean covers(GtsPattern other) {
        return text.equals(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
