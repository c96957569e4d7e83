// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A Configuration Admin in memory. */
final class FakeAdmin implements ConfigurationAdmin {
    final Map<String, Entry> configurations = new HashMap<>();

    Map<String, Object> properties(String pid) {
        Entry entry = configurations.get(pid);
        return entry == null || entry.properties == null ? Map.of() : FrameworkUtil.asMap(entry.properties);
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration createFactoryConfiguration(String factoryPid, String location) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Configuration getConfiguration(String pid, String location) {
        return configurations.computeIfAbsent(pid, p -> new Entry(p, null));
    }

    @Override
    public Configuration getConfiguration(String pid) {
        throw new UnsupportedOperationException("it would be bound to our bundle");
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name, String location) {
        return configurations.computeIfAbsent(factoryPid + "~" + name, p -> new Entry(p, factoryPid));
    }

    @Override
    public Configuration getFactoryConfiguration(String factoryPid, String name) {
        throw new UnsupportedOperationException("it would be bound to our bundle");
    }

    @Override
    public Configuration[] listConfigurations(String filter) {
        return configurations.values().toArray(Configuration[]::new);
    }

    /** One configuration; counts its updates. */
    final class Entry implements Configuration {
        int updates;
        private final String pid;
        private final @Nullable String factory;
        private @Nullable Dictionary<String, ?> properties;
        private boolean deleted;

        Entry(String pid, @Nullable String factory) {
            this.pid = pid;
            this.factory = factory;
        }

        @Override
        public String getPid() {
            return pid;
        }

        // the contract says null for what is not there
        @SuppressWarnings("NullAway")
        @Override
        public Dictionary<String, Object> getProperties() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Dictionary<String, Object> getProcessedProperties(ServiceReference<?> reference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Dictionary<String, ?> next) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete() {
            if (deleted) {
                throw new IllegalStateException("deleted before");
            }
            deleted = true;
            configurations.remove(pid);
        }

        // the contract says null for a configuration that is no instance
        @SuppressWarnings("NullAway")
        @Override
        public String getFactoryPid() {
            return factory;
        }

        @Override
        public void setBundleLocation(String location) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getBundleLocation() {
            return "?";
        }

        @Override
        public long getChangeCount() {
            return updates;
        }

        @Override
        public boolean updateIfDifferent(Dictionary<String, ?> next) {
            Map<String, ?> before = properties == null ? null : FrameworkUtil.asMap(properties);
            if (before != null && before.equals(FrameworkUtil.asMap(next))) {
                return false;
            }
            properties = next;
            updates++;
            return true;
        }

        @Override
        public void addAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<ConfigurationAttribute> getAttributes() {
            return Set.of();
        }

        @Override
        public void removeAttributes(ConfigurationAttribute... attributes) {
            throw new UnsupportedOperationException();
        }
    }
}
