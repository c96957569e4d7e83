// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The places other than the database where values are kept. */
final class Stores {
    private final Workers<CredentialWorker> workers;

    Stores(Workers<CredentialWorker> workers) {
        this.workers = workers;
    }

    /**
     * Calls the worker of a store.
     *
     * @throws ProblemException UNAVAILABLE when it is not there; what the worker reports
     */
    <T> T call(String store, Function<CredentialWorker, T> call) {
        for (int attempt = 0; attempt < 3; attempt++) {
            WorkerHandle<CredentialWorker> handle = workers.snapshot().key(store);
            if (handle == null) {
                break;
            }
            try (WorkerHandle.Lease<CredentialWorker> lease = handle.acquire(null)) {
                if (lease != null) {
                    AtomicReference<@Nullable T> answer = new AtomicReference<>();
                    lease.call(worker -> answer.set(call.apply(worker)));
                    return java.util.Objects.requireNonNull(answer.get());
                }
            } catch (ProblemException e) {
                throw e;
            } catch (Exception e) {
                throw new ProblemException(
                        ErrorCategory.BAD_UPSTREAM, "CREDENTIAL_STORE_FAILED", "the store '" + store + "' failed", Map.of(), e);
            }
            Thread.onSpinWait();
        }
        throw new ProblemException(
                ErrorCategory.UNAVAILABLE,
                "CREDENTIAL_STORE_MISSING",
                "no worker keeps the store '" + store + "' now; install and configure its connector");
    }
}
