// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds the parts of bundles to a document, each as its bundle meant it: what two bundles call alike but
 * mean differently gets another name in the later one. Where both describe the same operation, the later
 * one is believed, because it replaces the other.
 */
final class Merge {
    static final Set<String> VERBS = Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private static final String COMPONENTS = "#/components/";
    private static final String SECURITY_SCHEMES = "securitySchemes";

    private final ObjectNode document;
    /** Where each operationId is used. */
    private final Map<String, String> operations = new HashMap<>();

    Merge(ObjectNode document) {
        this.document = document;
    }

    /**
     * @throws IllegalArgumentException for what is no part of a document, and could not be merged
     */
    static void check(JsonNode part) {
        demand(part, "the document");
        for (Map.Entry<String, JsonNode> path : optional(part, "paths").properties()) {
            demand(path.getValue(), "the path " + path.getKey());
            for (String verb : VERBS) {
                JsonNode operation = path.getValue().path(verb);
                if (!operation.isMissingNode()) {
                    demand(operation, verb + " of the path " + path.getKey());
                }
            }
        }
        for (Map.Entry<String, JsonNode> section : optional(part, "components").properties()) {
            demand(section.getValue(), "components/" + section.getKey());
        }
    }

    private static JsonNode optional(JsonNode part, String member) {
        JsonNode found = part.path(member);
        if (!found.isMissingNode()) {
            demand(found, member);
        }
        return found;
    }

    private static void demand(JsonNode node, String what) {
        if (!node.isObject()) {
            throw new IllegalArgumentException(what + " is not a JSON object");
        }
    }

    /**
     * @param part checked; stays as it is
     * @param owner to be part of a name that would otherwise have two meanings
     */
    void add(ObjectNode part, String owner) {
        ObjectNode own = part.deepCopy();
        rename(own, conflicts(own, owner));
        for (Map.Entry<String, JsonNode> section : own.path("components").properties()) {
            document.withObjectProperty("components")
                    .withObjectProperty(section.getKey())
                    .setAll((ObjectNode) section.getValue());
        }
        for (Map.Entry<String, JsonNode> path : own.path("paths").properties()) {
            identify(path.getKey(), path.getValue(), owner);
            document.withObjectProperty("paths")
                    .withObjectProperty(path.getKey())
                    .setAll((ObjectNode) path.getValue());
        }
        own.path("tags").forEach(document.withArrayProperty("tags")::add);
    }

    /**
     * New names of components, by what refers to them: {@code #/components/{section}/{name}}. What refers
     * to a renamed one means something else too, however alike it is written.
     */
    private Map<String, String> conflicts(ObjectNode part, String owner) {
        Map<String, String> renamed = new HashMap<>();
        int before;
        do {
            before = renamed.size();
            JsonNode components = part.path("components").deepCopy();
            refer(components, renamed);
            for (Map.Entry<String, JsonNode> section : components.properties()) {
                conflicts(section.getKey(), section.getValue(), owner, renamed);
            }
        } while (renamed.size() > before);
        return renamed;
    }

    private void conflicts(String section, JsonNode components, String owner, Map<String, String> renamed) {
        JsonNode taken = document.path("components").path(section);
        for (Map.Entry<String, JsonNode> component : components.properties()) {
            String name = component.getKey();
            String reference = COMPONENTS + section + "/" + name;
            JsonNode other = taken.path(name);
            if (!other.isMissingNode() && !other.equals(component.getValue()) && !renamed.containsKey(reference)) {
                String free = name + "." + owner;
                for (int i = 2; taken.has(free) || components.has(free) || renamed.containsValue(free); i++) {
                    free = name + "." + owner + "." + i;
                }
                renamed.put(reference, free);
            }
        }
    }

    private static void rename(ObjectNode part, Map<String, String> renamed) {
        if (renamed.isEmpty()) {
            return;
        }
        refer(part, renamed);
        renamed.forEach((reference, name) -> {
            String[] way = reference.substring(COMPONENTS.length()).split("/", 2);
            ObjectNode section = (ObjectNode) part.path("components").path(way[0]);
            section.set(name, section.remove(way[1]));
            if (way[0].equals(SECURITY_SCHEMES)) {
                secure(part, way[1], name);
            }
        });
    }

    private static void refer(JsonNode node, Map<String, String> renamed) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode value = member.getValue();
                if (value.isTextual()) {
                    member.setValue(JsonNodeFactory.instance.textNode(referred(value.textValue(), renamed)));
                } else {
                    refer(value, renamed);
                }
            }
        } else {
            node.forEach(element -> refer(element, renamed));
        }
    }

    private static String referred(String text, Map<String, String> renamed) {
        if (!text.startsWith(COMPONENTS)) {
            return text;
        }
        int name = text.indexOf('/', COMPONENTS.length());
        int end = name < 0 ? -1 : text.indexOf('/', name + 1);
        String component = end < 0 ? text : text.substring(0, end);
        String other = renamed.get(component);
        return other == null ? text : text.substring(0, name + 1) + other + text.substring(component.length());
    }

    /** Security requirements name their schemes without a reference. */
    private static void secure(ObjectNode part, String scheme, String name) {
        for (JsonNode path : part.path("paths")) {
            for (String verb : VERBS) {
                for (JsonNode requirement : path.path(verb).path("security")) {
                    if (requirement instanceof ObjectNode object && object.has(scheme)) {
                        object.set(name, object.remove(scheme));
                    }
                }
            }
        }
    }

    /** Makes the operations' ids unique. */
    private void identify(String path, JsonNode item, String owner) {
        for (String verb : VERBS) {
            JsonNode id = item.path(verb).path("operationId");
            if (id.isTextual()) {
                String where = verb + " " + path;
                String free = id.textValue();
                String base = free + "_" + owner.replaceAll("[^A-Za-z0-9_]", "_");
                for (int i = 1; !operations.getOrDefault(free, where).equals(where); i++) {
                    free = i == 1 ? base : base + "_" + i;
                }
                operations.put(free, where);
                ((ObjectNode) item.path(verb)).put("operationId", free);
            }
        }
    }

    /** As it is so far. */
    ObjectNode document() {
        return document;
    }

    /** Leaves one entry a tag, in order, and only those that an operation uses. */
    ObjectNode finish() {
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
            tags.add(
                    tag != null
                            ? tag
                            : JsonNodeFactory.instance.objectNode().put("name", name).put("description", name));
        }
        ArrayNode sorted = document.putArray("tags");
        sorted.addAll(tags);
        return document;
    }
}
