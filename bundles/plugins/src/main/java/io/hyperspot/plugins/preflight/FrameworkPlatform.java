// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.plugins.archive.ComponentDescription;
import io.hyperspot.plugins.preflight.Platform.Configuration;
import io.hyperspot.plugins.preflight.Platform.Provided;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;

/**
 * The platform that a framework is: of the running server, or one with a distribution's bundles
 * installed and none started. Each call looks anew. Thread-safe.
 */
public final class FrameworkPlatform implements Supplier<Platform> {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BundleContext context;
    private final Function<Bundle[], Map<String, String>> workers;
    private final Function<String, List<Configuration>> configurations;
    private final Supplier<Map<String, Boolean>> registered;
    private final Function<String, Optional<String>> stopped;

    /**
     * Where nothing runs.
     *
     * @param workers which bundle offers an instance id; see {@link #declaredWorkers}
     * @param configurations what is configured, by PID
     */
    public FrameworkPlatform(
            BundleContext context,
            Function<Bundle[], Map<String, String>> workers,
            Function<String, List<Configuration>> configurations) {
        this(context, workers, configurations, Map::of, service -> Optional.empty());
    }

    /**
     * @param workers which bundle offers an instance id
     * @param configurations what is configured, by PID
     * @param registered GTS types beside those of bundles, and whether they are abstract
     * @param stopped the module to start so that a service comes; see {@link Platform#stopped}
     */
    public FrameworkPlatform(
            BundleContext context,
            Function<Bundle[], Map<String, String>> workers,
            Function<String, List<Configuration>> configurations,
            Supplier<Map<String, Boolean>> registered,
            Function<String, Optional<String>> stopped) {
        this.context = context;
        this.workers = workers;
        this.configurations = configurations;
        this.registered = registered;
        this.stopped = stopped;
    }

    @Override
    public Platform get() {
        Bundle[] bundles = context.getBundles();
        Set<String> crossing = crossing(bundles);
        List<Provided> provided = new ArrayList<>();
        Map<String, Boolean> types = new HashMap<>(registered.get());
        for (Bundle bundle : bundles) {
            for (Capability capability : capabilities(bundle)) {
                boolean crosses = capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) instanceof String name
                        && crossing.contains(name);
                provided.add(new Provided(capability, String.valueOf(bundle.getSymbolicName()), crosses));
            }
            documents(bundle, "META-INF/gts", ".json").forEach(document -> type(document, types));
        }
        return new Platform(Runtime.version().feature(), provided, workers.apply(bundles), types, configurations, stopped);
    }

    /** Packages whose types our contracts mention, and the contracts themselves. */
    private static Set<String> crossing(Bundle[] bundles) {
        Set<String> crossing = new HashSet<>();
        for (Bundle bundle : bundles) {
            if (String.valueOf(bundle.getSymbolicName()).startsWith("io.hyperspot.")) {
                for (Capability capability : capabilities(bundle)) {
                    if (capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) instanceof String name) {
                        crossing.add(name);
                        String uses = capability.getDirectives().getOrDefault(Constants.USES_DIRECTIVE, "");
                        Arrays.stream(uses.split(",")).map(String::strip).forEach(crossing::add);
                    }
                }
            }
        }
        return crossing;
    }

    private static List<? extends Capability> capabilities(Bundle bundle) {
        // null when it was uninstalled meanwhile, as the former version of a plugin may be
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(null);
    }

    /** The workers that bundles declare, where none runs. */
    public static Map<String, String> declaredWorkers(Bundle[] bundles) {
        Map<String, String> workers = new HashMap<>();
        for (Bundle bundle : bundles) {
            for (byte[] document : documents(bundle, "OSGI-INF", ".xml")) {
                try {
                    ComponentDescription.read(document).stream()
                            .map(ComponentDescription::instance)
                            .filter(instance -> !instance.isEmpty())
                            .forEach(instance -> workers.put(instance, String.valueOf(bundle.getSymbolicName())));
                } catch (XMLStreamException e) {
                    // nothing that the plugin could mend
                }
            }
        }
        return workers;
    }

    private static void type(byte[] document, Map<String, Boolean> types) {
        try {
            JsonNode tree = JSON.readTree(document);
            String id = tree.path("$id").asText();
            if (id.startsWith("gts://")) {
                types.put(id.substring("gts://".length()), tree.path("x-gts-abstract").asBoolean());
            }
        } catch (JacksonException e) {
            // the registry tells of it
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    private static List<byte[]> documents(Bundle bundle, String folder, String ending) {
        List<byte[]> documents = new ArrayList<>();
        try {
            // unlike findEntries, these resolve nothing
            Enumeration<String> paths = bundle.getBundleId() == 0 ? null : bundle.getEntryPaths(folder);
            for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
                URL url = path.endsWith(ending) ? bundle.getEntry(path) : null;
                if (url != null) {
                    try (InputStream in = url.openStream()) {
                        documents.add(in.readNBytes(ComponentDescription.LARGEST));
                    }
                }
            }
        } catch (IllegalStateException | IOException e) {
            // uninstalled meanwhile, as the former version of a plugin may be
            return List.of();
        }
        return documents;
    }
}
