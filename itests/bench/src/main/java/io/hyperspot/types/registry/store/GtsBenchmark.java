// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.core.JacksonException;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import io.hyperspot.types.registry.engine.RefusedException;
import io.hyperspot.types.registry.engine.Violation;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the type system costs, on one thread: ids, patterns, and validation by a derived type among 10,000
 * entities. The peer of parsing in the same run is the regular expression that the specification gives.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GtsBenchmark {
    private static final String BASE = "gts.acme.shop.orders.order.v1~";
    private static final String DERIVED = BASE + "acme.shop._.rush.v1.2~";
    private static final String ID = DERIVED + "acme.shop._.first.v1.0";
    private static final Pattern GRAMMAR = Pattern.compile(
            "^gts\\.([a-z_][a-z0-9_]*\\.){4}v(0|[1-9]\\d*)(\\.(0|[1-9]\\d*))?"
                    + "(~([a-z_][a-z0-9_]*\\.){4}v(0|[1-9]\\d*)(\\.(0|[1-9]\\d*))?)*~?$");

    /** Types that are registered at once, as when a product starts. */
    @State(Scope.Benchmark)
    public static class Start {
        private final GtsEngine engine = new GtsEngine(GtsProfile.V0_11);
        private final Map<String, Document> documents = new LinkedHashMap<>();

        @Setup
        public void make() throws Exception {
            for (int i = 0; i < 5_000; i++) {
                String base = "gts.acme.shop.many.t" + i + ".v1~";
                documents.put("b" + i, engine.document(Json.read(base(base))));
                documents.put("d" + i, engine.document(Json.read(derived(base, base + "acme.shop._.d" + i + ".v1~"))));
            }
        }
    }

    private final GtsEngine engine;
    private final TenantView view;
    private final Document instance;
    private final GtsPattern pattern;
    private final GtsId id;

    public GtsBenchmark() {
        try {
            engine = new GtsEngine(GtsProfile.V0_11);
            Store store = new Store(engine, new Nowhere(), Clock.systemUTC(), 20_000);
            Map<String, Document> documents = new LinkedHashMap<>();
            documents.put("base", engine.document(Json.read(base(BASE))));
            documents.put("derived", engine.document(Json.read(derived(BASE, DERIVED))));
            for (int i = 0; i < 9_997; i++) {
                String other = "gts.acme.shop.many.t" + i + ".v1~";
                documents.put("t" + i, engine.document(Json.read(base(other))));
            }
            instance = engine.document(Json.read("{\"id\":\"" + ID + "\",\"n\":3,\"customer\":{\"name\":\"Ada\",\"tags\":[\"a\",\"b\"]},"
                    + "\"express\":true}"));
            documents.put("instance", instance);
            store.contribute(
                    List.of(new Contribution(new Owner.OfBundle(1, "bench 1.0.0"), documents, List.of())), List.of());
            if (!store.current().problems().isEmpty()) {
                throw new IllegalStateException(store.current().problems().toString());
            }
            view = store.current().view(TenantId.ROOT);
            pattern = GtsPattern.parse(BASE + "acme.shop.*");
            id = GtsId.parse(ID);
        } catch (JacksonException | RefusedException e) {
            throw new IllegalStateException("the benchmark's own documents are right", e);
        }
    }

    private static String base(String id) {
        return "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"gts://" + id + "\",\"type\":\"object\","
                + "\"required\":[\"id\",\"n\"],\"properties\":{\"id\":{\"type\":\"string\",\"x-gts-ref\":\"/$id\"},"
                + "\"n\":{\"type\":\"integer\",\"minimum\":1},\"customer\":{\"type\":\"object\",\"properties\":{"
                + "\"name\":{\"type\":\"string\",\"maxLength\":80},\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}}";
    }

    private static String derived(String base, String id) {
        return "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"gts://" + id + "\",\"type\":\"object\","
                + "\"allOf\":[{\"$ref\":\"gts://" + base + "\"},{\"required\":[\"express\"],\"properties\":{"
                + "\"n\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":5},\"express\":{\"type\":\"boolean\"}}}]}";
    }

    @Benchmark
    public GtsId parse() {
        return GtsId.parse(ID);
    }

    @Benchmark
    public boolean parseByRegularExpression() {
        return GRAMMAR.matcher(ID).matches();
    }

    @Benchmark
    public boolean match() {
        return pattern.matches(id);
    }

    /** By the type that the instance names, looked up among all. */
    @Benchmark
    public List<Violation> validate() {
        List<Violation> violations = engine.validateInstance(instance, view);
        if (!violations.isEmpty()) {
            throw new IllegalStateException(violations.toString());
        }
        return violations;
    }

    /** 10,000 types of one bundle, half of them derived, checked and published. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    @Fork(3)
    public Generation register(Start start) {
        Store store = new Store(start.engine, new Nowhere(), Clock.systemUTC(), 20_000);
        store.contribute(
                List.of(new Contribution(new Owner.OfBundle(1, "bench 1.0.0"), start.documents, List.of())), List.of());
        return Objects.requireNonNull(store.current());
    }

    private static final class Nowhere implements Storage {
        @Override
        public List<Row> load() {
            return List.of();
        }

        @Override
        public void save(TenantId tenant, Map<String, Registered> entities, Collection<String> isNew, String actor) {
            throw new IllegalStateException("nothing is stored here");
        }
    }
}
