// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of a bundle with {@code $ref} and {@code allOf} melted into one level, so that they can be
 * compared keyword by keyword. Later ones override earlier ones; required properties add up; what is
 * closed stays closed; a property given twice must satisfy both. The schemas of properties and items stay
 * as they are until they are flattened themselves.
 *
 * <p>For one operation: it counts the work and ends it by {@link TooComplexException}.
 */
final class Flattened {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** What the schema {@code false} becomes: nothing satisfies it. */
    static final String NEVER = "x-never";

    private static final int MOST_SCHEMAS = 200_000;
    private static final int DEEPEST = 1_000;

    private final SchemaBundle bundle;
    private int melted;

    Flattened(SchemaBundle bundle) {
        this.bundle = bundle;
    }

    /** The whole of it. */
    ObjectNode root() {
        return of(bundle.root());
    }

    /** A schema that stands in it. */
    ObjectNode of(JsonNode schema) {
        return of(schema, reference -> false);
    }

    /** A schema without what the references say that are left out. */
    ObjectNode of(JsonNode schema, Predicate<String> leftOut) {
        ObjectNode melted = NODES.objectNode();
        melt(schema, melted, leftOut, new HashSet<>(), 0);
        return melted;
    }

    private void melt(JsonNode schema, ObjectNode into, Predicate<String> leftOut, Set<String> seen, int depth) {
        if (++melted > MOST_SCHEMAS || depth > DEEPEST) {
            throw new TooComplexException("it is too large to be compared property by property");
        }
        if (schema.isBoolean() && !schema.booleanValue()) {
            into.put(NEVER, true);
        }
        String reference = schema.path(Keywords.REF).textValue();
        // What was said once adds nothing when it is said again, least of all in a cycle.
        if (reference != null && !leftOut.test(reference) && seen.add(reference)) {
            melt(bundle.resolve(reference), into, leftOut, seen, depth + 1);
        }
        for (JsonNode branch : schema.path(Keywords.ALL_OF)) {
            melt(branch, into, leftOut, seen, depth + 1);
        }
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            add(keyword.getKey(), keyword.getValue(), into);
        }
    }

    private static void add(String name, JsonNode value, ObjectNode melted) {
        switch (name) {
            case Keywords.REF, Keywords.ALL_OF -> {}
            case Keywords.PROPERTIES -> {
                ObjectNode properties = melted.withObjectProperty(Keywords.PROPERTIES);
                value.properties().forEach(property -> properties.set(
                        property.getKey(), both(properties.get(property.getKey()), property.getValue())));
            }
            case Keywords.REQUIRED -> {
                ArrayNode required = melted.withArrayProperty(Keywords.REQUIRED);
                Set<JsonNode> known = new HashSet<>();
                required.forEach(known::add);
                value.forEach(property -> {
                    if (known.add(property)) {
                        required.add(property);
                    }
                });
            }
            case Keywords.ADDITIONAL -> {
                if (!isFalse(melted.get(Keywords.ADDITIONAL))) {
                    melted.set(name, value);
                }
            }
            default -> melted.set(name, value);
        }
    }

    private static JsonNode both(@Nullable JsonNode first, JsonNode second) {
        if (first == null || first.equals(second)) {
            return second;
        }
        ObjectNode both = NODES.objectNode();
        both.putArray(Keywords.ALL_OF).add(first).add(second);
        return both;
    }

    static boolean isFalse(@Nullable JsonNode schema) {
        return schema != null && schema.isBoolean() && !schema.booleanValue();
    }

    /** Whether a flattened schema allows no properties but those it names. */
    static boolean isClosed(JsonNode flattened) {
        return isFalse(flattened.get(Keywords.ADDITIONAL));
    }

    static JsonNode properties(JsonNode flattened) {
        return flattened.path(Keywords.PROPERTIES);
    }

    static Set<String> required(JsonNode flattened) {
        Set<String> required = new HashSet<>();
        flattened.path(Keywords.REQUIRED).forEach(name -> required.add(name.asText()));
        return required;
    }
}
