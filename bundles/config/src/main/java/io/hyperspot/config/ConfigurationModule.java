// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import io.hyperspot.audit.AuditTrail;
import io.hyperspot.modkit.HealthContributor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Configuration Admin in step with the configuration file. An invalid file changes nothing.
 * Immediate: every other component waits for what it gives.
 */
@Component(immediate = true, service = HealthContributor.class)
public final class ConfigurationModule implements HealthContributor, BundleListener {
    private static final Logger log = LoggerFactory.getLogger(ConfigurationModule.class);

    private final BundleContext context;
    private final AdminSink sink;
    private final MetatypeReader metatype = new MetatypeReader();
    private final Map<String, String> overrides;
    private final Path file;
    private final FileWatch watch;
    private final Told told;
    private volatile Health health = Health.up();

    @Activate
    public ConfigurationModule(BundleContext context, @Reference ConfigurationAdmin admin) throws IOException {
        this.context = context;
        sink = new AdminSink(admin);
        file = Path.of(property("hyperspot.config", "hyperspot.yaml"));
        told = new Told(file);
        overrides = overrides();
        StarterFile.createIfMissing(file, Boolean.parseBoolean(property("hyperspot.config.explicit", "true")));
        reload();
        context.addBundleListener(this);
        watch = new FileWatch(file, this::reload);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAudit(AuditTrail trail) {
        told.use(trail);
    }

    void unbindAudit(AuditTrail trail) {
        told.release(trail);
    }

    @Deactivate
    void deactivate() {
        watch.close();
        context.removeBundleListener(this);
    }

    /** A bundle that comes may be the one that an entry of the file is for. */
    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.RESOLVED && event.getBundle().getEntry("OSGI-INF/metatype") != null) {
            reload();
        }
    }

    private synchronized void reload() {
        ConfigLoader loader = new ConfigLoader(schemas(), System.getenv(), overrides);
        try {
            Configurations configurations = loader.load(file);
            loader.warnings().forEach(warning -> log.warn("{}", warning));
            List<String> changed = sink.apply(configurations);
            if (!changed.isEmpty()) {
                log.atInfo().addKeyValue("changed", changed).log("configuration applied");
                told.applied(changed);
            }
            health = Health.up();
        } catch (ConfigException e) {
            told.refused(e);
            log.error("the configuration is refused and the running one stays:\n{}", e.getMessage());
            health = sink.isEmpty() ? Health.down(refused(e)) : Health.degraded(refused(e));
        } catch (IOException e) {
            log.error("the configuration {} cannot be read: {}", file, e.getMessage());
            health = Health.degraded("the configuration " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static String refused(ConfigException e) {
        return "the configuration file was refused: " + String.valueOf(e.getMessage()).replace("\n", "; ");
    }

    private List<ModuleSchema> schemas() {
        List<ModuleSchema> schemas = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            Enumeration<URL> documents = bundle.findEntries("OSGI-INF/metatype", "*.xml", false);
            while (documents != null && documents.hasMoreElements()) {
                URL document = documents.nextElement();
                try (InputStream in = document.openStream()) {
                    schemas.addAll(metatype.read(in));
                } catch (IOException e) {
                    log.warn("{} of {} is not used: {}", document.getPath(), bundle.getSymbolicName(), e.getMessage());
                }
            }
        }
        return schemas;
    }

    private Map<String, String> overrides() {
        Map<String, String> found = new TreeMap<>();
        String prefix = "hyperspot.override.";
        String names = property("hyperspot.overrides", "");
        for (String name : names.isBlank() ? new String[0] : names.split(",")) {
            found.put(name, property(prefix + name, ""));
        }
        return new HashMap<>(found);
    }

    private String property(String name, String fallback) {
        @Nullable String value = context.getProperty(name);
        return value == null ? fallback : value;
    }

    @Override
    public String name() {
        return "config";
    }

    @Override
    public Health health() {
        return health;
    }
}
