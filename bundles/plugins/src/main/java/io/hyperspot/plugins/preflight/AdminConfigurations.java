// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.preflight.Platform.Configuration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** What Configuration Admin has for a PID; nothing while it is away. */
public final class AdminConfigurations implements Function<String, List<Configuration>> {
    private final BundleContext context;

    public AdminConfigurations(BundleContext context) {
        this.context = context;
    }

    @Override
    public List<Configuration> apply(String pid) {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin admin = reference == null ? null : context.getService(reference);
        if (admin == null) {
            return List.of();
        }
        try {
            List<Configuration> found = new ArrayList<>();
            // a PID of a hostile manifest must not become a part of a filter
            String safe = pid.replaceAll("[^A-Za-z0-9_.-]", "?");
            var configurations = admin.listConfigurations("(|(service.pid=" + safe + ")(service.factoryPid=" + safe + "))");
            if (configurations != null) {
                for (var configuration : configurations) {
                    found.add(of(configuration.getProperties()));
                }
            }
            return found;
        } catch (IOException | InvalidSyntaxException e) {
            return List.of();
        } finally {
            context.ungetService(reference);
        }
    }

    private static Configuration of(Dictionary<String, Object> properties) {
        Map<String, Object> values = new HashMap<>();
        for (String key : Collections.list(properties.keys())) {
            values.put(key, properties.get(key));
        }
        return new Configuration(String.valueOf(values.getOrDefault("instance.name", "")), values);
    }
}
