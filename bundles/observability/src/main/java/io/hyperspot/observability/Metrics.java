// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability;

import com.sun.management.OperatingSystemMXBean;
import io.hyperspot.security.Permission;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The meter registry that every bundle uses, and {@code /metrics} in the Prometheus text format. */
@Component(immediate = true, service = ProtocolHandler.class)
public final class Metrics implements ProtocolHandler {
    private static final Permission READ = Permission.parse("gts.hyperspot.core.*:read");
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Two of Micrometer's names that Prometheus' own check refuses. */
    private static final MeterFilter PROMETHEUS_NAMES = new MeterFilter() {
        @Override
        public Meter.Id map(Meter.Id id) {
            return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
        }

        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return id.getName().equals("process.cpu.time") ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServiceRegistration<MeterRegistry> service;

    @Activate
    public Metrics(BundleContext context) {
        registry.config().meterFilter(PROMETHEUS_NAMES);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        cpuTime();
        service = context.registerService(MeterRegistry.class, registry, null);
    }

    private void cpuTime() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / 1e9)
                    .baseUnit("seconds")
                    .description("Processor time that the server has used")
                    .register(registry);
        }
    }

    @Deactivate
    void deactivate() {
        service.unregister();
        registry.close();
    }

    @Override
    public String path() {
        return "/metrics";
    }

    @Override
    public List<Operation> operations() {
        return List.of(new Operation("GET", "", READ, null, 0));
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        registry.scrape(text);
        exchange.respond(200, TEXT, text.toByteArray());
    }
}
