// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Workers that a test sets. */
public final class FakeWorkers<T> implements Workers<T> {
    private final Function<T, String> key;
    private volatile Shown<T> shown = new Shown<>(0, List.of(), worker -> "");

    public FakeWorkers(Function<T, String> key) {
        this.key = key;
    }

    public void set(List<? extends T> workers) {
        shown = new Shown<>(
                shown.generation + 1, workers.stream().map(worker -> new Handle<T>(worker)).toList(), key);
    }

    @Override
    public Snapshot<T> snapshot() {
        return shown;
    }

    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void close() {}

    private record Shown<T>(long generation, List<Handle<T>> handles, Function<T, String> key) implements Snapshot<T> {
        @Override
        public List<WorkerHandle<T>> all() {
            return List.copyOf(handles);
        }

        @Override
        public @Nullable WorkerHandle<T> instance(String id) {
            return null;
        }

        @Override
        public @Nullable WorkerHandle<T> key(String wanted) {
            return handles.stream().filter(handle -> key.apply(handle.worker).equals(wanted)).findFirst().orElse(null);
        }

        @Override
        public @Nullable String whyNot(String wanted) {
            return null;
        }
    }

    private record Handle<T>(T worker) implements WorkerHandle<T>, WorkerHandle.Lease<T> {
        @Override
        public String instance() {
            return "fake";
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
        public Lease<T> acquire(@Nullable UUID tenant) {
            return this;
        }

        @Override
        public void call(Call<? super T> call) throws Exception {
            call.on(worker);
        }

        @Override
        public ProblemException failed(Throwable failure) {
            return new ProblemException(ErrorCategory.BAD_UPSTREAM, "FAILED", "failed", Map.of(), failure);
        }

        @Override
        public void close() {}
    }
}
