// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.Rollouts.Role;
import io.hyperspot.modkit.worker.Rollouts.Rollout;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.modkit.worker.Workers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

class RolloutTest extends WorkersFixture {
    private static final String ID = TYPE + "acme.test.echo.one.v1";
    private static final UUID ANA = UUID.fromString("00000000-0000-7000-8000-00000000000a");
    private static final UUID BEN = UUID.fromString("00000000-0000-7000-8000-00000000000b");

    private Bundle v1;
    private Bundle v2;

    @BeforeEach
    void install() throws Exception {
        v1 = bundle("1.0.0");
        v2 = bundle("2.0.0");
    }

    private Bundle bundle(String version) throws Exception {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "acme.echo");
        headers.putValue("Bundle-Version", version);
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        Bundle bundle = context().installBundle("plugin:" + version, new ByteArrayInputStream(jar.toByteArray()));
        bundle.start();
        return bundle;
    }

    private static ServiceRegistration<Echo> offer(Bundle bundle, String name) {
        return bundle.getBundleContext()
                .registerService(Echo.class, () -> name, FrameworkUtil.asDictionary(properties(TYPE, ID, 100)));
    }

    private static String ask(Workers<Echo> workers, UUID tenant) {
        try (Lease<Echo> lease = Objects.requireNonNull(handle(workers, ID).acquire(tenant))) {
            return lease.worker().key();
        }
    }

    private List<State> states(Bundle bundle) {
        return board.entries().stream()
                .filter(entry -> entry.bundle() == bundle.getBundleId())
                .map(entry -> entry.state())
                .toList();
    }

    @Test
    void aSuccessorStandsByReadyUntilItIsOffered() {
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> old = offer(v1, "v1");
        Rollout rollout = board.begin(v1.getBundleId(), v2.getBundleId());
        AtomicInteger made = new AtomicInteger();
        v2.getBundleContext()
                .registerService(
                        Echo.class.getName(),
                        new ServiceFactory<Echo>() {
                            @Override
                            public Echo getService(Bundle bundle, ServiceRegistration<Echo> registration) {
                                made.incrementAndGet();
                                return () -> "v2";
                            }

                            @Override
                            public void ungetService(Bundle bundle, ServiceRegistration<Echo> registration, Echo echo) {}
                        },
                        FrameworkUtil.asDictionary(properties(TYPE, ID, 100)));
        assertThat(made).hasValue(1);
        assertThat(states(v1)).containsExactly(State.ADMITTED);
        assertThat(states(v2)).containsExactly(State.STANDBY);
        assertThat(ask(workers, ANA)).isEqualTo("v1");
        assertThat(new WorkersHealth(board).health().reason()).isEmpty();

        rollout.offer(Share.ALL);
        assertThat(states(v1)).containsExactly(State.STANDBY);
        assertThat(states(v2)).containsExactly(State.ADMITTED);
        assertThat(ask(workers, ANA)).isEqualTo("v2");

        rollout.offer(Share.NONE);
        assertThat(ask(workers, ANA)).isEqualTo("v1");

        rollout.offer(Share.ALL);
        old.unregister();
        rollout.close();
        assertThat(states(v2)).containsExactly(State.ADMITTED);
        assertThat(ask(workers, ANA)).isEqualTo("v2");
        assertThat(workers.snapshot().all()).hasSize(1);
    }

    @Test
    void theOldVersionServesUntilTheNewOneIsMade() throws Exception {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        Rollout rollout = board.begin(v1.getBundleId(), v2.getBundleId());
        CountDownLatch made = new CountDownLatch(1);
        Thread slow = Thread.ofVirtual().start(() -> v2.getBundleContext()
                .registerService(
                        Echo.class.getName(),
                        new ServiceFactory<Echo>() {
                            @Override
                            public Echo getService(Bundle bundle, ServiceRegistration<Echo> registration) {
                                try {
                                    made.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return () -> "v2";
                            }

                            @Override
                            public void ungetService(Bundle bundle, ServiceRegistration<Echo> registration, Echo echo) {}
                        },
                        FrameworkUtil.asDictionary(properties(TYPE, ID, 100))));
        await().until(() -> states(v2).equals(List.of(State.STANDBY)));
        rollout.offer(Share.ALL);
        assertThat(ask(workers, ANA)).isEqualTo("v1");
        made.countDown();
        slow.join();
        assertThat(ask(workers, ANA)).isEqualTo("v2");
    }

    @Test
    void theNewestRolloutDecides() throws Exception {
        Workers<Echo> workers = open();
        ServiceRegistration<Echo> first = offer(v1, "v1");
        Rollout one = board.begin(v1.getBundleId(), v2.getBundleId());
        offer(v2, "v2");
        one.offer(Share.ALL);
        Bundle v3 = bundle("3.0.0");
        Rollout two = board.begin(v2.getBundleId(), v3.getBundleId());
        offer(v3, "v3");
        assertThat(states(v3)).containsExactly(State.STANDBY);
        assertThat(ask(workers, ANA)).isEqualTo("v2");
        two.offer(Share.ALL);
        assertThat(ask(workers, ANA)).isEqualTo("v3");
        first.unregister();
        one.close();
        assertThat(ask(workers, ANA)).isEqualTo("v3");
    }

    @Test
    void tellsWhichBundlesServe() throws Exception {
        Bundle v3 = bundle("3.0.0");
        Rollout one = board.begin(v1.getBundleId(), v2.getBundleId());
        assertThat(roles(v1, v2, v3)).containsExactly(Role.SERVING, Role.ON_TRIAL, Role.SERVING);
        one.offer(new Share(50, Set.of()));
        assertThat(roles(v1, v2, v3)).containsExactly(Role.SERVING, Role.ON_TRIAL, Role.SERVING);
        one.offer(Share.ALL);
        assertThat(roles(v1, v2, v3)).containsExactly(Role.STANDBY, Role.SERVING, Role.SERVING);
        Rollout two = board.begin(v2.getBundleId(), v3.getBundleId());
        assertThat(roles(v1, v2, v3)).containsExactly(Role.STANDBY, Role.SERVING, Role.ON_TRIAL);
        two.offer(Share.ALL);
        assertThat(roles(v1, v2, v3)).containsExactly(Role.STANDBY, Role.STANDBY, Role.SERVING);
        one.close();
        two.close();
        assertThat(roles(v1, v2, v3)).containsOnly(Role.SERVING);
    }

    private List<Role> roles(Bundle... bundles) {
        return Stream.of(bundles).map(bundle -> board.role(bundle.getBundleId())).toList();
    }

    @Test
    void aCanaryGetsItsShareAndItsTenants() {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        Rollout rollout = board.begin(v1.getBundleId(), v2.getBundleId());
        offer(v2, "v2");
        rollout.offer(new Share(0, Set.of(ANA)));
        for (int i = 0; i < 50; i++) {
            assertThat(ask(workers, ANA)).isEqualTo("v2");
            assertThat(ask(workers, BEN)).isEqualTo("v1");
        }
        assertThat(workers.snapshot().all()).hasSize(1);

        rollout.offer(new Share(20, Set.of()));
        int next = 0;
        for (int i = 0; i < 5000; i++) {
            next += ask(workers, BEN).equals("v2") ? 1 : 0;
        }
        // 1000 expected; seven standard deviations either way
        assertThat(next).isBetween(800, 1200);
        assertThat(rollout.next().calls()).isEqualTo(50 + next);
        assertThat(rollout.current().calls()).isEqualTo(50 + 5000 - next);
    }

    @Test
    void aCanaryThatGoesLosesNothing() {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        Rollout rollout = board.begin(v1.getBundleId(), v2.getBundleId());
        ServiceRegistration<Echo> canary = offer(v2, "v2");
        rollout.offer(new Share(99, Set.of(ANA)));
        WorkerHandle<Echo> old = handle(workers, ID);
        canary.unregister();
        try (Lease<Echo> lease = Objects.requireNonNull(old.acquire(ANA))) {
            assertThat(lease.worker().key()).isEqualTo("v1");
        }
        assertThat(ask(workers, ANA)).isEqualTo("v1");
    }

    @Test
    void countsFailuresOfTheWorkerAndNotOfItsCallers() {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        call(workers, null);
        Rollout rollout = board.begin(v1.getBundleId(), v2.getBundleId());
        assertThat(rollout.current().calls()).isZero();

        call(workers, null);
        ProblemException callers = new ProblemException(ErrorCategory.INVALID_ARGUMENT, "X", "the caller's fault");
        assertThat(call(workers, callers)).isSameAs(callers);
        assertThatIOException().isThrownBy(() -> {
            try (Lease<Echo> lease = lease(handle(workers, ID))) {
                lease.call(echo -> {
                    throw new IOException("a connection broke");
                });
            }
        });
        assertThat(rollout.current().failures()).isZero();

        call(workers, new ProblemException(ErrorCategory.UNAVAILABLE, "X", "overloaded"));
        ProblemException contained =
                Objects.requireNonNull(call(workers, new IllegalStateException("a secret of the worker")));
        assertThat(contained.category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
        assertThat(contained.getMessage()).doesNotContain("secret");
        assertThat(rollout.current().calls()).isEqualTo(5);
        assertThat(rollout.current().failures()).isEqualTo(2);
        assertThat(rollout.current().failureRate()).isEqualTo(0.4);
        assertThat(rollout.current().broken()).isNull();
        assertThat(states(v1)).containsExactly(State.ADMITTED);

        call(workers, new NoClassDefFoundError("acme/Missing"));
        assertThat(rollout.current().broken()).contains("acme/Missing");
        assertThat(states(v1)).containsExactly(State.BROKEN);
        assertThat(new WorkersHealth(board).health().reason()).contains("is broken", "acme/Missing");
    }

    @Test
    void callsWithTheClassLoaderOfTheWorker() throws Exception {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        ClassLoader mine = new ClassLoader("mine", null) {};
        Thread.currentThread().setContextClassLoader(mine);
        List<ClassLoader> seen = new ArrayList<>();
        try (Lease<Echo> lease = lease(handle(workers, ID))) {
            lease.call(echo -> seen.add(Thread.currentThread().getContextClassLoader()));
            assertThat(seen).containsExactly(lease.worker().getClass().getClassLoader());
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(mine);
    }

    @Test
    void refusesCallsBeyondTheLimit() {
        Workers<Echo> workers = open();
        offer(v1, "v1");
        List<Lease<Echo>> leases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            leases.add(lease(handle(workers, ID)));
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> lease(handle(workers, ID)))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("WORKER_BUSY"));
        leases.getFirst().close();
        lease(handle(workers, ID)).close();
        leases.forEach(Lease::close);
        assertThat(handle(workers, ID).inFlight()).isZero();
    }

    /** Makes a call that fails as given. */
    private static @Nullable ProblemException call(Workers<Echo> workers, @Nullable Throwable failure) {
        try (Lease<Echo> lease = lease(handle(workers, ID))) {
            lease.call(echo -> {
                switch (failure) {
                    case null -> echo.key();
                    case Exception e -> throw e;
                    case Error e -> throw e;
                    default -> throw new AssertionError(failure);
                }
            });
        } catch (ProblemException e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return null;
    }
}
