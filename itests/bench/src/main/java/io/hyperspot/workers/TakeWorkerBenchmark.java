// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;

/**
 * What a request pays to take a worker: the snapshot, the look-up by key, the lease and its end. The
 * peer in the same run is a look-up in the service registry.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TakeWorkerBenchmark {
    private static final String TYPE = "gts.hyperspot.core.modkit.plugin.v1~acme.test.echo.worker.v1~";
    private static final int WORKERS = 50;

    /** A worker interface. */
    public interface Echo {
        String key();
    }

    private record Echoes(String key) implements Echo {}

    /** A registry in which every type exists. */
    private record EveryType() implements TypesRegistry, TypesRegistry.Snapshot {
        @Override
        public TypesRegistry.Snapshot snapshot() {
            return this;
        }

        @Override
        public TypesRegistry.Snapshot snapshot(TenantId tenant) {
            return this;
        }

        @Override
        public TypesRegistry.Snapshot await(long generation, Duration timeout) {
            return this;
        }

        @Override
        public long generation() {
            return 1;
        }

        @Override
        public Optional<Entity> find(GtsId id) {
            return Optional.of(new Entity(id, Kind.TYPE, "{}", "bench", false, ""));
        }

        @Override
        public Optional<String> trait(GtsId type, String name) {
            return Optional.empty();
        }

        @Override
        public List<Entity> list(GtsPattern pattern) {
            return List.of();
        }

        @Override
        public List<Problem> problems() {
            return List.of();
        }

        @Override
        public List<Violation> validate(GtsId type, String json) {
            return List.of();
        }

        @Override
        public Compatibility compatibility(GtsId older, GtsId newer) {
            return Compatibility.NONE;
        }
    }

    private Path cache = Path.of(".");
    private Framework framework = new FrameworkFactory().newFramework(Map.of());
    private Workers<Echo> workers = new NoWorkers();

    @Setup
    public void start() throws Exception {
        cache = Files.createTempDirectory("bench");
        framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", cache.toString(), "felix.log.level", "1"));
        framework.start();
        AdmissionBoard board = new AdmissionBoard(framework.getBundleContext(), new EveryType(), Duration.ofSeconds(1), 10_000);
        workers = new WorkersFactory(framework.getBundleContext(), board).open(Echo.class, TYPE, Echo::key);
        for (int i = 0; i < WORKERS; i++) {
            framework.getBundleContext()
                    .registerService(
                            Echo.class,
                            new Echoes("worker" + i),
                            FrameworkUtil.asDictionary(Map.of(
                                    "gts.type", TYPE,
                                    "gts.instance", TYPE + "acme.test.echo.worker" + i + ".v1",
                                    "gts.priority", 100)));
        }
    }

    @TearDown
    public void stop() throws Exception {
        workers.close();
        framework.stop();
        framework.waitForStop(10_000);
        try (Stream<Path> files = Files.walk(cache)) {
            files.sorted(Comparator.reverseOrder()).forEach(TakeWorkerBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Benchmark
    public String lease() {
        WorkerHandle<Echo> handle = Objects.requireNonNull(workers.snapshot().key("worker17"));
        try (WorkerHandle.Lease<Echo> lease = Objects.requireNonNull(handle.acquire(null))) {
            return lease.worker().key();
        }
    }

    @Benchmark
    public String registryLookup() throws Exception {
        var context = framework.getBundleContext();
        var reference = context.getServiceReferences(Echo.class, "(gts.instance=" + TYPE + "acme.test.echo.worker17.v1)")
                .iterator()
                .next();
        try {
            return context.getService(reference).key();
        } finally {
            context.ungetService(reference);
        }
    }

    private static final class NoWorkers implements Workers<Echo> {
        @Override
        public Snapshot<Echo> snapshot() {
            throw new IllegalStateException("not started");
        }

        @Override
        public void onChange(Runnable listener) {
            // nothing changes
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
