// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.credstore.spi.CredentialWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Workers that are simply there. */
final class FakeWorkers implements Workers<CredentialWorker>, Workers.Snapshot<CredentialWorker> {
    final Map<String, CredentialWorker> byStore = new ConcurrentHashMap<>();

    private record Handle(CredentialWorker worker) implements WorkerHandle<CredentialWorker>, WorkerHandle.Lease<CredentialWorker> {
        @Override
        public String instance() {
            return "";
        }

        @Override
        public String name() {
            return "";
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public String origin() {
            return "";
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public WorkerHandle.Lease<CredentialWorker> acquire(@Nullable UUID tenant) {
            return this;
        }

        @Override
        public void call(Call<? super CredentialWorker> call) throws Exception {
            call.on(worker);
        }

        @Override
        public ProblemException failed(Throwable failure) {
            return new ProblemException(ErrorCategory.BAD_UPSTREAM, "FAILED", "failed", Map.of(), failure);
        }

        @Override
        public void close() {}
    }

    @Override
    public Workers.Snapshot<CredentialWorker> snapshot() {
        return this;
    }

    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void close() {}

    @Override
    public long generation() {
        return 0;
    }

    @Override
    public List<WorkerHandle<CredentialWorker>> all() {
        return List.of();
    }

    @Override
    public @Nullable WorkerHandle<CredentialWorker> instance(String id) {
        return null;
    }

    @Override
    public @Nullable WorkerHandle<CredentialWorker> key(String key) {
        CredentialWorker worker = byStore.get(key);
        return worker == null ? null : new Handle(worker);
    }

    @Override
    public @Nullable String whyNot(String key) {
        return null;
    }
}
