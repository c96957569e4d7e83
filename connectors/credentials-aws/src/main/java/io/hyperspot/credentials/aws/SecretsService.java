// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.credstore.ConfiguredSecrets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentServiceObjects;

/** The service behind references in configuration, held from its first use on. Thread-safe. */
final class SecretsService implements AutoCloseable {
    private final ComponentServiceObjects<ConfiguredSecrets> objects;
    private final AtomicReference<@Nullable ConfiguredSecrets> held = new AtomicReference<>();

    SecretsService(ComponentServiceObjects<ConfiguredSecrets> objects) {
        this.objects = objects;
    }

    /**
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when it is not there now
     */
    ConfiguredSecrets get(Problems problems) {
        ConfiguredSecrets before = held.get();
        if (before != null) {
            return before;
        }
        ConfiguredSecrets service = objects.getService();
        if (service == null) {
            throw problems.unavailable("the secrets that its configuration refers to cannot be read now; try again in a moment", null);
        }
        if (!held.compareAndSet(null, service)) {
            objects.ungetService(service);
        }
        return service;
    }

    @Override
    public void close() {
        ConfiguredSecrets service = held.getAndSet(null);
        if (service != null) {
            objects.ungetService(service);
        }
    }
}
