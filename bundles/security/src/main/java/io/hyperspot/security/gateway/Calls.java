// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls workers. */
final class Calls {
    private Calls() {}

    /**
     * Calls one.
     *
     * @param find asked again when the worker is being drained
     * @return null when there is none
     * @throws ProblemException what the worker reports
     */
    static <W, T> @Nullable T call(Supplier<@Nullable WorkerHandle<W>> find, Function<W, T> call) {
        for (int attempt = 0; attempt < 3; attempt++) {
            WorkerHandle<W> handle = find.get();
            if (handle == null) {
                return null;
            }
            try (WorkerHandle.Lease<W> lease = handle.acquire(null)) {
                if (lease != null) {
                    AtomicReference<@Nullable T> answer = new AtomicReference<>();
                    lease.call(worker -> answer.set(call.apply(worker)));
                    return Objects.requireNonNull(answer.get());
                }
            } catch (ProblemException e) {
                throw e;
            } catch (Exception e) {
                throw new ProblemException(
                        ErrorCategory.BAD_UPSTREAM, "LOGIN_WORKER_FAILED", "who checks this credential failed", Map.of(), e);
            }
            Thread.onSpinWait();
        }
        throw new ProblemException(
                ErrorCategory.UNAVAILABLE, "LOGIN_WORKER_UNAVAILABLE", "who checks this credential is being replaced; try again in a moment");
    }
}
