// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.gts.registry.TypesRegistry.Kind;
import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.gts.registry.TypesRegistry.Snapshot;
import io.hyperspot.gts.registry.TypesRegistryListener;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class RegistryModuleTest {
    private static final String TYPE = "gts.acme.shop.orders.order.v1~";
    private static final GtsId TYPE_ID = GtsId.parse(TYPE);
    private static final GtsPattern ALL = GtsPattern.parse("gts.*");

    @TempDir
    Path cache;

    private TestFramework framework;
    private RegistryModule registry;

    @BeforeEach
    void start() throws Exception {
        framework = new TestFramework(cache);
        registry = module();
    }

    @AfterEach
    void stop() throws Exception {
        registry.stop();
        framework.close();
    }

    @Test
    void registersDocumentsOfAResolvedBundleUntilItIsUninstalled() throws Exception {
        Bundle bundle = framework.install(
                "shop", Map.of("META-INF/gts/a.json", schema(TYPE, ""), "META-INF/gts/b.json", instance(TYPE + "acme.a.b.c.v1")));
        assertThat(registry.snapshot().find(TYPE_ID)).isEmpty();

        bundle.start();

        Entity type = registry.snapshot().find(TYPE_ID).orElseThrow();
        assertThat(type.kind()).isEqualTo(Kind.TYPE);
        assertThat(type.isType()).isTrue();
        assertThat(type.isAbstract()).isFalse();
        assertThat(type.owner()).isEqualTo("shop 1.2.0");
        assertThat(type.description()).isEqualTo("An order.");
        assertThat(type.content()).contains("\"$id\":\"gts://" + TYPE + "\"");
        assertThat(registry.snapshot().list(ALL))
                .extracting(entity -> entity.id().toString())
                .containsExactly(TYPE, TYPE + "acme.a.b.c.v1");
        assertThat(registry.snapshot().list(GtsPattern.parse(TYPE + "*"))).hasSize(1);

        bundle.stop();
        assertThat(registry.snapshot().find(TYPE_ID)).isPresent();
        bundle.uninstall();
        assertThat(registry.snapshot().list(ALL)).isEmpty();
    }

    @Test
    void registersBundlesThatWereThereBefore() throws Exception {
        framework.install("shop", Map.of("META-INF/gts/a.json", schema(TYPE, ""))).start();

        RegistryModule late = module();

        assertThat(late.snapshot().find(TYPE_ID)).isPresent();
        late.stop();
        assertThat(late.snapshot().list(ALL)).isEmpty();
    }

    @Test
    void tellsListenersOncePerBundleAndKeepsOldGenerationsAsTheyWere() throws Exception {
        List<Snapshot> told = new ArrayList<>();
        framework.context().registerService(TypesRegistryListener.class, told::add, null);
        framework.context().registerService(
                TypesRegistryListener.class,
                snapshot -> {
                    throw new IllegalStateException("a broken listener");
                },
                null);
        Snapshot before = registry.snapshot();

        framework.install("plain", Map.of("a.txt", "a")).start();
        Bundle bundle = framework.install(
                "shop",
                Map.of("META-INF/gts/a.json", schema(TYPE, ""), "META-INF/gts/b.json", instance(TYPE + "acme.a.b.c.v1")));
        bundle.start();

        assertThat(told).hasSize(1);
        assertThat(told.getFirst().generation()).isEqualTo(registry.snapshot().generation());
        assertThat(told.getFirst().generation()).isEqualTo(before.generation() + 1);
        assertThat(before.list(ALL)).isEmpty();
        bundle.uninstall();
        assertThat(told).hasSize(2);
        assertThat(told.getFirst().list(ALL)).hasSize(2);
    }

    @Test
    void refusesAllOfABundleWithAMalformedDocumentAndNothingElse() throws Exception {
        framework.install(
                        "bad",
                        Map.of(
                                "META-INF/gts/a.json",
                                schema("gts.acme.shop.orders.item.v1~", ""),
                                "META-INF/gts/b.json",
                                schema("gts.acme.shop.orders.Item.v1~", "")))
                .start();
        framework.install("good", Map.of("META-INF/gts/a.json", schema(TYPE, ""))).start();

        assertThat(registry.snapshot().list(ALL)).extracting(Entity::id).containsExactly(TYPE_ID);
        Problem problem = registry.snapshot().problems().getFirst();
        assertThat(problem.owner()).isEqualTo("bad 1.2.0");
        assertThat(problem.file()).isEqualTo("META-INF/gts/b.json");
        assertThat(problem.pointer()).isEqualTo("/$id");
        assertThat(problem.reason()).contains("position 21");
        TypesHealth health = new TypesHealth(registry);
        assertThat(health.health().state()).isEqualTo(State.DEGRADED);
        assertThat(health.health().reason()).contains("bad 1.2.0", "META-INF/gts/b.json");
    }

    @Test
    void sharesIdenticalDocumentsAndHandsOverWhenTheFirstOwnerGoes() throws Exception {
        Bundle first = framework.install("first", Map.of("META-INF/gts/a.json", schema(TYPE, "")));
        first.start();
        framework.install("second", Map.of("META-INF/gts/x.json", "  " + schema(TYPE, "") + "\n")).start();

        assertThat(registry.snapshot().problems()).isEmpty();
        assertThat(new TypesHealth(registry).health().state()).isEqualTo(State.UP);
        first.uninstall();
        assertThat(registry.snapshot().find(TYPE_ID).orElseThrow().owner()).isEqualTo("second 1.2.0");
    }

    @Test
    void refusesADifferentDocumentOfTheSameIdUntilTheFirstGoes() throws Exception {
        Bundle first = framework.install("first", Map.of("META-INF/gts/a.json", schema(TYPE, "")));
        first.start();
        framework.install(
                        "second",
                        Map.of(
                                "META-INF/gts/x.json",
                                schema(TYPE, "\"title\": \"other\","),
                                "META-INF/gts/y.json",
                                schema("gts.acme.shop.orders.item.v1~", "")))
                .start();

        assertThat(registry.snapshot().list(ALL)).extracting(Entity::owner).containsExactly("first 1.2.0");
        assertThat(registry.snapshot().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.owner()).isEqualTo("second 1.2.0");
            assertThat(problem.reason()).contains("first 1.2.0", TYPE);
        });
        first.uninstall();
        assertThat(registry.snapshot().problems()).isEmpty();
        assertThat(registry.snapshot().list(ALL)).hasSize(2);
    }

    @Test
    void takesATypeOnceWhatItDerivesFromIsThere() throws Exception {
        String derived = TYPE + "acme.shop._.rush.v1~";
        framework.install("derived", Map.of("META-INF/gts/a.json", schema(derived, ref(TYPE)))).start();
        assertThat(registry.snapshot().find(GtsId.parse(derived))).isEmpty();
        assertThat(registry.snapshot().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.owner()).isEqualTo("derived 1.2.0");
            assertThat(problem.reason()).contains(TYPE, "not registered");
        });

        framework.install("base", Map.of("META-INF/gts/a.json", schema(TYPE, ""))).start();

        assertThat(registry.snapshot().problems()).isEmpty();
        assertThat(registry.snapshot().find(GtsId.parse(derived))).isPresent();
    }

    @Test
    void keepsATypeThatOthersBuildOnWhenItsBundleGoesAndLetsNothingNewBuildOnIt() throws Exception {
        String derived = TYPE + "acme.shop._.rush.v1~";
        Bundle base = framework.install("base", Map.of("META-INF/gts/a.json", schema(TYPE, "")));
        base.start();
        Bundle user = framework.install("derived", Map.of("META-INF/gts/a.json", schema(derived, ref(TYPE))));
        user.start();

        base.uninstall();

        assertThat(registry.snapshot().find(TYPE_ID)).isPresent();
        assertThat(registry.snapshot().find(GtsId.parse(derived))).isPresent();
        framework.install("late", Map.of("META-INF/gts/a.json", schema(TYPE + "acme.shop._.late.v1~", ref(TYPE)))).start();
        assertThat(registry.snapshot().problems()).extracting(Problem::owner).containsExactly("late 1.2.0");
        user.uninstall();
        assertThat(registry.snapshot().list(ALL)).isEmpty();
    }

    @Test
    void refusesABundleWhoseTypeWidensWhatItDerivesFrom() throws Exception {
        framework.install(
                        "both",
                        Map.of(
                                "META-INF/gts/a.json",
                                schema(TYPE, "\"properties\": {\"n\": {\"type\": \"integer\", \"maximum\": 5}},"),
                                "META-INF/gts/b.json",
                                schema(
                                        TYPE + "acme.shop._.rush.v1~",
                                        ref(TYPE) + "\"properties\": {\"n\": {\"type\": \"integer\", \"maximum\": 6}},")))
                .start();

        assertThat(registry.snapshot().list(ALL)).isEmpty();
        assertThat(registry.snapshot().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("META-INF/gts/b.json");
            assertThat(problem.pointer()).isEqualTo("/properties/n/maximum");
            assertThat(problem.reason()).contains("5").contains("6");
        });
    }

    private static String ref(String type) {
        return "\"allOf\": [{\"$ref\": \"gts://" + type + "\"}],";
    }

    private RegistryModule module() {
        return new RegistryModule(
                framework.context(),
                new Store(new GtsEngine(GtsProfile.V0_11), new NoStorage(), Clock.systemUTC(), 100));
    }

    private static String schema(String id, String more) {
        return "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$id\": \"gts://" + id + "\", " + more
                + " \"description\": \"An order.\", \"type\": \"object\"}";
    }

    private static String instance(String id) {
        return "{\"id\": \"" + id + "\"}";
    }
}
