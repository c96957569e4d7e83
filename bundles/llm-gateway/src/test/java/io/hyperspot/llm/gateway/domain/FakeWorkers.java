// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Workers of which a test says what there is. */
public final class FakeWorkers implements Workers<LlmWorker> {
    /** Leases that are open. */
    public final AtomicInteger leases = new AtomicInteger();

    /** How many of the next leases are refused, as while draining. */
    public final AtomicInteger refusals = new AtomicInteger();

    /** Why workers that are there are not offered, by provider. */
    public final Map<String, String> withdrawn = new HashMap<>();

    public boolean closed;
    private final List<WorkerHandle<LlmWorker>> handles = new ArrayList<>();

    public FakeWorkers(LlmWorker... workers) {
        for (LlmWorker worker : workers) {
            handles.add(new Handle(worker));
        }
    }

    @Override
    public Snapshot<LlmWorker> snapshot() {
        return new Snapshot<>() {
            @Override
            public long generation() {
                return 1;
            }

            @Override
            public List<WorkerHandle<LlmWorker>> all() {
                return handles;
            }

            @Override
            public @Nullable WorkerHandle<LlmWorker> instance(String id) {
                return null;
            }

            @Override
            public @Nullable String whyNot(String key) {
                return withdrawn.get(key);
            }

            @Override
            public @Nullable WorkerHandle<LlmWorker> key(String key) {
                for (WorkerHandle<LlmWorker> handle : handles) {
                    if (((Handle) handle).worker.provider().equals(key)) {
                        return handle;
                    }
                }
                return null;
            }
        };
    }

    @Override
    public void onChange(Runnable listener) {}

    @Override
    public void close() {
        closed = true;
    }

    private final class Handle implements WorkerHandle<LlmWorker> {
        private final LlmWorker worker;

        Handle(LlmWorker worker) {
            this.worker = worker;
        }

        @Override
        public String instance() {
            return LlmWorker.TYPE + "acme.test.llm." + worker.provider() + ".v1";
        }

        @Override
        public String name() {
            return "";
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
            return leases.get();
        }

        @Override
        public @Nullable Lease<LlmWorker> acquire(@Nullable UUID tenant) {
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return null;
            }
            leases.incrementAndGet();
            return new Lease<>() {
                private boolean open = true;

                @Override
                public LlmWorker worker() {
                    return worker;
                }

                @Override
                public void call(WorkerHandle.Call<? super LlmWorker> call) throws Exception {
                    try {
                        call.on(worker);
                    } catch (ProblemException | IOException | InterruptedException e) {
                        throw e;
                    } catch (Exception | LinkageError e) {
                        throw failed(e);
                    }
                }

                @Override
                public ProblemException failed(Throwable failure) {
                    return new ProblemException(ErrorCategory.BAD_UPSTREAM, "WORKER_FAILED", "failed", Map.of(), failure);
                }

                @Override
                public void close() {
                    if (open) {
                        open = false;
                        leases.decrementAndGet();
                    }
                }
            };
        }
    }
}
