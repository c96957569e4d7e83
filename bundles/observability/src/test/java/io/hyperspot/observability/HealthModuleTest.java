// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Rollouts;
import io.hyperspot.modkit.worker.Rollouts.Role;
import io.hyperspot.web.spi.Operation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

class HealthModuleTest extends FelixFixture {
    /** A part whose health a test sets. */
    private static final class Part implements HealthContributor {
        private final String name;
        Health health = Health.up();

        Part(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Health health() {
            return health;
        }
    }

    private final Map<ComponentDescriptionDTO, List<ComponentConfigurationDTO>> components = new HashMap<>();
    private final List<HealthModule> modules = new ArrayList<>();

    private HealthModule module() {
        return modules.getFirst();
    }

    @BeforeEach
    void startModule() {
        ServiceComponentRuntime runtime = (ServiceComponentRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceComponentRuntime.class}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "getComponentDescriptionDTOs" -> List.copyOf(components.keySet());
                            case "getComponentConfigurationDTOs" ->
                                Objects.requireNonNull(components.get((ComponentDescriptionDTO) arguments[0]));
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
        modules.add(new HealthModule(context(), runtime));
    }

    @AfterEach
    void stopModule() {
        module().deactivate();
    }

    private void bind(HealthContributor part, long bundle) {
        module().bindContributor(part, Map.of(Constants.SERVICE_BUNDLEID, bundle));
    }

    private static Rollouts roles(Map<Long, Role> roles) {
        return new Rollouts() {
            @Override
            public Rollout begin(long current, long next) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Role role(long bundle) {
                return roles.getOrDefault(bundle, Role.SERVING);
            }
        };
    }

    private FakeExchange ask(String path) throws Exception {
        FakeExchange exchange = FakeExchange.get(path);
        for (Operation operation : module().operations()) {
            if (operation.path().equals(path)) {
                assertThat(operation.permission()).as("a probe has no credential").isNull();
                module().handle(exchange, operation);
            }
        }
        return exchange;
    }

    private static ComponentDescriptionDTO component(String bundle, String reference, String target) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.bundle = new BundleDTO();
        component.bundle.symbolicName = bundle;
        ReferenceDTO declared = new ReferenceDTO();
        declared.name = reference;
        declared.interfaceName = "io.hyperspot.Contract";
        declared.target = target.isEmpty() ? null : target;
        component.references = new ReferenceDTO[] {declared};
        return component;
    }

    private static ComponentConfigurationDTO configuration(int state, String missing, String failure) {
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        configuration.state = state;
        UnsatisfiedReferenceDTO unsatisfied = new UnsatisfiedReferenceDTO();
        unsatisfied.name = missing;
        configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {unsatisfied};
        configuration.failure = failure.isEmpty() ? null : failure;
        return configuration;
    }

    private List<String> readiness() throws Exception {
        ServiceReference<?>[] found = context().getServiceReferences(Supplier.class.getName(), "(hyperspot.readiness=true)");
        Supplier<?> supplier = (Supplier<?>) Objects.requireNonNull(context().getService(found[0]));
        return ((List<?>) supplier.get()).stream().map(String::valueOf).toList();
    }

    @Test
    void isReadyWhenAllPartsAre() throws Exception {
        Part b = new Part("b");
        Part a = new Part("a");
        bind(b, 1);
        bind(a, 1);
        a.health = HealthContributor.Health.degraded("slow");
        FakeExchange ready = ask("/ready");
        assertThat(ready.status).isEqualTo(200);
        assertThat(ready.text())
                .isEqualTo("{\"status\":\"UP\",\"missing\":[],\"parts\":{\"a\":{\"status\":\"DEGRADED\",\"reason\":\"slow\"},"
                        + "\"b\":{\"status\":\"UP\"}}}");
        b.health = HealthContributor.Health.down("no disk");
        FakeExchange unready = ask("/ready");
        assertThat(unready.status).isEqualTo(503);
        assertThat(unready.json().path("missing").get(0).asText()).isEqualTo("b: no disk");
        assertThat(readiness()).containsExactly("b: no disk");
        assertThat(ask("/live").status).isEqualTo(200);
        module().unbindContributor(b, Map.of(Constants.SERVICE_BUNDLEID, 1L));
        assertThat(ask("/ready").status).isEqualTo(200);
    }

