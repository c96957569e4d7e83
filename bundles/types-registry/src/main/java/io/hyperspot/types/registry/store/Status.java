// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import java.util.Locale;

/** The life of an entity. */
public enum Status {
    /** Registered unchecked; may be replaced. */
    DRAFT,
    ACTIVE,
    /** Works as ever; whoever uses it should move on. */
    DEPRECATED,
    /** Its bundle is gone while others still build on it: it works for them, and nothing new builds on it. */
    ORPHANED,
    /** Works for nobody; its id stays taken. */
    DELETED;

    /** As on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
