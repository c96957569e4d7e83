// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.UUID;
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
     *
     * @param tenant for whom the worker is called, or null; while a new version of the worker is tried
     *     with some tenants or a share of the requests, it decides which version answers
     * @throws ProblemException UNAVAILABLE when the worker has as many calls as it may have
     */
    @Nullable Lease<T> acquire(@Nullable UUID tenant);

    /** The right to call a worker until closed. Not thread-safe; {@link #close} is idempotent. */
    @ProviderType
    interface Lease<T> extends AutoCloseable {
        T worker();

        /**
         * Calls the worker with its class loader as context class loader, because libraries look there,
         * and with its unexpected failures contained and counted.
         *
         * @throws ProblemException what the worker reports, or BAD_UPSTREAM for an unexpected failure
         * @throws IOException what the call throws: whose connection broke only the caller can tell
         */
        void call(Call<? super T> call) throws Exception;

        /** Logs and counts a failure that is the worker's, and makes it a problem for the caller. */
        ProblemException failed(Throwable failure);

        @Override
        void close();
    }

    /** What is done with a worker. */
    @FunctionalInterface
    interface Call<T> {
        void on(T worker) throws Exception;
    }
}
