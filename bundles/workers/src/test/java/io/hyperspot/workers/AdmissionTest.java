// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Admission.Entry;
import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

class AdmissionTest extends WorkersFixture {
    @Test
    void admitsWorkersInOrderOfPriorityThenAge() {
        register("late", 200);
        Workers<Echo> workers = open();
        register("first", 100);
        register("second", 100);
        register("best", 1);

        assertThat(keys(workers)).containsExactly("best", "first", "second", "late");
        assertThat(states()).containsOnly(State.ADMITTED);
        WorkerHandle<Echo> best = Objects.requireNonNull(workers.snapshot().key("best"));
        assertThat(best).isSameAs(workers.snapshot().instance(TYPE + "acme.test.echo.best.v1"));
        assertThat(best.priority()).isEqualTo(1);
        assertThat(best.name()).isEmpty();
        assertThat(best.origin()).startsWith("org.apache.felix.framework ");
        assertThat(workers.snapshot().key("none")).isNull();
        assertThat(workers.snapshot().instance("none")).isNull();
    }

    @Test
    void prefersTheBetterOfTwoWorkersWithOneKey() {
        Workers<Echo> workers = open();
        register(() -> "same", TYPE, TYPE + "acme.test.echo.a.v1", 2);
        register(() -> "same", TYPE, TYPE + "acme.test.echo.b.v1", 1);

        assertThat(workers.snapshot().key("same"))
                .isNotNull()
                .extracting(WorkerHandle::instance)
                .isEqualTo(TYPE + "acme.test.echo.b.v1");
    }

    @ParameterizedTest
    @CsvSource({
        "gts.acme, gts.acme.a.b.c.v1, gts.type is malformed",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1, x, gts.instance is malformed",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~, Nonsense, gts.instance is malformed",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~, gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~, no instance of",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~, gts.hyperspot.core.modkit.plugin.v1~acme.test.other.worker.v1~a.b.c.d.v1, no instance of",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1, gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1, which is an instance",
        "gts.hyperspot.core.modkit.plugin.v1~, gts.hyperspot.core.modkit.plugin.v1~a.b.c.d.v1, is abstract",
        "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~, gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~a.b.c.{name}.v1, needs a factory configuration",
    })
    void rejectsWithTheReason(String type, String instance, String reason) {
        Workers<Echo> workers = open();
        register("good", 1);
        ServiceRegistration<Echo> bad = register(() -> "bad", type, instance, 1);

        assertThat(entry(instance).state()).isEqualTo(State.REJECTED);
        assertThat(entry(instance).reason()).contains(reason);
        assertThat(keys(workers)).containsExactly("good");
        assertThat(used(bad.getReference())).isFalse();
        WorkersHealth health = new WorkersHealth(board);
        assertThat(health.health().state()).isEqualTo(HealthContributor.State.DEGRADED);
        assertThat(health.health().reason()).contains(reason);
        bad.unregister();
        assertThat(health.health().state()).isEqualTo(HealthContributor.State.UP);
    }

    @Test
    void keepsAWorkerOfAnUnknownTypePendingUntilTheTypeArrives() throws Exception {
        Workers<Echo> workers = open();
        String instance = DERIVED + "acme.test.echo.one.v1";
        ServiceRegistration<Echo> registration = register(() -> "one", DERIVED, instance, 1);

        assertThat(entry(instance).state()).isEqualTo(State.PENDING);
        assertThat(entry(instance).reason()).contains(DERIVED, "install");
        assertThat(keys(workers)).isEmpty();
        assertThat(used(registration.getReference())).isFalse();

        types.add(DERIVED, false);
        assertThat(state(instance)).isEqualTo(State.ADMITTED);
        assertThat(keys(workers)).containsExactly("one");

        types.remove(DERIVED);
        assertThat(state(instance)).isEqualTo(State.PENDING);
        assertThat(keys(workers)).isEmpty();
    }

    @Test
    void letsTheFirstOfTwoHaveAnIdAndTheSecondSucceedInOneSwap() {
        Workers<Echo> workers = open();
        String instance = TYPE + "acme.test.echo.one.v1";
        ServiceRegistration<Echo> first = register(() -> "first", TYPE, instance, 100);
        register(() -> "second", TYPE, instance, 1);

        assertThat(keys(workers)).containsExactly("first");
        assertThat(states()).containsExactlyInAnyOrder(State.ADMITTED, State.CONFLICT);

        long before = workers.snapshot().generation();
        first.unregister();
        assertThat(keys(workers)).containsExactly("second");
        assertThat(states()).containsExactly(State.ADMITTED);
        assertThat(workers.snapshot().generation()).isEqualTo(before + 1);
    }

