// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Writes the differences between two configurations to Configuration Admin. */
final class AdminSink {
    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin admin;
    private final Map<String, Configuration> written = new HashMap<>();

    AdminSink(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    boolean isEmpty() {
        return written.isEmpty();
    }

    /** Returns the names of the configurations that changed. */
    List<String> apply(Configurations next) throws IOException {
        Map<String, Map<String, Object>> wanted = new LinkedHashMap<>(next.singletons());
        next.instances().forEach((pid, named) ->
                named.forEach((name, properties) -> wanted.put(pid + "~" + name, properties)));
        List<String> changed = new ArrayList<>();
        for (String gone : List.copyOf(written.keySet())) {
            if (!wanted.containsKey(gone)) {
                Configuration configuration = written.remove(gone);
                if (configuration != null) {
                    delete(configuration);
                }
                changed.add(gone);
            }
        }
        for (Map.Entry<String, Map<String, Object>> entry : wanted.entrySet()) {
            Configuration configuration = configuration(entry.getKey());
            if (configuration.updateIfDifferent(FrameworkUtil.asDictionary(entry.getValue()))) {
                changed.add(entry.getKey());
            }
            written.put(entry.getKey(), configuration);
        }
        return changed;
    }

    private static void delete(Configuration configuration) throws IOException {
        try {
            configuration.delete();
        } catch (IllegalStateException e) {
            // somebody deleted it before, by the console for example
        }
    }

    private Configuration configuration(String name) throws IOException {
        int tilde = name.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(name, ANY_LOCATION)
                : admin.getFactoryConfiguration(name.substring(0, tilde), name.substring(tilde + 1), ANY_LOCATION);
    }
}
