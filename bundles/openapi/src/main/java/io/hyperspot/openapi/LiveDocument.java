// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
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
    private static final Set<String> VERBS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

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
        byBundle.forEach((bundle, resources) -> {
            Key key = new Key(bundle.getBundleId(), bundle.getLastModified(), Set.copyOf(resources));
            live.put(key, parts.computeIfAbsent(key, k -> part(bundle, resources)));
        });
        parts.keySet().retainAll(live.keySet());
        ObjectNode document = skeleton();
        live.forEach((key, part) -> merge(document, part, key.bundle()));
        sortTags(document);
        return document;
    }

    private ObjectNode part(Bundle bundle, Set<String> resources) {
        ObjectNode part = json.createObjectNode();
        try {
            URL file = bundle.getEntry(STATIC);
            if (file != null) {
                try (InputStream in = file.openStream()) {
                    part = (ObjectNode) json.readTree(in);
                }
            }
            if (!resources.isEmpty()) {
                ObjectNode scanned = scanner.scan(bundle);
                for (String name : resources) {
                    Postures.apply(bundle.loadClass(name), scanned.withObjectProperty("paths"));
                }
                merge(part, scanned, bundle.getBundleId());
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            log.warn("{} is left out of the OpenAPI document", bundle.getSymbolicName(), e);
        }
        return part;
    }

    private void merge(ObjectNode document, ObjectNode part, long bundle) {
        ObjectNode own = distinct(document, part, bundle);
        document.withObjectProperty("paths").setAll(own.withObjectProperty("paths"));
        for (Map.Entry<String, JsonNode> section : own.path("components").properties()) {
            document.withObjectProperty("components")
                    .withObjectProperty(section.getKey())
                    .setAll((ObjectNode) section.getValue());
        }
        own.path("tags").forEach(document.withArrayProperty("tags")::add);
    }

    /** Renames schemas that another bundle has under the same name with another meaning. */
    private ObjectNode distinct(ObjectNode document, ObjectNode part, long bundle) {
        JsonNode taken = document.path("components").path("schemas");
        String text = part.toString();
        for (Map.Entry<String, JsonNode> schema : part.path("components").path("schemas").properties()) {
            JsonNode other = taken.path(schema.getKey());
            if (!other.isMissingNode() && !other.equals(schema.getValue())) {
                String renamed = schema.getKey() + "." + bundle;
                text = text.replace(
                                "\"#/components/schemas/" + schema.getKey() + "\"",
                                "\"#/components/schemas/" + renamed + "\"")
                        .replace("\"" + schema.getKey() + "\":{", "\"" + renamed + "\":{");
            }
        }
        try {
            return (ObjectNode) json.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("a document that was written cannot be read", e);
        }
    }

    private ObjectNode skeleton() {
        ObjectNode document = json.createObjectNode();
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", "HyperSpot");
        info.put("version", version);
        info.put("description", "Everything that this server offers now; it changes as plugins come and go.");
        info.putObject("license").put("name", "Apache-2.0").put("identifier", "Apache-2.0");
        info.putObject("contact").put("name", "The operator of this server");
        document.putArray("servers").addObject().put("url", "/").put("description", "This server");
        document.putObject("paths");
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("api_key")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An API key: Authorization: Bearer hs_...");
        components.putObject("schemas").set("Problem", problem());
        document.putArray("security").addObject().putArray("api_key");
        document.putArray("tags");
        return document;
    }

    private ObjectNode problem() {
        ObjectNode schema = json.createObjectNode();
        schema.put("type", "object").put("description", "A problem document (RFC 9457).");
        ArrayNode required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (String[] member : new String[][] {
            {"type", "string", "Stable URI of the kind of problem"},
            {"title", "string", "The kind in words"},
            {"status", "integer", "The HTTP status"},
            {"detail", "string", "What is wrong and what to do about it"},
            {"instance", "string", "The path of the request"},
            {"code", "string", "Stable, for programs"},
            {"request_id", "string", "The request's id in the server's logs"},
        }) {
            properties.putObject(member[0]).put("type", member[1]).put("description", member[2]);
            required.add(member[0]);
        }
        return schema;
    }

    /** One entry a tag, in order, and only those that an operation uses. */
    private void sortTags(ObjectNode document) {
        Map<String, JsonNode> described = new TreeMap<>();
        document.path("tags").forEach(tag -> described.putIfAbsent(tag.path("name").asText(), tag));
        Set<String> used = new TreeSet<>();
        for (JsonNode path : document.path("paths")) {
            for (String verb : VERBS) {
                path.path(verb).path("tags").forEach(tag -> used.add(tag.asText()));
            }
        }
        List<JsonNode> tags = new ArrayList<>();
        for (String name : used) {
            JsonNode tag = described.get(name);
            tags.add(tag != null ? tag : json.createObjectNode().put("name", name).put("description", name));
        }
        document.putArray("tags").addAll(tags);
    }
}
