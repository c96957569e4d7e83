// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a document is a JSON Schema at all: keywords have values of their kinds, and references within
 * the document lead somewhere. The library that validates instances finds out only when it meets one.
 */
final class JsonSchemaRules {
    private static final Set<String> TYPES = Set.of("array", "boolean", "integer", "null", "number", "object", "string");

    private JsonSchemaRules() {}

    /** All that is wrong; empty when nothing is. */
    static List<Violation> check(JsonNode document) {
        List<Violation> found = new ArrayList<>();
        String huge = Numbers.find(document);
        if (huge != null) {
            found.add(new Violation(huge, Numbers.REFUSED));
            return found;
        }
        Subschemas.all("", document, (pointer, schema, same) -> {
            for (Map.Entry<String, JsonNode> entry : schema.properties()) {
                String wrong = wrong(entry.getKey(), entry.getValue(), document);
                if (wrong != null) {
                    found.add(new Violation(Pointers.child(pointer, entry.getKey()), wrong));
                }
            }
        });
        return found;
    }

    private static @Nullable String wrong(String keyword, JsonNode value, JsonNode document) {
        return switch (keyword) {
            case "type" -> isType(value) ? null : "a type is one or an array of " + TYPES.stream().sorted().toList();
            case Keywords.REF -> leads(value.asText(), document) ? null : value + " leads nowhere in this document";
            case Keywords.PROPERTIES, "patternProperties", "definitions", "$defs", "dependentSchemas" ->
                value.isObject() && all(value, JsonSchemaRules::isSchema) ? null : "is an object of schemas";
            case Keywords.ALL_OF, "anyOf", "oneOf", "prefixItems" -> isSchemas(value) ? null : "is an array of schemas";
            case "items" -> isSchema(value) || isSchemas(value) ? null : "is a schema or an array of schemas";
            case "not", "if", "then", "else", "contains", "propertyNames", "additionalItems", Keywords.ADDITIONAL ->
                isSchema(value) ? null : "is a schema: an object, true or false";
            case Keywords.REQUIRED -> value.isArray() && all(value, JsonNode::isTextual) ? null : "is an array of names";
            case "enum" -> value.isArray() ? null : "is an array of values";
            case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties" ->
                isCount(value) ? null : "is a whole number from 0";
            case "minimum", "maximum" -> value.isNumber() ? null : "is a number";
            case "exclusiveMinimum", "exclusiveMaximum" ->
                value.isNumber() || value.isBoolean() ? null : "is a number, in draft-04 true or false";
            case "multipleOf" -> value.isNumber() && value.decimalValue().signum() > 0 ? null : "is a number above 0";
            case "pattern", "format" -> value.isTextual() ? null : "is a string";
            case "uniqueItems" -> value.isBoolean() ? null : "is true or false";
            default -> null;
        };
    }

    private static boolean isType(JsonNode value) {
        return value.isArray()
                ? !value.isEmpty() && all(value, one -> TYPES.contains(one.asText()))
                : value.isTextual() && TYPES.contains(value.textValue());
    }

    /** A pointer that is percent-encoded is left to the library. */
    private static boolean leads(String reference, JsonNode document) {
        return !reference.startsWith("#/")
                || reference.contains("%")
                || isSchema(document.at(reference.substring(1)));
    }

    private static boolean isSchema(JsonNode value) {
        return value.isObject() || value.isBoolean();
    }

    private static boolean isSchemas(JsonNode value) {
        return value.isArray() && !value.isEmpty() && all(value, JsonSchemaRules::isSchema);
    }

    private static boolean isCount(JsonNode value) {
        return value.isNumber()
                && value.decimalValue().signum() >= 0
                && value.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static boolean all(JsonNode values, Predicate<JsonNode> test) {
        for (JsonNode value : values) {
            if (!test.test(value)) {
                return false;
            }
        }
        return true;
    }
}
