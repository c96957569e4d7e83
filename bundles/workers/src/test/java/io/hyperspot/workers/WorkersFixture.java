// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Admission.Entry;
import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.modkit.worker.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** A Felix with the workers module wired by hand. */
abstract class WorkersFixture {
    /** A worker interface. */
    interface Echo {
        String key();
    }

    static final String BASE = "gts.hyperspot.core.modkit.plugin.v1~";
    static final String TYPE = BASE + "acme.test.echo.worker.v1~";
    static final String DERIVED = TYPE + "acme.test.echo.loud_worker.v1~";

    @TempDir
    Path cache;

    FakeTypes types;
    AdmissionBoard board;
    WorkersFactory factory;
    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE, cache.toString(),
                        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT));
        framework.start();
        types = new FakeTypes(context());
        types.add(BASE, true);
        types.add(TYPE, false);
        board = new AdmissionBoard(context(), types, Duration.ofSeconds(30), 100);
        factory = new WorkersFactory(context(), board);
    }

    @AfterEach
    void stop() throws Exception {
        factory.stop();
        board.stop();
        framework.stop();
        framework.waitForStop(10_000);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Workers<Echo> open() {
        return factory.open(Echo.class, TYPE, Echo::key);
    }

    ServiceRegistration<Echo> register(String name, int priority) {
        return register(() -> name, TYPE, TYPE + "acme.test.echo." + name + ".v1", priority);
    }

    ServiceRegistration<Echo> register(Echo echo, String type, String instance, int priority) {
        return context().registerService(Echo.class, echo, FrameworkUtil.asDictionary(properties(type, instance, priority)));
    }

    ServiceRegistration<?> register(ServiceFactory<Echo> echo, String name) {
        return context()
                .registerService(
                        Echo.class.getName(),
                        echo,
                        FrameworkUtil.asDictionary(
                                properties(TYPE, TYPE + "acme.test.echo." + name + ".v1", 100)));
    }

    static Map<String, Object> properties(String type, String instance, int priority) {
        return new LinkedHashMap<>(Map.of("gts.type", type, "gts.instance", instance, "gts.priority", priority));
    }

    State state(String instance) {
        return entry(instance).state();
    }

    Entry entry(String instance) {
        return board.entries().stream()
                .filter(entry -> entry.instance().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    static List<String> keys(Workers<Echo> workers) {
        return workers.snapshot().all().stream()
                .map(handle -> ((Offered<Echo>) handle).key())
                .toList();
    }

    static boolean used(ServiceReference<?> reference) {
        return reference.getUsingBundles() != null;
    }

    List<Admission.State> states() {
        return board.entries().stream().map(Entry::state).toList();
    }

    static WorkerHandle<Echo> handle(Workers<Echo> workers, String instance) {
        return Objects.requireNonNull(workers.snapshot().instance(instance));
    }

    static Lease<Echo> lease(WorkerHandle<Echo> handle) {
        return Objects.requireNonNull(handle.acquire(null));
    }
}
