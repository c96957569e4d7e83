// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The workers of one type as a gateway sees them. Thread-safe. Reading the snapshot is one volatile
 * read; it is swapped when a worker comes, goes or changes.
 *
 * @param <T> the worker interface
 */
@ProviderType
public interface Workers<T> extends AutoCloseable {
    /** The current snapshot: take it once a request. */
    Snapshot<T> snapshot();

    /**
     * Runs after every swap, on the thread that caused it; must not block. At most one listener, set
     * before the first use.
     */
    void onChange(Runnable listener);

    /** Releases all workers. Open leases stay valid until closed. */
    @Override
    void close();

    /** An immutable view, ordered by priority, then by service id. */
    @ProviderType
    interface Snapshot<T> {
        /** Grows by one with every swap. */
        long generation();

        List<WorkerHandle<T>> all();

        /** The worker with the given GTS instance id, or null. */
        @Nullable WorkerHandle<T> instance(String id);

        /** The preferred worker with the given key, or null; keys are those given to {@code open}. */
        @Nullable WorkerHandle<T> key(String key);

        /**
         * Why the worker with the given key is not offered now although it is there, for example because
         * its type was withdrawn; null when there is none. Such a call is answered 503, not 404.
         */
        @Nullable String whyNot(String key);
    }

    /** Opens {@link Workers}; an OSGi service with prototype or bundle scope. */
    @ProviderType
    interface Factory {
        /**
         * Follows the workers of a type.
         *
         * @param service the worker interface under which they are registered
         * @param type the GTS type id; workers of derived types are included. With a minor version, also
         *     workers of another minor version that the registry finds compatible: a newer one when what is
         *     valid by the wanted version is valid by it, an older one the other way round; both ways when the
         *     type's trait {@code compat} is {@code full}
         * @param key the gateway's own key of a worker, for example a provider name; must be cheap and
         *     constant for a worker
         */
        <T> Workers<T> open(Class<T> service, String type, Function<T, String> key);
    }
}
