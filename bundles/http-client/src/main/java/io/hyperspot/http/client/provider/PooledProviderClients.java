// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens clients that share one sweeper; closes what is left of them when it stops. */
@Component(service = ProviderClients.class)
public final class PooledProviderClients implements ProviderClients {
    private final MetricsByProvider metrics;
    private final Supplier<SSLSocketFactory> tls;
    private final DoubleSupplier jitter;
    private final Set<PooledProviderClient> clients = ConcurrentHashMap.newKeySet();
    private final Sweeper sweeper = new Sweeper(this::sweep);

    @Activate
    public PooledProviderClients(@Reference MeterRegistry registry) {
        this(
                registry,
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * @param jitter numbers from 0 to 1
     */
    PooledProviderClients(MeterRegistry registry, Supplier<SSLSocketFactory> tls, DoubleSupplier jitter) {
        this.jitter = jitter;
        metrics = new MetricsByProvider(registry);
        this.tls = tls;
        sweeper.start();
    }

    @Deactivate
    public void stop() {
        clients.forEach(client -> client.abort("the HTTP client stops"));
        sweeper.close();
    }

    @Override
    public ProviderClient open(Settings settings) {
        PooledProviderClient client = new PooledProviderClient(settings, tls, jitter, metrics);
        clients.add(client);
        return client;
    }

    private void sweep(long now) {
        clients.forEach(client -> client.sweep(now));
        clients.removeIf(PooledProviderClient::isGone);
    }
}
