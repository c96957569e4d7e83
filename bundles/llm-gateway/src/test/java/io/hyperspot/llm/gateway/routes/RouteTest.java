// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.testkit.ComponentConfig;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
    private static final ModelId A = ModelId.parse("one/a");
    private static final ModelId B = ModelId.parse("two/b");

    private final Latencies latencies = new Latencies();
    private final Random random = new Random(7);

    static Route route(String name, Map<String, Object> settings) {
        return new Route(ComponentConfig.of(RouteConfig.class, settings), Map.of("instance.name", name));
    }

    private static Route of(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.putIfAbsent("models", new String[] {"one/a", "two/b"});
        return route("chat", settings);
    }

    @Test
    void asksInTheOrderOfItsModels() {
        assertThat(of(Map.of()).order(latencies, random)).containsExactly(A, B);
    }

    @Test
    void asksByChanceAsTheWeightsSay() {
        Route route = of(Map.of("strategy", "weighted", "weights", new int[] {3, 1}));
        int first = 0;
        for (int i = 0; i < 10_000; i++) {
            List<ModelId> order = route.order(latencies, random);
            assertThat(order).containsExactlyInAnyOrder(A, B);
            first += order.getFirst().equals(A) ? 1 : 0;
        }
        assertThat(first / 10_000.0).isCloseTo(0.75, within(0.02));
        Route spare = of(Map.of("strategy", "weighted", "weights", new int[] {0, 1}));
        for (int i = 0; i < 100; i++) {
            assertThat(spare.order(latencies, random)).containsExactly(B, A);
        }
    }

    @Test
    void asksTheOneWhoseAnswersBeganSoonestOfLate() {
        Route route = of(Map.of("strategy", "fastest"));
        latencies.began(A, 200);
        latencies.began(B, 100);
        assertThat(route.order(latencies, random)).containsExactly(B, A);
        for (int i = 0; i < 20; i++) {
            latencies.began(B, 900);
        }
        assertThat(route.order(latencies, random)).containsExactly(A, B);
        latencies.failed(A);
        assertThat(route.order(latencies, random)).containsExactly(B, A);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', names none",
        "noslash, '', noslash",
        "route/other, '', is a route itself",
        "one/a;two/b, 1, 1 weights for 2 models",
        "one/a, -1, negative",
    })
    void tellsWhatIsWrongWithItsSettings(String models, String weights, String words) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("models", models.isEmpty() ? new String[0] : models.split(";"));
        settings.put("weights", weights.isEmpty() ? new int[0] : new int[] {Integer.parseInt(weights)});
        Route route = route("chat", settings);
        assertThat(route.health().state()).isEqualTo(HealthContributor.State.DEGRADED);
        assertThat(String.valueOf(route.health().reason())).contains(words, "modules.llm-route.instances.chat");
        Routes routes = new Routes();
        routes.add(route);
        assertThatThrownBy(() -> routes.order(new ModelId("route", "chat")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(words);
    }

    @Test
    void comesAndGoesByItsName() {
        Routes routes = new Routes();
        ModelId asked = new ModelId("route", "chat");
        assertThat(routes.order(asked)).isNull();
        Route before = of(Map.of());
        Route after = of(Map.of("models", new String[] {"two/b"}));
        routes.add(before);
        assertThat(routes.order(asked)).containsExactly(A, B);
        routes.add(after);
        routes.remove(before);
        assertThat(routes.order(asked)).containsExactly(B);
        routes.remove(after);
        assertThat(routes.order(asked)).isNull();
        assertThat(routes.order(A)).isNull();
    }
}
