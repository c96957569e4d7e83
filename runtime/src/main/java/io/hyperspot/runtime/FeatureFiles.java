// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;

/**
 * Reads OSGi Feature files (Compendium 159). A bundle's {@code start-order} metadata is its start
 * level; a bundle without one is installed but not started, as fragments must be.
 */
final class FeatureFiles {
    /** A bundle of a feature. */
    record Entry(String feature, Path file, int startLevel) {}

    private FeatureFiles() {}

    /**
     * The bundles of all features of an installation, in start order.
     *
     * @throws LaunchException for an unreadable feature or a bundle that is not there
     */
    static List<Entry> read(Installation installation) {
        Map<Path, Entry> entries = new LinkedHashMap<>();
        var service = new FeatureServiceImpl();
        try (Stream<Path> files = Files.list(installation.features())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Feature feature;
                try (Reader reader = Files.newBufferedReader(file)) {
                    feature = service.readFeature(reader);
                } catch (IOException | RuntimeException e) {
                    throw new LaunchException("cannot read the feature file " + file + ": " + e.getMessage(), e);
                }
                for (FeatureBundle bundle : feature.getBundles()) {
                    Entry entry = entry(installation, file, bundle);
                    entries.putIfAbsent(entry.file(), entry);
                }
            }
        } catch (IOException e) {
            throw new LaunchException("cannot list the features in " + installation.features(), e);
        }
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingInt(Entry::startLevel));
        return sorted;
    }

    private static Entry entry(Installation installation, Path feature, FeatureBundle bundle) {
        var id = bundle.getID();
        Path jar = installation.bundles().resolve(id.getArtifactId() + "-" + id.getVersion() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new LaunchException("the feature " + feature.getFileName() + " names the bundle " + id
                    + ", but " + jar + " is not there: the distribution is incomplete");
        }
        Object order = bundle.getMetadata().getOrDefault("start-order", "0");
        return new Entry(feature.getFileName().toString(), jar, Integer.parseInt(String.valueOf(order)));
    }
}
