// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The document, built when it is asked for and kept until a bundle comes or goes. A bundle's part is
 * kept as long as the bundle is the same. Thread-safe.
 */
final class LiveDocument {
    private static final Logger log = LoggerFactory.getLogger(LiveDocument.class);
    private static final String STATIC = "META-INF/openapi.json";

    private record Key(long bundle, long modified, Set<String> resources) {}

    /** A document and the number of changes that it reflects. */
    private record Built(long changes, ObjectNode document) {}

    private final ObjectMapper json;
    private final AnnotationScanner scanner;
    private final String version;
    private final Set<ServiceReference<?>> served = ConcurrentHashMap.newKeySet();
    private final Map<Key, ObjectNode> parts = new HashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile @Nullable Built current;
    private final ReentrantLock building = new ReentrantLock();

    LiveDocument(ObjectMapper json, String version) {
        this.json = json;
        this.version = version;
        scanner = new AnnotationScanner(json);
    }

    void add(ServiceReference<?> service) {
        served.add(service);
        changes.incrementAndGet();
    }

    void remove(ServiceReference<?> service) {
        served.remove(service);
        changes.incrementAndGet();
    }

    /** The document as it is now; not to be changed. */
    ObjectNode get() {
        Built known = current;
        if (known != null && known.changes() == changes.get()) {
            return known.document();
        }
        building.lock();
        try {
            known = current;
            long now = changes.get();
            if (known == null || known.changes() != now) {
                known = new Built(now, build());
                current = known;
            }
            return known.document();
        } finally {
            building.unlock();
        }
    }

    void close() {
        scanner.close();
    }

    private ObjectNode build() {
        Map<Bundle, Set<String>> byBundle = new TreeMap<>(Comparator.comparingLong(Bundle::getBundleId));
        for (ServiceReference<?> reference : served) {
            Bundle bundle = reference.getBundle();
            if (bundle != null) {
                Set<String> resources = byBundle.computeIfAbsent(bundle, b -> new TreeSet<>());
                if (reference.getProperty("osgi.jakartars.resource") != null) {
                    resources.addAll(List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)));
                }
            }
        }
        Map<Key, ObjectNode> live = new LinkedHashMap<>();
        Merge merge = new Merge(Skeleton.of(version));
        byBundle.forEach((bundle, resources) -> {
            Key key = new Key(bundle.getBundleId(), bundle.getLastModified(), Set.copyOf(resources));
            ObjectNode part = parts.computeIfAbsent(key, k -> part(bundle, resources));
            live.put(key, part);
            merge.add(part, bundle.getSymbolicName());
        });
        parts.keySet().retainAll(live.keySet());
        return merge.finish();
    }

    /** Checked. What cannot be read is left out, so that the others are shown. */
    private ObjectNode part(Bundle bundle, Set<String> resources) {
        Merge merge = new Merge(json.createObjectNode());
        try {
            URL file = bundle.getEntry(STATIC);
            if (file != null) {
                try (InputStream in = file.openStream()) {
                    add(json.readTree(in), bundle, merge);
                }
            }
            if (!resources.isEmpty()) {
                ObjectNode scanned = scanner.scan(bundle);
                Declarations.normalize(scanned.withObjectProperty("paths"));
                for (String name : resources) {
                    Declarations.apply(bundle.loadClass(name), scanned.withObjectProperty("paths"));
                }
                add(scanned, bundle, merge);
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            log.warn("{} is left out of the OpenAPI document", bundle.getSymbolicName(), e);
        }
        return merge.document();
    }

    private static void add(JsonNode part, Bundle bundle, Merge merge) {
        Merge.check(part);
        merge.add((ObjectNode) part, bundle.getSymbolicName());
    }
}
