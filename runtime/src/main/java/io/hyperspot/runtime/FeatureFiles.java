// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParsingException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.jspecify.annotations.Nullable;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;

/**
 * Reads OSGi Feature files (Compendium 159). A bundle's {@code start-order} metadata is its start
 * level; those without one, libraries and contracts, start before all others. Configurations and
 * extensions are refused, because nothing would apply them: configuration has one place.
 */
final class FeatureFiles {
    /** A bundle of a feature. */
    record Entry(String feature, Path file, int startLevel) {}

    private static final Set<String> FEATURE_KEYS = Set.of(
            "feature-resource-version",
            "id",
            "name",
            "description",
            "categories",
            "complete",
            "docURL",
            "license",
            "SCM",
            "vendor",
            "bundles");
    private static final Set<String> NOT_APPLIED = Set.of("configurations", "variables", "extensions");
    private static final String ORDER = "start-order";
    private static final Set<String> BUNDLE_KEYS = Set.of("id", ORDER);

    private FeatureFiles() {}

    /**
     * The bundles of all features of an installation, in start order.
     *
     * @throws LaunchException for an unreadable feature, a key that is not known or a bundle that is not
     *     there; the message names file and key
     */
    static List<Entry> read(Installation installation) {
        Map<Path, Entry> entries = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(installation.features())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (FeatureBundle bundle : feature(file).getBundles()) {
                    Entry entry = entry(installation, file, bundle);
                    entries.putIfAbsent(entry.file(), entry);
                }
            }
        } catch (IOException e) {
            throw new LaunchException(
                    "cannot list the features in " + installation.features() + ": " + LaunchException.reason(e), e);
        }
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingInt(Entry::startLevel));
        return sorted;
    }

    private static Feature feature(Path file) {
        try {
            String text = Files.readString(file);
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                check(file, reader.readObject());
            }
            return new FeatureServiceImpl().readFeature(new StringReader(text));
        } catch (JsonParsingException e) {
            throw refused(file, "line " + e.getLocation().getLineNumber() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw refused(file, LaunchException.reason(e), e);
        } catch (LaunchException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static void check(Path file, JsonObject feature) {
        for (String key : feature.keySet()) {
            if (NOT_APPLIED.contains(key)) {
                throw refused(file, "key '" + key + "': it would not be applied; configuration goes to config/hyperspot.yaml", null);
            }
            known(file, "", key, FEATURE_KEYS);
        }
        identified(file, "", feature);
        if (!feature.containsKey("bundles")) {
            return;
        }
        if (!(feature.get("bundles") instanceof List<?> bundles)) {
            throw refused(file, "key 'bundles': a list is expected", null);
        }
        for (int i = 0; i < bundles.size(); i++) {
            String place = "bundles[" + i + "]";
            if (!(bundles.get(i) instanceof JsonObject bundle)) {
                throw refused(file, "key '" + place + "': an object with an 'id' is expected", null);
            }
            bundle.keySet().forEach(key -> known(file, place + ".", key, BUNDLE_KEYS));
            identified(file, place + ".", bundle);
            JsonValue order = bundle.get(ORDER);
            if (order != null && !(order instanceof JsonNumber number && number.isIntegral() && number.intValue() >= 0)) {
                throw refused(file, "key '" + place + "." + ORDER + "': a whole number is expected, got " + order, null);
            }
        }
    }

    private static void identified(Path file, String place, JsonObject object) {
        if (!(object.get("id") instanceof JsonString)) {
            throw refused(file, "key '" + place + "id': it is missing, or no text 'group:artifact:version'", null);
        }
    }

    private static void known(Path file, String place, String key, Set<String> keys) {
        if (!keys.contains(key)) {
            throw refused(file, "key '" + place + key + "' is not known; known are " + String.join(", ", new TreeSet<>(keys)), null);
        }
    }

    private static LaunchException refused(Path file, String why, @Nullable Throwable cause) {
        return new LaunchException("the feature file " + file + ", " + why, cause);
    }

    private static Entry entry(Installation installation, Path feature, FeatureBundle bundle) {
        var id = bundle.getID();
        Path jar = installation.bundles().resolve(id.getArtifactId() + "-" + id.getVersion() + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new LaunchException("the feature " + feature.getFileName() + " names the bundle " + id
                    + ", but " + jar + " is not there: the distribution is incomplete");
        }
        Object order = bundle.getMetadata().getOrDefault(ORDER, "0");
        return new Entry(feature.getFileName().toString(), jar, Integer.parseInt(String.valueOf(order)));
    }
}
