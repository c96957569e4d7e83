// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.HealthContributor.State;
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
    private record Part(String name, Health health) {}

    private final List<HealthContributor> contributors = new CopyOnWriteArrayList<>();
    private final ServiceComponentRuntime runtime;
    private final ServiceRegistration<?> readiness;
    private volatile boolean started;

    @Activate
    public HealthModule(BundleContext context, @Reference ServiceComponentRuntime components) {
        runtime = components;
        Supplier<List<String>> missing = this::missing;
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

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (HealthContributor contributor : contributors) {
            parts.add(part(contributor));
        }
        parts.sort(Comparator.comparing(Part::name));
        return parts;
    }

    /** One that cannot tell does not hide what the others say. */
    private static Part part(HealthContributor contributor) {
        String name = contributor.getClass().getName();
        try {
            name = contributor.name();
            return new Part(name, contributor.health());
        } catch (RuntimeException | LinkageError e) {
            return new Part(name, Health.down("cannot tell its state: " + e));
        }
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>(WaitingComponents.of(
                runtime, bundle -> bundle.symbolicName.startsWith("io.hyperspot.")));
        for (Part part : parts()) {
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
        switch (operation.path()) {
            case "/live" -> answer(exchange, List.of());
            case "/startup" -> {
                List<String> missing = started ? List.of() : missing();
                started = started || missing.isEmpty();
                answer(exchange, missing);
            }
            default -> answer(exchange, missing());
        }
    }

    private void answer(Exchange exchange, List<String> missing) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", missing.isEmpty() ? "UP" : "DOWN");
        ArrayNode reasons = body.putArray("missing");
        missing.forEach(reasons::add);
        ObjectNode parts = body.putObject("parts");
        for (Part part : parts()) {
            ObjectNode node = parts.putObject(part.name());
            node.put("status", part.health().state().name());
            if (!part.health().reason().isEmpty()) {
                node.put("reason", part.health().reason());
            }
        }
        byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.respond(missing.isEmpty() ? 200 : 503, "application/json", json);
    }
}
