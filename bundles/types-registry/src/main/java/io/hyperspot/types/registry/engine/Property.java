// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A property of a type, for people.
 *
 * @param path names joined by dots; {@code []} stands for the items of an array
 * @param type in words, with the values where they are listed
 */
public record Property(String path, String type, boolean required, String description) {
    private static final int MAX_DEPTH = 4;
    private static final int MOST = 500;

    static List<Property> of(Document type, View view) {
        Flattened flattened = new Flattened(SchemaBundle.of(type, view));
        List<Property> properties = new ArrayList<>();
        collect("", flattened.root(), flattened, properties, 0);
        return properties;
    }

    private static void collect(String path, JsonNode schema, Flattened flattened, List<Property> properties, int depth) {
        Set<String> required = Flattened.required(schema);
        for (Map.Entry<String, JsonNode> entry : Flattened.properties(schema).properties()) {
            if (properties.size() == MOST) {
                return;
            }
            ObjectNode definition = flattened.of(entry.getValue());
            String at = path.isEmpty() ? entry.getKey() : path + '.' + entry.getKey();
            properties.add(new Property(
                    at, words(definition), required.contains(entry.getKey()), definition.path("description").asText("")));
            if (depth < MAX_DEPTH) {
                collect(at, definition, flattened, properties, depth + 1);
                if (definition.path("items").isObject()) {
                    collect(at + "[]", flattened.of(definition.path("items")), flattened, properties, depth + 1);
                }
            }
        }
    }

    private static String words(JsonNode definition) {
        StringBuilder words = new StringBuilder(String.join(" or ", Constraints.types(definition).stream().sorted().toList()));
        Set<JsonNode> listed = Constraints.listed(definition);
        if (listed != null) {
            words.append(words.isEmpty() ? "" : ": ").append(String.join(", ", listed.stream().map(JsonNode::toString).sorted().toList()));
        }
        if (definition.has(Keywords.GTS_REF)) {
            words.append(words.isEmpty() ? "" : ", ").append("a GTS id of ").append(definition.path(Keywords.GTS_REF).asText());
        }
        return words.toString();
    }
}
