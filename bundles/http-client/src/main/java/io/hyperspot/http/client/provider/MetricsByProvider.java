// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Registers a provider's meters with its first client and removes them with its last. */
final class MetricsByProvider {
    private final MeterRegistry registry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ProviderMetrics> metrics = new HashMap<>();

    MetricsByProvider(MeterRegistry registry) {
        this.registry = registry;
    }

    ProviderMetrics open(String provider, PooledProviderClient client) {
        lock.lock();
        try {
            ProviderMetrics shared = metrics.computeIfAbsent(provider, name -> new ProviderMetrics(registry, name));
            shared.clients().add(client);
            return shared;
        } finally {
            lock.unlock();
        }
    }

    void close(ProviderMetrics shared, PooledProviderClient client) {
        lock.lock();
        try {
            shared.clients().remove(client);
            if (shared.clients().isEmpty()) {
                metrics.remove(shared.provider());
                shared.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
