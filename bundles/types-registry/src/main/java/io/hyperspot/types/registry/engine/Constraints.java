// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keywords of flattened schemas that bound a single value, and which of two says less. */
final class Constraints {
    /** Keywords whose value is a number that a valid value must not go below. */
    static final List<String> LOWER = List.of("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties");
    /** The same for above. */
    static final List<String> UPPER = List.of("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties");

    private Constraints() {}

    /** The types a schema allows; empty when it does not say. */
    static Set<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        Set<String> types = new HashSet<>();
        if (type.isTextual()) {
            types.add(type.textValue());
        }
        type.forEach(one -> types.add(one.asText()));
        return types;
    }

    /** Whether every value of the narrow types is of the wide types. */
    static boolean typesWithin(Set<String> narrow, Set<String> wide) {
        return narrow.stream().allMatch(type -> wide.contains(type) || (type.equals("integer") && wide.contains("number")));
    }

    /** The values a schema lists by {@code const} or {@code enum}; null when it lists none. */
    static @Nullable Set<JsonNode> listed(JsonNode schema) {
        JsonNode constant = schema.get("const");
        if (constant != null) {
            return Set.of(constant);
        }
        JsonNode values = schema.get("enum");
        if (values == null || !values.isArray()) {
            return null;
        }
        Set<JsonNode> set = new HashSet<>();
        values.forEach(set::add);
        return set;
    }

    /** Whether a value satisfies what a flattened schema says of single values. */
    static boolean satisfies(JsonNode value, JsonNode schema) {
        Set<String> types = types(schema);
        Set<JsonNode> listed = listed(schema);
        return (types.isEmpty() || types.stream().anyMatch(type -> isOf(value, type)))
                && (listed == null || listed.contains(value))
                && withinLengths(value, schema)
                && withinNumbers(value, schema)
                && (!value.isTextual() || !schema.path("pattern").isTextual() || Expressions.find(schema.path("pattern").textValue(), value.textValue()));
    }

    private static boolean withinLengths(JsonNode value, JsonNode schema) {
        if (value.isTextual()) {
            int length = value.textValue().codePointCount(0, value.textValue().length());
            return within(length, schema.get("minLength"), schema.get("maxLength"));
        }
        if (value.isArray()) {
            return within(value.size(), schema.get("minItems"), schema.get("maxItems"));
        }
        return true;
    }

    private static boolean within(int size, @Nullable JsonNode least, @Nullable JsonNode most) {
        IntNode actual = IntNode.valueOf(size);
        return (least == null || !least.isNumber() || compare(actual, least) >= 0)
                && (most == null || !most.isNumber() || compare(actual, most) <= 0);
    }

    private static boolean withinNumbers(JsonNode value, JsonNode schema) {
        if (!value.isNumber()) {
            return true;
        }
        return (!schema.path("minimum").isNumber() || compare(value, schema.path("minimum")) >= 0)
                && (!schema.path("maximum").isNumber() || compare(value, schema.path("maximum")) <= 0)
                && (!schema.path("exclusiveMinimum").isNumber() || compare(value, schema.path("exclusiveMinimum")) > 0)
                && (!schema.path("exclusiveMaximum").isNumber() || compare(value, schema.path("exclusiveMaximum")) < 0);
    }

    /** Compares two numbers exactly. */
    static int compare(JsonNode a, JsonNode b) {
        return a.decimalValue().compareTo(b.decimalValue());
    }

    private static boolean isOf(JsonNode value, String type) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber() || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> false;
        };
    }
}
