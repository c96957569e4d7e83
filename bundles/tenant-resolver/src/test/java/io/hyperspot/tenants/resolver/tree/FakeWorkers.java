// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.tenants.spi.TenantDirectory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The directories that are offered, the preferred first. */
public final class FakeWorkers implements Workers<TenantDirectory> {
    private volatile List<TenantDirectory> offered;
    private volatile Runnable listener = () -> {};
    volatile boolean closed;

    public FakeWorkers(TenantDirectory... offered) {
        this.offered = Arrays.asList(offered);
    }

    void offer(TenantDirectory... next) {
        offered = Arrays.asList(next);
        listener.run();
    }

    @Override
    public Snapshot<TenantDirectory> snapshot() {
        List<WorkerHandle<TenantDirectory>> handles = offered.stream()
                .<WorkerHandle<TenantDirectory>>map(Handle::new)
                .toList();
        return new Snapshot<>() {
            @Override
            public long generation() {
                return 1;
            }

            @Override
            public List<WorkerHandle<TenantDirectory>> all() {
                return handles;
            }

            @Override
            public @Nullable WorkerHandle<TenantDirectory> instance(String id) {
                return null;
            }

            @Override
            public @Nullable WorkerHandle<TenantDirectory> key(String key) {
                return handles.stream().filter(handle -> handle.name().equals(key)).findFirst().orElse(null);
            }

            @Override
            public @Nullable String whyNot(String key) {
                return null;
            }
        };
    }

    @Override
    public void onChange(Runnable next) {
        listener = next;
    }

    @Override
    public void close() {
        closed = true;
    }

    private record Handle(TenantDirectory worker) implements WorkerHandle<TenantDirectory> {
        @Override
        public String instance() {
            return TenantDirectory.TYPE + "test.tenants.fake." + worker.name() + ".v1";
        }

        @Override
        public String name() {
            return worker.name();
        }

        @Override
        public int priority() {
            return 100;
        }

        @Override
        public String origin() {
            return "test 1.0.0";
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public Lease<TenantDirectory> acquire(@Nullable UUID tenant) {
            return new Lease<>() {
                @Override
                public TenantDirectory worker() {
                    return worker;
                }

                @Override
                public void call(Call<? super TenantDirectory> call) throws Exception {
                    call.on(worker);
                }

                @Override
                public ProblemException failed(Throwable failure) {
                    return new ProblemException(ErrorCategory.BAD_UPSTREAM, "FAILED", "it failed", Map.of(), failure);
                }

                @Override
                public void close() {}
            };
        }
    }
}
