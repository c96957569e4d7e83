// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;

/**
 * What a plugin is measured against.
 *
 * @param java the feature version that runs it
 * @param provided what bundles, the framework and the JDK provide
 * @param workers the bundle that offers a GTS instance id
 * @param types the known GTS types, and whether they are abstract
 * @param configurations by PID, singletons and instances alike; empty when nothing is configured
 * @param stopped the module to start so that a service, by the name of its interface, comes; empty when the
 *     service is there, or none is known
 */
public record Platform(
        int java,
        List<Provided> provided,
        Map<String, String> workers,
        Map<String, Boolean> types,
        Function<String, List<Configuration>> configurations,
        Function<String, Optional<String>> stopped) {

    /**
     * A capability.
     *
     * @param bundle symbolic name of the bundle that provides it
     * @param crossing whether objects of it pass between our contracts and their users; only for packages
     */
    public record Provided(Capability capability, String bundle, boolean crossing) {
        /** Empty when it is no package. */
        String packageName() {
            return capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) instanceof String name ? name : "";
        }

        Version version() {
            return capability.getAttributes().get("version") instanceof Version version ? version : Version.emptyVersion;
        }

        /** Whether it belongs to our contracts. */
        boolean isContract() {
            return bundle.startsWith("io.hyperspot.");
        }
    }

    /**
     * A configuration that is there.
     *
     * @param instance its name; empty for a singleton
     */
    public record Configuration(String instance, Map<String, ?> values) {}

    public Platform {
        provided = List.copyOf(provided);
        workers = Map.copyOf(workers);
        types = Map.copyOf(types);
    }

    /** Without what one bundle brings: it would be replaced. */
    Platform without(String bundle) {
        return new Platform(
                java,
                provided.stream().filter(one -> !one.bundle().equals(bundle)).toList(),
                workers,
                types,
                configurations,
                stopped);
    }

    /** The packages by name. */
    Map<String, List<Provided>> packages() {
        Map<String, List<Provided>> packages = new TreeMap<>();
        for (Provided one : provided) {
            if (one.capability().getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
                packages.computeIfAbsent(one.packageName(), name -> new ArrayList<>()).add(one);
            }
        }
        return packages;
    }
}
