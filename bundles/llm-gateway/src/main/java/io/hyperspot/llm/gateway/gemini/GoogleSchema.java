// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a schema of Google's {@code Schema} message, a subset of OpenAPI 3.0 with types in capitals, as JSON Schema.
 */
final class GoogleSchema {
    private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties");
    private static final Set<String> COUNTS =
            Set.of("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties");

    private GoogleSchema() {}

    static ObjectNode jsonSchema(ObjectNode google) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        google.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("type") && value.isTextual()) {
                schema.put("type", value.textValue().toLowerCase(Locale.ROOT));
            } else if (name.equals("properties") && value.isObject()) {
                ObjectNode properties = schema.putObject("properties");
                value.properties().forEach(property -> properties.set(property.getKey(), schema(property.getValue())));
            } else if ((name.equals("anyOf") || name.equals("any_of")) && value.isArray()) {
                ArrayNode any = schema.putArray("anyOf");
                value.forEach(one -> any.add(schema(one)));
            } else if (SCHEMAS.contains(name)) {
                schema.set(name, schema(value));
            } else if (COUNTS.contains(name) && value.isTextual() && value.textValue().matches("\\d{1,9}")) {
                // protocol buffers write 64 bit numbers as strings
                schema.put(name, Integer.parseInt(value.textValue()));
            } else if (!name.equals("nullable") && !name.equals("propertyOrdering") && !name.equals("property_ordering")) {
                schema.set(name, value);
            }
        });
        if (google.path("nullable").asBoolean() && schema.path("type").isTextual()) {
            String type = schema.path("type").textValue();
            ArrayNode types = schema.putArray("type");
            List.of(type, "null").forEach(types::add);
        }
        return schema;
    }

    private static JsonNode schema(JsonNode node) {
        return node instanceof ObjectNode object ? jsonSchema(object) : node;
    }
}
