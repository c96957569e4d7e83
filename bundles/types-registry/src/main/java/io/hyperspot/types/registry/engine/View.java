// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The documents that somebody sees at one moment. Immutable, thread-safe. */
public interface View {
    /** @param key a GTS id, or the raw id of an anonymous instance */
    @Nullable Document find(String key);

    /** All of them, ordered by key. */
    Collection<Document> documents();

    /** Differs whenever the documents may. */
    Stamp stamp();

    /**
     * Which view this is.
     *
     * @param generation grows with every change of the registry
     * @param viewer whose view it is
     */
    record Stamp(long generation, Object viewer) {}
}