    @Test
    void namesTheInstanceOfAFactoryConfiguration() {
        Workers<Echo> workers = open();
        Map<String, Object> properties = properties(TYPE, TYPE + "acme.test.echo.{name}.v1", 1);
        properties.put("instance.name", "My-Host.8é");
        context().registerService(Echo.class, () -> "one", FrameworkUtil.asDictionary(properties));
        properties = properties(TYPE, TYPE + "acme.test.echo.{name}.v1", 2);
        properties.put("instance.name", "2nd");
        context().registerService(Echo.class, () -> "two", FrameworkUtil.asDictionary(properties));

        assertThat(workers.snapshot().all())
                .extracting(WorkerHandle::instance)
                .containsExactly(TYPE + "acme.test.echo.my_host_8_.v1", TYPE + "acme.test.echo._2nd.v1");
        assertThat(workers.snapshot().all()).extracting(WorkerHandle::name).containsExactly("My-Host.8é", "2nd");
    }

    @Test
    void followsChangedProperties() {
        Workers<Echo> workers = open();
        register("other", 50);
        ServiceRegistration<Echo> registration = register("one", 100);
        assertThat(keys(workers)).containsExactly("other", "one");

        registration.setProperties(FrameworkUtil.asDictionary(properties(TYPE, TYPE + "acme.test.echo.one.v1", 1)));
        assertThat(keys(workers)).containsExactly("one", "other");

        registration.setProperties(FrameworkUtil.asDictionary(properties(TYPE, "nonsense", 1)));
        assertThat(keys(workers)).containsExactly("other");
        assertThat(state("nonsense")).isEqualTo(State.REJECTED);
    }

    @Test
    void offersOnlyWorkersOfTheTypeAndItsDescendants() throws Exception {
        types.add(DERIVED, false);
        Workers<Echo> all = open();
        Workers<Echo> loud = factory.open(Echo.class, DERIVED, Echo::key);
        register("plain", 1);
        register(() -> "loud", DERIVED, DERIVED + "acme.test.echo.two.v1", 2);
        context().registerService(
                Runnable.class,
                () -> {},
                FrameworkUtil.asDictionary(properties(TYPE, TYPE + "acme.test.echo.three.v1", 3)));

        assertThat(keys(all)).containsExactly("plain", "loud");
        assertThat(keys(loud)).containsExactly("loud");
        assertThat(board.entries()).hasSize(3);
    }

    @Test
    void callsTheListenerOncePerSwap() {
        Workers<Echo> workers = open();
        int[] calls = new int[1];
        workers.onChange(() -> calls[0]++);

        ServiceRegistration<Echo> registration = register("one", 1);
        assertThat(calls[0]).isEqualTo(1);
        register(() -> "bad", TYPE, "nonsense", 1);
        assertThat(calls[0]).isEqualTo(1);
        registration.unregister();
        assertThat(calls[0]).isEqualTo(2);
        assertThat(workers.snapshot().generation()).isEqualTo(2);
    }

    @Test
    void reportsAWorkerThatCannotBeObtained() {
        Workers<Echo> workers = open();
        register(
                new ServiceFactory<>() {
                    @Override
                    public Echo getService(Bundle bundle, ServiceRegistration<Echo> registration) {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public void ungetService(Bundle bundle, ServiceRegistration<Echo> registration, Echo echo) {}
                },
                "broken");
        register(
                () -> {
                    throw new IllegalStateException("no key");
                },
                TYPE,
                TYPE + "acme.test.echo.keyless.v1",
                1);

        assertThat(keys(workers)).isEmpty();
        Entry broken = entry(TYPE + "acme.test.echo.broken.v1");
        assertThat(broken.state()).isEqualTo(State.REJECTED);
        assertThat(broken.reason()).contains("could not be activated");
        assertThat(entry(TYPE + "acme.test.echo.keyless.v1").reason()).contains("no key");
    }

    @Test
    void refusesToOpenForAnInstanceOrNonsense() {
        assertThatThrownBy(() -> factory.open(Echo.class, TYPE + "a.b.c.d.v1", Echo::key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'~'");
        assertThatThrownBy(() -> factory.open(Echo.class, "x", Echo::key))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
