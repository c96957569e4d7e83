// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An instance made to fit another version of its type (GTS operation 9): defaults of the new version are
 * filled in, properties that it does not know are dropped where it is closed, and a constant that names the
 * type becomes the new one's.
 *
 * @param entity the instance in its new shape
 * @param reasons why it still does not fit; empty when it does
 */
public record Cast(JsonNode entity, List<String> reasons) {
    private static final int MAX_DEPTH = 64;

    static Cast of(JsonNode instance, Document target, View view) {
        JsonNode copy = instance.deepCopy();
        List<String> reasons = new ArrayList<>();
        if (copy instanceof ObjectNode object) {
            try {
                Flattened flattened = new Flattened(SchemaBundle.of(target, view));
                object("", object, flattened.root(), flattened, reasons, 0);
            } catch (TooComplexException e) {
                return new Cast(instance, List.of("the type " + target + " cannot be used: " + e.reason()));
            }
        }
        return new Cast(copy, List.copyOf(reasons));
    }

    private static void object(
            String path, ObjectNode value, JsonNode schema, Flattened types, List<String> reasons, int depth) {
        JsonNode properties = Flattened.properties(schema);
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            String name = property.getKey();
            ObjectNode definition = types.of(property.getValue());
            JsonNode current = value.get(name);
            if (current == null) {
                if (definition.has("default")) {
                    value.set(name, definition.path("default").deepCopy());
                } else if (Flattened.required(schema).contains(name)) {
                    reasons.add("property '" + join(path, name) + "' is required and has no default");
                }
                continue;
            }
            JsonNode constant = definition.path("const");
            if (constant.isTextual() && constant.textValue().startsWith("gts.") && !constant.equals(current)) {
                value.set(name, constant);
            } else if (depth < MAX_DEPTH) {
                inside(join(path, name), current, definition, types, reasons, depth + 1);
            }
        }
        if (Flattened.isClosed(schema)) {
            List<String> unknown = new ArrayList<>();
            value.fieldNames().forEachRemaining(name -> {
                if (!properties.has(name) && !isPattern(name, schema)) {
                    unknown.add(name);
                }
            });
            value.remove(unknown);
        }
    }

    private static void inside(
            String path, JsonNode value, JsonNode schema, Flattened types, List<String> reasons, int depth) {
        if (value instanceof ObjectNode object) {
            object(path, object, schema, types, reasons, depth);
        } else if (value instanceof ArrayNode array && schema.path("items").isObject()) {
            ObjectNode items = types.of(schema.path("items"));
            for (int i = 0; i < array.size(); i++) {
                inside(path + '[' + i + ']', array.path(i), items, types, reasons, depth + 1);
            }
        }
    }

    private static boolean isPattern(String name, JsonNode schema) {
        for (Map.Entry<String, JsonNode> pattern : schema.path("patternProperties").properties()) {
            if (Expressions.find(pattern.getKey(), name)) {
                return true;
            }
        }
        return false;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }
}
