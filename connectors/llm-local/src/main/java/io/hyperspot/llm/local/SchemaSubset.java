// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ProblemException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schemas that can guide generation. llama.cpp ends its process on a schema that it does
 * not understand, so that only a copy made of known parts goes there; a keyword that restricts and is
 * not known is refused, one that only describes is left out.
 */
final class SchemaSubset {
    private static final int MAX_DEPTH = 24;
    private static final int MAX_NODES = 2_000;
    private static final int MAX_REPEAT = 256;
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "number", "integer", "boolean", "null");
    private static final Set<String> FORMATS = Set.of("date", "time", "date-time", "uuid");
    private static final Set<String> DESCRIPTIVE = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "$schema",
            "$id",
            "$comment",
            "deprecated",
            "readOnly",
            "writeOnly",
            "strict",
            "name");
    private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

    private final ObjectNode root;
    private int nodes;

    private SchemaSubset(ObjectNode root) {
        this.root = root;
    }

    /**
     * The copy.
     *
     * @throws ProblemException INVALID_ARGUMENT with the place that is not understood
     */
    static ObjectNode of(ObjectNode schema) {
        SchemaSubset subset = new SchemaSubset(schema);
        ObjectNode copy = subset.schema(schema, "#", 0);
        for (String definitions : DEFINITIONS) {
            if (schema.get(definitions) instanceof ObjectNode all) {
                copy.set(definitions, subset.schemas(all, "#/" + definitions, 1));
            }
        }
        return copy;
    }

    private ObjectNode schema(@Nullable JsonNode node, String at, int depth) {
        if (node != null && node.isBoolean() && node.asBoolean()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!(node instanceof ObjectNode schema)) {
            throw refused(at, "is no schema");
        }
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw refused(at, "makes the schema too large");
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        schema.properties().forEach(field -> keyword(copy, field.getKey(), field.getValue(), at, depth));
        return copy;
    }

    private void keyword(ObjectNode copy, String name, JsonNode value, String at, int depth) {
        String here = at + "/" + name;
        switch (name) {
            case "type" -> copy.set(name, type(value, here));
            case "properties" -> copy.set(name, schemas(value, here, depth));
            case "required" -> copy.set(name, strings(value, here));
            case "additionalProperties" -> {
                if (value.isBoolean()) {
                    copy.set(name, value);
                } else {
                    copy.set(name, schema(value, here, depth + 1));
                }
            }
            case "items" -> copy.set(name, schema(value, here, depth + 1));
            case "anyOf", "oneOf" -> copy.set(name, alternatives(value, here, depth));
            case "enum" -> {
                if (!value.isArray() || value.isEmpty() || value.size() > MAX_NODES) {
                    throw refused(here, "must be an array of values");
                }
                copy.set(name, value);
            }
            case "const" -> copy.set(name, value);
            case "minItems", "maxItems", "minLength", "maxLength" -> {
                if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > MAX_REPEAT) {
                    throw refused(here, "must be between 0 and " + MAX_REPEAT);
                }
                copy.set(name, value);
            }
            case "format" -> {
                if (FORMATS.contains(value.asText())) {
                    copy.set(name, value);
                }
            }
            case "$ref" -> copy.put(name, reference(value, here));
            case "$defs", "definitions" -> {
                if (depth > 0) {
                    throw refused(here, "must be at the top");
                }
            }
            default -> {
                if (!DESCRIPTIVE.contains(name)) {
                    throw refused(here, "is a keyword that local models do not support");
                }
            }
        }
    }

    private static JsonNode type(JsonNode value, String at) {
        if (value.isTextual() && TYPES.contains(value.asText())) {
            return value;
        }
        ArrayNode types = strings(value, at);
        for (JsonNode type : types) {
            if (!TYPES.contains(type.asText())) {
                throw refused(at, "must be a JSON type");
            }
        }
        if (types.isEmpty()) {
            throw refused(at, "must be a JSON type");
        }
        return types;
    }

    private ObjectNode schemas(JsonNode value, String at, int depth) {
        if (!(value instanceof ObjectNode all)) {
            throw refused(at, "must be an object of schemas");
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        all.properties().forEach(
                        field -> copy.set(field.getKey(), schema(field.getValue(), at + "/" + field.getKey(), depth + 1)));
        return copy;
    }

    private ArrayNode alternatives(JsonNode value, String at, int depth) {
        if (!value.isArray() || value.isEmpty()) {
            throw refused(at, "must be an array of schemas");
        }
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
            copy.add(schema(value.get(i), at + "/" + i, depth + 1));
        }
        return copy;
    }

    private static ArrayNode strings(JsonNode value, String at) {
        if (!(value instanceof ArrayNode array)) {
            throw refused(at, "must be an array of strings");
        }
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw refused(at, "must be an array of strings");
            }
        }
        return array;
    }

    private String reference(JsonNode value, String at) {
        String reference = value.asText();
        String[] parts = reference.split("/", -1);
        if (parts.length == 3 && parts[0].equals("#") && DEFINITIONS.contains(parts[1])) {
            JsonNode target = root.path(parts[1]).path(parts[2]);
            // A reference to a reference could go round in a circle.
            if (target.isObject() && !target.has("$ref")) {
                return reference;
            }
        }
        throw refused(at, "must name a definition of this schema, as #/$defs/name");
    }

    private static ProblemException refused(String at, String why) {
        return ChildRequest.invalid("SCHEMA_NOT_SUPPORTED", "the response format's schema: " + at + " " + why);
    }
}
