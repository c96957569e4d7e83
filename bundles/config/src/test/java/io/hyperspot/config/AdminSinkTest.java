// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AdminSinkTest {
    private final FakeAdmin admin = new FakeAdmin();
    private final AdminSink sink = new AdminSink(admin);

    private static Configurations of(int port, Map<String, Map<String, Object>> models) {
        return new Configurations(
                Map.of("web", Map.of("port", port), "logging", Map.of("level", "INFO")), Map.of("llm-openai", models));
    }

    @Test
    void writesOnlyWhatChanged() throws Exception {
        assertThat(sink.isEmpty()).isTrue();
        assertThat(sink.apply(of(1, Map.of("a", Map.of("url", "x")))))
                .containsExactlyInAnyOrder("web", "logging", "llm-openai~a");
        assertThat(sink.isEmpty()).isFalse();
        assertThat(sink.apply(of(1, Map.of("a", Map.of("url", "x"))))).isEmpty();
        assertThat(sink.apply(of(2, Map.of("a", Map.of("url", "x"))))).containsExactly("web");
        assertThat(admin.properties("web")).containsEntry("port", 2);
        assertThat(Objects.requireNonNull(admin.configurations.get("logging")).updates).isEqualTo(1);
        assertThat(Objects.requireNonNull(admin.configurations.get("llm-openai~a")).getFactoryPid()).isEqualTo("llm-openai");
    }

    @Test
    void addsAndTakesAwayInstances() throws Exception {
        sink.apply(of(1, Map.of("a", Map.of("url", "x"))));
        assertThat(sink.apply(of(1, Map.of("b", Map.of("url", "y")))))
                .containsExactly("llm-openai~a", "llm-openai~b");
        assertThat(admin.configurations).containsOnlyKeys("web", "logging", "llm-openai~b");
        assertThat(sink.apply(new Configurations(Map.of(), Map.of()))).hasSize(3);
        assertThat(admin.configurations).isEmpty();
        assertThat(sink.isEmpty()).isTrue();
    }

    @Test
    void forgivesThatSomebodyElseDeletedOne() throws Exception {
        sink.apply(of(1, Map.of("a", Map.of("url", "x"))));
        Objects.requireNonNull(admin.configurations.get("llm-openai~a")).delete();
        Objects.requireNonNull(admin.configurations.get("web")).delete();
        assertThat(sink.apply(of(1, Map.of()))).containsExactlyInAnyOrder("llm-openai~a", "web");
        assertThat(admin.properties("web")).containsEntry("port", 1);
    }
}
