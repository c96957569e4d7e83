// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.gateway;

import io.hyperspot.licenses.spi.LicenseWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** At most one worker, of a priority. */
final class OneWorker implements Workers<LicenseWorker>, Workers.Snapshot<LicenseWorker> {
    private @Nullable LicenseWorker worker;
    private int priority;
    private boolean drained;
    private long generation;

    private record Handle(LicenseWorker worker, int priority, boolean isDrained) implements WorkerHandle<LicenseWorker>, WorkerHandle.Lease<LicenseWorker> {
        @Override
        public String instance() {
            return "";
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public String origin() {
            return "acme.licenses";
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public WorkerHandle.@Nullable Lease<LicenseWorker> acquire(@Nullable UUID tenant) {
            return isDrained ? null : this;
        }

        @Override
        public void call(Call<? super LicenseWorker> call) throws Exception {
            call.on(worker);
        }

        @Override
        public ProblemException failed(Throwable failure) {
            return new ProblemException(ErrorCategory.BAD_UPSTREAM, "FAILED", "failed", Map.of(), failure);
        }

        @Override
        public void close() {}
    }

    OneWorker(LicenseWorker worker) {
        this.worker = worker;
    }

    void replace(LicenseWorker next) {
        worker = next;
        drained = false;
        generation++;
    }

    void replace(LicenseWorker next, int itsPriority) {
        priority = itsPriority;
        replace(next);
    }

    /** It is there and gives no lease, as when a next version takes over. */
    void drain() {
        drained = true;
    }

    void remove() {
        worker = null;
        generation++;
    }

    @Override
    public Workers.Snapshot<LicenseWorker> snapshot() {
        return this;
    }

    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void close() {}

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public List<WorkerHandle<LicenseWorker>> all() {
        LicenseWorker there = worker;
        return there == null ? List.of() : List.of(new Handle(there, priority, drained));
    }

    @Override
    public @Nullable WorkerHandle<LicenseWorker> instance(String id) {
        return null;
    }

    @Override
    public @Nullable WorkerHandle<LicenseWorker> key(String key) {
        return null;
    }

    @Override
    public @Nullable String whyNot(String key) {
        return null;
    }
}