    @Test
    void isReadyWhateverAVersionSaysThatDoesNotServe() throws Exception {
        Map<Long, Role> roles = new HashMap<>(Map.of(2L, Role.ON_TRIAL));
        Rollouts rollouts = roles(roles);
        module().bindRollouts(rollouts);
        Part current = new Part("acme");
        Part next = new Part("acme");
        bind(current, 1);
        bind(next, 2);
        next.health = HealthContributor.Health.down("no backend");
        FakeExchange ready = ask("/ready");
        assertThat(ready.status).isEqualTo(200);
        assertThat(ready.text())
                .isEqualTo("{\"status\":\"UP\",\"missing\":[],\"parts\":{\"acme\":{\"status\":\"UP\"}},"
                        + "\"on_trial\":{\"acme\":{\"status\":\"DOWN\",\"reason\":\"no backend\"}}}");
        assertThat(readiness()).isEmpty();

        // it has all requests now
        roles.putAll(Map.of(1L, Role.STANDBY, 2L, Role.SERVING));
        assertThat(ask("/ready").status).isEqualTo(503);
        assertThat(readiness()).containsExactly("acme: no backend");

        next.health = HealthContributor.Health.up();
        current.health = HealthContributor.Health.down("its licence has expired");
        FakeExchange switched = ask("/ready");
        assertThat(switched.status).isEqualTo(200);
        assertThat(switched.json().at("/standby/acme/status").asText()).isEqualTo("DOWN");

        // nobody knows of a rollout
        module().unbindRollouts(rollouts);
        assertThat(ask("/ready").status).isEqualTo(503);
    }

    @Test
    void staysStartedOnceItHasStarted() throws Exception {
        Part part = new Part("a");
        bind(part, 1);
        part.health = HealthContributor.Health.down("not yet");
        assertThat(ask("/startup").status).isEqualTo(503);
        part.health = HealthContributor.Health.up();
        assertThat(ask("/startup").status).isEqualTo(200);
        part.health = HealthContributor.Health.down("later");
        assertThat(ask("/startup").status).isEqualTo(200);
        assertThat(ask("/ready").status).isEqualTo(503);
    }

    @Test
    void doesNotLetOnePartHideTheOthers() throws Exception {
        bind(new Part("good"), 1);
        bind(
                new HealthContributor() {
                    @Override
                    public String name() {
                        return "bad";
                    }

                    @Override
                    public Health health() {
                        throw new IllegalStateException("a bug");
                    }
                },
                1);
        FakeExchange ready = ask("/ready");
        assertThat(ready.status).isEqualTo(503);
        JsonNode parts = ready.json().path("parts");
        assertThat(parts.at("/good/status").asText()).isEqualTo("UP");
        assertThat(parts.at("/bad/reason").asText()).contains("a bug");
    }

    @Test
    void saysWhatComponentsWaitFor() throws Exception {
        components.put(
                component("io.hyperspot.web", "types", ""),
                List.of(configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "types", "")));
        components.put(
                component("io.hyperspot.llm", "keys", "(a=b)"),
                List.of(configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "keys", "")));
        components.put(
                component("io.hyperspot.odd", "declared", ""),
                List.of(configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "undeclared", "")));
        components.put(
                component("io.hyperspot.failed", "x", ""),
                List.of(
                        configuration(ComponentConfigurationDTO.FAILED_ACTIVATION, "x", "java.lang.Error: first\n\tat second"),
                        configuration(ComponentConfigurationDTO.FAILED_ACTIVATION, "x", "")));
        components.put(component("io.hyperspot.fine", "x", ""), List.of(configuration(ComponentConfigurationDTO.ACTIVE, "x", "")));
        components.put(
                component("org.foreign", "x", ""),
                List.of(configuration(ComponentConfigurationDTO.UNSATISFIED_REFERENCE, "x", "")));
        assertThat(readiness())
                .containsExactlyInAnyOrder(
                        "io.hyperspot.web waits for a service io.hyperspot.Contract",
                        "io.hyperspot.llm waits for a service io.hyperspot.Contract with (a=b)",
                        "io.hyperspot.odd waits for a service undeclared",
                        "io.hyperspot.failed failed to start: java.lang.Error: first",
                        "io.hyperspot.failed failed to start: no reason was given");
        assertThat(ask("/ready").status).isEqualTo(503);
    }
}
