// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One admitted worker of a snapshot. Thread-safe.
 *
 * @param <T> the worker interface
 */
@ProviderType
public interface WorkerHandle<T> {
    /** The GTS instance id. */
    String instance();

    /** The name of the factory configuration that made the worker, or empty. */
    String name();

    int priority();

    /** Symbolic name and version of the bundle that brought the worker. */
    String origin();

    /** Leases that are open now. */
    int inFlight();

    /**
     * Takes a lease, or null when the worker is being drained: take a new snapshot then and choose
     * again. Close it in every case.
     */
    @Nullable Lease<T> acquire();

    /** The right to call a worker until closed. Not thread-safe; {@link #close} is idempotent. */
    @ProviderType
    interface Lease<T> extends AutoCloseable {
        T worker();

        @Override
        void close();
    }
}
