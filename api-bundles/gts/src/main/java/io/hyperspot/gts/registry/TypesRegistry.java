// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.registry;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The types and instances of the system. An OSGi service, thread-safe; it appears, with the property {@code
 * gts.ready=true}, once the documents of all bundles that the product starts with are checked together.
 *
 * <p>Bundles contribute the documents under their {@code META-INF/gts/}, all of a bundle's or none, for as
 * long as they are resolved: these are the platform's, and everybody sees them. Tenants register their own,
 * which they and the tenants below them see.
 */
@ProviderType
public interface TypesRegistry {
    /** What the platform itself brings. Take it once for a piece of work: one volatile read. */
    Snapshot snapshot();

    /**
     * What a tenant sees.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE as long as the stored documents are not
     *     loaded
     */
    Snapshot snapshot(TenantId tenant);

    /**
     * Waits until the registry is at least at a generation.
     *
     * @return the current platform snapshot, which is older when the time has passed
     */
    Snapshot await(long generation, Duration timeout) throws InterruptedException;

    /** An immutable view of everything that somebody sees. */
    @ProviderType
    interface Snapshot {
        /** Grows by one with every change. */
        long generation();

        Optional<Entity> find(GtsId id);

        /** What the pattern matches, ordered by id. */
        List<Entity> list(GtsPattern pattern);

        /** Contributions of bundles that were refused, with the reason; empty when all is well. */
        List<Problem> problems();

        /**
         * Checks a value by a type, which is compiled once.
         *
         * @param json the value as JSON text
         * @return what is wrong, at most a hundred; empty when the value is valid
         */
        List<Violation> validate(GtsId type, String json);

        /** A trait that a type has in the end, its own or inherited, as text; empty when it has none of the name. */
        Optional<String> trait(GtsId type, String name);

        /**
         * Compares two versions of a type. Both false when one of them is not registered.
         *
         * @param older the version that data or callers may be of
         */
        Compatibility compatibility(GtsId older, GtsId newer);
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
     * @param owner symbolic name and version of the bundle that contributed it first, or the tenant
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

    /**
     * One thing that is wrong with a value.
     *
     * @param pointer JSON pointer (RFC 6901) to it; empty for the whole value
     */
    record Violation(String pointer, String message) {}

    /**
     * How two versions of a type get on.
     *
     * @param backward whether what is valid by the older one is valid by the newer one
     * @param forward whether what is valid by the newer one is valid by the older one
     */
    record Compatibility(boolean backward, boolean forward) {
        public static final Compatibility NONE = new Compatibility(false, false);
    }
}
