// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/**
 * Where schemas are inside a schema. Whatever stands elsewhere ({@code const}, {@code enum}, {@code
 * default}, {@code examples}, unknown keywords) is data, even when it looks like a schema. Covers draft-04
 * to 2020-12.
 */
final class Subschemas {
    private static final Set<String> SAME_VALUE = Set.of("not", "if", "then", "else", Keywords.TRAITS_SCHEMA);
    private static final Set<String> OTHER_VALUE = Set.of(
            "additionalItems",
            Keywords.ADDITIONAL,
            "contains",
            "contentSchema",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final Set<String> LIST_SAME_VALUE = Set.of(Keywords.ALL_OF, "anyOf", "oneOf");
    private static final Set<String> MAP_SAME_VALUE = Set.of("dependentSchemas", "dependencies");
    private static final Set<String> MAP_OTHER_VALUE =
            Set.of(Keywords.PROPERTIES, "patternProperties", "definitions", "$defs");

    /** What to do with each. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param pointer to the schema
         * @param sameValue whether it judges the value that the schema around it judges, not a part of it
         */
        void visit(String pointer, JsonNode schema, boolean sameValue);
    }

    private Subschemas() {}

    /** Visits the schemas directly inside one. */
    static void children(String pointer, JsonNode schema, Visitor visitor) {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (SAME_VALUE.contains(name)) {
                visit(Pointers.child(pointer, name), value, true, visitor);
            } else if (OTHER_VALUE.contains(name)) {
                visit(Pointers.child(pointer, name), value, false, visitor);
            } else if (LIST_SAME_VALUE.contains(name)) {
                list(Pointers.child(pointer, name), value, true, visitor);
            } else if (name.equals("items") || name.equals("prefixItems")) {
                if (value.isArray()) {
                    list(Pointers.child(pointer, name), value, false, visitor);
                } else {
                    visit(Pointers.child(pointer, name), value, false, visitor);
                }
            } else if (MAP_SAME_VALUE.contains(name)) {
                map(Pointers.child(pointer, name), value, true, visitor);
            } else if (MAP_OTHER_VALUE.contains(name)) {
                map(Pointers.child(pointer, name), value, false, visitor);
            }
        }
    }

    /** Visits a schema and all inside it, the outer ones first. */
    static void all(String pointer, JsonNode schema, Visitor visitor) {
        visit(pointer, schema, true, visitor);
        children(pointer, schema, (at, child, same) -> all(at, child, visitor));
    }

    private static void visit(String pointer, JsonNode schema, boolean sameValue, Visitor visitor) {
        if (schema.isObject() || schema.isBoolean()) {
            visitor.visit(pointer, schema, sameValue);
        }
    }

    private static void list(String pointer, JsonNode schemas, boolean sameValue, Visitor visitor) {
        for (int i = 0; i < schemas.size(); i++) {
            visit(Pointers.child(pointer, i), schemas.path(i), sameValue, visitor);
        }
    }

    private static void map(String pointer, JsonNode schemas, boolean sameValue, Visitor visitor) {
        for (Map.Entry<String, JsonNode> entry : schemas.properties()) {
            visit(Pointers.child(pointer, entry.getKey()), entry.getValue(), sameValue, visitor);
        }
    }
}
