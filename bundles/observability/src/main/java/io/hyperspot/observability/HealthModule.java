// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.HealthReport;
import io.hyperspot.modkit.resolution.WaitingComponents;
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
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /health/startup}: what the parts say, and which
 * components wait for something, in words. Immediate: the launcher waits for what it says.
 */
@Component(immediate = true, service = ProtocolHandler.class)
public final class HealthModule implements ProtocolHandler {
    private final List<HealthContributor> contributors = new CopyOnWriteArrayList<>();
    private final ServiceComponentRuntime runtime;
    private final ServiceRegistration<?> readiness;
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
    void bindContributor(HealthContributor contributor) {
        contributors.add(contributor);
    }

    void unbindContributor(HealthContributor contributor) {
        contributors.remove(contributor);
    }

    private List<HealthReport> parts() {
        return contributors.stream()
                .map(HealthReport::of)
                .sorted(Comparator.comparing(HealthReport::name))
                .toList();
    }

    private List<String> missing(List<HealthReport> parts) {
        List<String> missing = new ArrayList<>(WaitingComponents.of(
                runtime, bundle -> bundle.symbolicName.startsWith("io.hyperspot.")));
        for (HealthReport part : parts) {
            if (part.health().state() == State.DOWN) {
                missing.add(part.name() + ": " + part.health().reason());
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
        List<HealthReport> parts = parts();
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

    private static void answer(Exchange exchange, List<HealthReport> parts, List<String> missing) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", missing.isEmpty() ? "UP" : "DOWN");
        ArrayNode reasons = body.putArray("missing");
        missing.forEach(reasons::add);
        ObjectNode byName = body.putObject("parts");
        for (HealthReport part : parts) {
            ObjectNode node = byName.putObject(part.name());
            node.put("status", part.health().state().name());
            if (!part.health().reason().isEmpty()) {
                node.put("reason", part.health().reason());
            }
        }
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.respond(missing.isEmpty() ? 200 : 503, "application/json", json);
    }
}
