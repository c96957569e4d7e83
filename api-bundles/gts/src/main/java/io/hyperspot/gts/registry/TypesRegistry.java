// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.registry;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The types and well-known instances of the system. An OSGi service, thread-safe. Bundles contribute
 * the documents under their {@code META-INF/gts/*.json}, all of a bundle's or none, for as long as
 * they are resolved.
 */
@ProviderType
public interface TypesRegistry {
    /** The current generation: take it once for a piece of work. One volatile read. */
    Snapshot snapshot();

    /** An immutable view of everything registered. */
    @ProviderType
    interface Snapshot {
        /** Grows by one with every change. */
        long generation();

        Optional<Entity> find(GtsId id);

        /** What the pattern matches, ordered by id. */
        List<Entity> list(GtsPattern pattern);

        /** Contributions that were refused, with the reason; empty when all is well. */
        List<Problem> problems();
    }

    /** What an entity is. */
    enum Kind {
        TYPE,
        INSTANCE
    }

    /**
     * One registered document.
     *
     * @param content the document as JSON text
     * @param owner symbolic name and version of the bundle that contributed it first
     * @param isAbstract whether no instance may have this as its own type; false for an instance
     * @param description what the document says of itself, or empty
     */
    record Entity(GtsId id, Kind kind, String content, String owner, boolean isAbstract, String description) {
        public boolean isType() {
            return kind == Kind.TYPE;
        }
    }

    /**
     * Why a bundle's documents are not registered.
     *
     * @param owner symbolic name and version of the bundle
     * @param file the document's path in the bundle
     * @param pointer JSON pointer to the culprit; empty for the whole document
     * @param reason what is wrong and what would mend it
     */
    record Problem(String owner, String file, String pointer, String reason) {}
}
