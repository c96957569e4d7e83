// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.GtsId;
import io.hyperspot.types.registry.engine.Document;
import org.jspecify.annotations.Nullable;

/** Whose an id is: that of the vendor of its last named segment. */
final class Namespaces {
    /** Ours, whether or not a bundle has registered anything. */
    static final String PRODUCT = "hyperspot";

    private Namespaces() {}

    /** The vendor who answers for a document; null for an anonymous instance, which nobody does. */
    static @Nullable String vendor(Document document) {
        GtsId id = document.id();
        if (id == null || id.uuidTail().isPresent()) {
            return null;
        }
        return id.segments().getLast().vendor();
    }
}
