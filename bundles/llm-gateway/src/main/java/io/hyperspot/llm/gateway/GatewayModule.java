// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway;

import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.Timing;
import io.hyperspot.llm.gateway.domain.LlmGateway;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.openai.OpenAiSurface;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.web.spi.ProtocolHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Starts the gateway. Immediate: its surfaces must be mounted before anybody asks. */
@Component(immediate = true, service = HealthContributor.class, configurationPid = "llm-gateway")
@Designate(ocd = GatewayConfig.class)
public final class GatewayModule implements HealthContributor {
    private final Workers<LlmWorker> workers;
    private final ModelDirectory directory;
    private final Calls calls;
    private final ServiceRegistration<LlmClient> client;
    private final ServiceRegistration<ProtocolHandler> surface;

    @Activate
    public GatewayModule(
            BundleContext context, GatewayConfig config, @Reference Workers.Factory factory, @Reference MeterRegistry registry) {
        workers = factory.open(LlmWorker.class, LlmWorker.TYPE, LlmWorker::provider);
        directory = new ModelDirectory(workers);
        Timing timing = new Timing(
                Duration.ofSeconds(config.request__timeout__seconds()),
                Duration.ofSeconds(config.stream__heartbeat__seconds()),
                Duration.ofSeconds(config.stream__idle__timeout__seconds()));
        calls = new Calls(directory, registry, timing);
        client = context.registerService(LlmClient.class, new LlmGateway(directory), null);
        surface = context.registerService(ProtocolHandler.class, new OpenAiSurface(directory, calls), null);
    }

    @Deactivate
    void deactivate() {
        surface.unregister();
        client.unregister();
        calls.close();
        workers.close();
    }

    @Override
    public String name() {
        return "llm-gateway";
    }

    @Override
    public Health health() {
        return directory.isEmpty()
                ? Health.down("no LLM connector is offered: none is installed, configured and admitted")
                : Health.up();
    }
}
