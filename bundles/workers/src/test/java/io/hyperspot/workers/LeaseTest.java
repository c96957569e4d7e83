// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.modkit.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

class LeaseTest extends WorkersFixture {
    private static final String ONE = TYPE + "acme.test.echo.one.v1";

    @Test
    void countsOpenLeasesAndClosesThemOnce() {
        Workers<Echo> workers = open();
        register("one", 1);
        WorkerHandle<Echo> handle = handle(workers, ONE);

        Lease<Echo> first = lease(handle);
        Lease<Echo> second = lease(handle);
        assertThat(first.worker().key()).isEqualTo("one");
        assertThat(handle.inFlight()).isEqualTo(2);
        assertThat(entry(ONE).inFlight()).isEqualTo(2);
        first.close();
        first.close();
        assertThat(handle.inFlight()).isEqualTo(1);
        second.close();
        assertThat(handle.inFlight()).isZero();
    }

    @Test
    void unregisteringWaitsForOpenLeasesAndGivesNoNewOnes() throws Exception {
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> registration = register("one", 1);
        ServiceReference<Echo> reference = registration.getReference();
        WorkerHandle<Echo> handle = handle(workers, ONE);
        Lease<Echo> lease = lease(handle);

        Thread bundleStop = Thread.ofVirtual().start(registration::unregister);
        await().until(() -> handle.acquire(null) == null);
        await().until(() -> state(ONE) == State.DRAINING);
        assertThat(keys(workers)).isEmpty();
        assertThat(entry(ONE).inFlight()).isEqualTo(1);
        assertThat(new WorkersHealth(board).health().reason()).isEmpty();
        assertThat(bundleStop.isAlive()).isTrue();
        assertThat(used(reference)).isTrue();
        assertThat(lease.worker().key()).isEqualTo("one");

        lease.close();
        bundleStop.join(5_000);
        assertThat(bundleStop.isAlive()).isFalse();
        assertThat(board.entries()).isEmpty();
        assertThat(used(reference)).isFalse();
        assertThat(handle.acquire(null)).isNull();
    }

    @Test
    void offersTheSuccessorWhileTheFirstDrains() throws Exception {
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> old = register(() -> "old", TYPE, ONE, 1);
        Lease<Echo> lease = lease(handle(workers, ONE));
        register(() -> "new", TYPE, ONE, 1);

        Thread bundleStop = Thread.ofVirtual().start(old::unregister);
        await().until(() -> keys(workers).equals(List.of("new")));
        assertThat(lease.worker().key()).isEqualTo("old");
        await().until(() -> states().contains(State.DRAINING));
        assertThat(bundleStop.isAlive()).isTrue();
        lease.close();
        bundleStop.join(5_000);
        assertThat(states()).containsExactly(State.ADMITTED);
    }

    @Test
    void releasesAWorkerThatDoesNotDrainInTime() throws Exception {
        board.drainWithin(Duration.ZERO);
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> registration = register("one", 1);
        ServiceReference<Echo> reference = registration.getReference();
        Lease<Echo> lease = lease(handle(workers, ONE));

        registration.unregister();

        assertThat(used(reference)).isFalse();
        assertThat(board.entries()).isEmpty();
        lease.close();
    }

    @Test
    void closingTheGatewayDoesNotWaitAndLeavesOpenLeasesValid() {
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> registration = register("one", 1);
        WorkerHandle<Echo> handle = handle(workers, ONE);
        Lease<Echo> lease = lease(handle);

        workers.close();

        assertThat(workers.snapshot().all()).isEmpty();
        assertThat(handle.acquire(null)).isNull();
        assertThat(used(registration.getReference())).isTrue();
        assertThat(state(ONE)).isEqualTo(State.ADMITTED);
        lease.close();
        await().until(() -> !used(registration.getReference()));
        assertThat(keys(open())).containsExactly("one");
    }

    /** Each registration makes a worker that knows when it was given back. */
    private static final class Mortal implements ServiceFactory<Echo> {
        private final AtomicBoolean dead = new AtomicBoolean();

        @Override
        public Echo getService(Bundle bundle, ServiceRegistration<Echo> registration) {
            return () -> dead.get() ? "dead" : "alive";
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Echo> registration, Echo service) {
            dead.set(true);
        }
    }

    @Test
    void neverLeasesAReleasedWorkerWhileItComesAndGoes() throws Exception {
        Workers<Echo> workers = open();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong served = new AtomicLong();
        AtomicInteger dead = new AtomicInteger();
        AtomicInteger absent = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        ServiceRegistration<?> current = register(new Mortal(), "one");
        for (int i = 0; i < 8; i++) {
            callers.add(Thread.ofPlatform().start(() -> {
                while (!stop.get()) {
                    WorkerHandle<Echo> handle = workers.snapshot().instance(ONE);
                    if (handle == null) {
                        absent.incrementAndGet();
                        continue;
                    }
                    try (Lease<Echo> lease = handle.acquire(null)) {
                        if (lease == null) {
                            continue;
                        }
                        if (!lease.worker().key().equals("alive")) {
                            dead.incrementAndGet();
                        }
                        Thread.onSpinWait();
                        if (!lease.worker().key().equals("alive")) {
                            dead.incrementAndGet();
                        }
                        served.incrementAndGet();
                    }
                }
            }));
        }
        try {
            for (int i = 0; i < 100; i++) {
                long before = served.get();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> served.get() > before);
                ServiceRegistration<?> next = register(new Mortal(), "one");
                current.unregister();
                current = next;
            }
        } finally {
            stop.set(true);
            for (Thread caller : callers) {
                caller.join(10_000);
            }
        }
        assertThat(dead).hasValue(0);
        assertThat(absent).as("moments without a worker although a successor was there").hasValue(0);
        assertThat(board.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.state()).isEqualTo(State.ADMITTED);
            assertThat(entry.inFlight()).isZero();
        });
    }
}
