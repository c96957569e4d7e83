// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.HealthReport;
import io.hyperspot.modkit.resolution.WaitingComponents;
import io.hyperspot.modkit.worker.Rollouts;
import io.hyperspot.modkit.worker.Rollouts.Role;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /health/startup}: what the parts say, and which
 * components wait for something, in words. A version of a plugin that is being tried, or stands by, is
 * shown and does not make the server unready. Immediate: the launcher waits for what it says.
 */
@Component(immediate = true, service = ProtocolHandler.class)
public final class HealthModule implements ProtocolHandler {
    /**
     * A contributor.
     *
     * @param bundle the id of the bundle that it is from
     */
    private record Contributor(HealthContributor part, long bundle) {
        static Contributor of(HealthContributor part, Map<String, Object> properties) {
            return new Contributor(part, properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id ? id : -1);
        }
    }

    /** What a part says, and whether it is of a bundle that the server depends on. */
    private record Answer(HealthReport report, Role role) {
        boolean isDown() {
            return role == Role.SERVING && report.health().state() == State.DOWN;
        }
    }

    private final List<Contributor> contributors = new CopyOnWriteArrayList<>();
    private final ServiceComponentRuntime runtime;
    private final ServiceRegistration<?> readiness;
    private volatile @Nullable Rollouts rollouts;
    private volatile boolean started;

    @Activate
    public HealthModule(BundleContext context, @Reference ServiceComponentRuntime components) {
        runtime = components;
        Supplier<List<String>> missing = () -> missing(parts());
        readiness = context.registerService(
                Supplier.class.getName(), missing, FrameworkUtil.asDictionary(Map.of("hyperspot.readiness", true)));
    }

    @Deactivate
    void deactivate() {
        readiness.unregister();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindContributor(HealthContributor contributor, Map<String, Object> properties) {
        contributors.add(Contributor.of(contributor, properties));
    }

    void unbindContributor(HealthContributor contributor, Map<String, Object> properties) {
        contributors.remove(Contributor.of(contributor, properties));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRollouts(Rollouts service) {
        rollouts = service;
    }

    void unbindRollouts(Rollouts service) {
        if (service.equals(rollouts)) {
            rollouts = null;
        }
    }

    private List<Answer> parts() {
        return contributors.stream()
                .map(this::ask)
                .sorted(Comparator.comparing(answer -> answer.report().name()))
                .toList();
    }

    /** A version that does not serve, or not yet, must not hold the answer for the server up either. */
    private Answer ask(Contributor contributor) {
        Rollouts now = rollouts;
        Role role = now == null ? Role.SERVING : now.role(contributor.bundle());
        HealthContributor part = contributor.part();
        return new Answer(
                role == Role.SERVING ? HealthReport.of(part) : HealthReport.within(part.getClass().getName(), part), role);
    }

    private List<String> missing(List<Answer> parts) {
        List<String> missing = new ArrayList<>(WaitingComponents.of(
                runtime, bundle -> bundle.symbolicName.startsWith("io.hyperspot.")));
        for (Answer part : parts) {
            if (part.isDown()) {
                missing.add(part.report().name() + ": " + part.report().health().reason());
            }
        }
        return missing;
    }

    @Override
    public String path() {
        return "/health";
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                new Operation("GET", "/live", null, null, 0),
                new Operation("GET", "/ready", null, null, 0),
                new Operation("GET", "/startup", null, null, 0));
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws IOException {
        List<Answer> parts = parts();
        switch (operation.path()) {
            case "/live" -> answer(exchange, parts, List.of());
            case "/startup" -> {
                List<String> missing = started ? List.of() : missing(parts);
                started = started || missing.isEmpty();
                answer(exchange, parts, missing);
            }
            default -> answer(exchange, parts, missing(parts));
        }
    }

    private static void answer(Exchange exchange, List<Answer> parts, List<String> missing) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", missing.isEmpty() ? "UP" : "DOWN");
        ArrayNode reasons = body.putArray("missing");
        missing.forEach(reasons::add);
        body.putObject("parts");
        for (Answer part : parts) {
            // two versions of a part have one name
            ObjectNode node = body.withObjectProperty(switch (part.role()) {
                        case SERVING -> "parts";
                        case ON_TRIAL -> "on_trial";
                        case STANDBY -> "standby";
                    })
                    .putObject(part.report().name());
            Health health = part.report().health();
            node.put("status", health.state().name());
            if (!health.reason().isEmpty()) {
                node.put("reason", health.reason());
            }
        }
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.respond(missing.isEmpty() ? 200 : 503, "application/json", json);
    }
}
