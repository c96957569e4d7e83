// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway;

import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.anthropic.AnthropicSurface;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.Timing;
import io.hyperspot.llm.gateway.domain.LlmGateway;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.domain.Router;
import io.hyperspot.llm.gateway.gemini.GeminiSurface;
import io.hyperspot.llm.gateway.money.Accounts;
import io.hyperspot.llm.gateway.openai.OpenAiSurface;
import io.hyperspot.llm.gateway.routes.Route;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.usage.Quotas;
import io.hyperspot.usage.UsageTracker;
import io.hyperspot.web.spi.ProtocolHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Starts the gateway. Immediate: its surfaces must be mounted before anybody asks. */
@Component(immediate = true, service = HealthContributor.class, configurationPid = "llm-gateway")
@Designate(ocd = GatewayConfig.class)
public final class GatewayModule implements HealthContributor {
    private final Workers<LlmWorker> workers;
    private final ModelDirectory directory;
    private final ServiceTracker<Route, Route> routes;
    private final ServiceTracker<UsageTracker, UsageTracker> tracker;
    private final ServiceTracker<Quotas, Quotas> quotas;
    private final Accounts accounts;
    private final Calls calls;
    private final ServiceRegistration<LlmClient> client;
    private final List<ServiceRegistration<ProtocolHandler>> surfaces = new ArrayList<>();

    @Activate
    public GatewayModule(
            BundleContext context, GatewayConfig config, @Reference Workers.Factory factory, @Reference MeterRegistry registry)
            throws IOException {
        workers = factory.open(LlmWorker.class, LlmWorker.TYPE, LlmWorker::provider);
        Routes known = new Routes();
        routes = new ServiceTracker<>(context, Route.class, new RouteBoard(context, known));
        routes.open();
        directory = new ModelDirectory(workers, known);
        Router router = new Router(directory, known);
        Timing timing = new Timing(
                Duration.ofSeconds(config.request__timeout__seconds()),
                Duration.ofSeconds(config.stream__heartbeat__seconds()),
                Duration.ofSeconds(config.stream__idle__timeout__seconds()));
        // optional and looked up at every call: what is used must be counted while the tracker is replaced
        tracker = open(context, UsageTracker.class);
        quotas = open(context, Quotas.class);
        String property = context.getProperty("hyperspot.home");
        Path home = Path.of(property == null ? "." : property);
        accounts = new Accounts(
                new Accounts.Settings(
                        home.resolve(config.prices__file()),
                        home.resolve("data").resolve("llm-usage"),
                        timing.total().plusMinutes(1),
                        config.budget__output__tokens(),
                        Duration.ofSeconds(config.budget__outage__seconds()),
                        config.token__limit__tenant__per__minute(),
                        config.token__limit__subject__per__minute()),
                tracker::getService,
                quotas::getService);
        calls = new Calls(directory, router, accounts, registry, timing);
        client = context.registerService(LlmClient.class, new LlmGateway(directory, router, accounts), null);
        for (ProtocolHandler surface : List.of(
                new OpenAiSurface(directory, calls),
                new AnthropicSurface(directory, calls),
                new GeminiSurface(directory, calls))) {
            surfaces.add(context.registerService(ProtocolHandler.class, surface, null));
        }
    }

    @Deactivate
    void deactivate() {
        surfaces.forEach(ServiceRegistration::unregister);
        client.unregister();
        calls.close();
        workers.close();
        accounts.close();
        routes.close();
        tracker.close();
        quotas.close();
    }

    /** Follows the routes that come and go. */
    private record RouteBoard(BundleContext context, Routes routes) implements ServiceTrackerCustomizer<Route, Route> {
        @Override
        public Route addingService(ServiceReference<Route> reference) {
            Route route = context.getService(reference);
            routes.add(route);
            return route;
        }

        @Override
        public void modifiedService(ServiceReference<Route> reference, Route route) {
            // its settings are its own: a change makes a new one
        }

        @Override
        public void removedService(ServiceReference<Route> reference, Route route) {
            routes.remove(route);
            context.ungetService(reference);
        }
    }

    private static <T> ServiceTracker<T, T> open(BundleContext context, Class<T> type) {
        ServiceTracker<T, T> opened = new ServiceTracker<>(context, type, null);
        opened.open();
        return opened;
    }

    @Override
    public String name() {
        return "llm-gateway";
    }

    @Override
    public Health health() {
        String trouble = accounts.trouble();
        return directory.isEmpty()
                ? Health.down("no LLM connector is offered: none is installed, configured and admitted")
                : trouble.isEmpty() ? Health.up() : Health.degraded(trouble);
    }
}
