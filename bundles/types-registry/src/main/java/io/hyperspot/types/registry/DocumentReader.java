// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.gts.registry.TypesRegistry.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a document into an entity. Checks only what the document says of itself; whether
 * it fits other documents is decided elsewhere.
 */
final class DocumentReader {
    static final int MAX_BYTES = 1 << 20;

    private static final String SCHEMA = "$schema";
    private static final String SCHEMA_ID = "$id";
    private static final String INSTANCE_ID = "id";
    private static final String ABSTRACT = "x-gts-abstract";
    private static final String FINAL = "x-gts-final";

    // Numbers keep their digits, so that a document is shown as it was written.
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    Document read(String owner, String file, byte[] bytes) throws DocumentException {
        if (bytes.length > MAX_BYTES) {
            throw new DocumentException("", "the document is larger than " + MAX_BYTES + " bytes");
        }
        JsonNode tree = parse(bytes);
        if (!tree.isObject()) {
            throw new DocumentException("", "a document is one JSON object");
        }
        // The specification decides by $schema alone, before any id is looked at.
        Entity entity = tree.has(SCHEMA) ? type(owner, tree) : instance(owner, tree);
        return new Document(file, entity, tree);
    }

    private JsonNode parse(byte[] bytes) throws DocumentException {
        try {
            return mapper.readTree(bytes);
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ": ";
            throw new DocumentException("", "not JSON: " + where + e.getOriginalMessage());
        } catch (IOException e) {
            throw new DocumentException("", "not readable: " + e.getMessage());
        }
    }

    private static Entity type(String owner, JsonNode tree) throws DocumentException {
        String uri = text(tree, SCHEMA_ID, "a schema needs \"$id\": \"gts://<type id>\"");
        GtsId id;
        try {
            id = GtsId.parseUri(uri);
        } catch (GtsSyntaxException e) {
            throw new DocumentException("/" + SCHEMA_ID, String.valueOf(e.getMessage()));
        }
        if (!id.isType()) {
            throw new DocumentException("/" + SCHEMA_ID, "a schema's id ends with '~'; " + id + " is an instance");
        }
        boolean isAbstract = flag(tree, ABSTRACT);
        if (flag(tree, FINAL) && isAbstract) {
            throw new DocumentException(
                    "/" + FINAL, "a type cannot be final and abstract: nothing could ever be of it");
        }
        return new Entity(id, Kind.TYPE, tree.toString(), owner, isAbstract, description(tree));
    }

    private static Entity instance(String owner, JsonNode tree) throws DocumentException {
        String text = text(
                tree, INSTANCE_ID, "an instance needs \"id\": \"<instance id>\" (and a schema needs \"$schema\")");
        GtsId id;
        try {
            id = GtsId.parse(text);
        } catch (GtsSyntaxException e) {
            throw new DocumentException("/" + INSTANCE_ID, String.valueOf(e.getMessage()));
        }
        if (id.isType()) {
            throw new DocumentException(
                    "/" + INSTANCE_ID, id + " is a type; a type's document needs \"$schema\" and \"$id\"");
        }
        return new Entity(id, Kind.INSTANCE, tree.toString(), owner, false, description(tree));
    }

    private static String text(JsonNode tree, String field, String missing) throws DocumentException {
        @Nullable JsonNode value = tree.get(field);
        if (value == null) {
            throw new DocumentException("", missing);
        }
        if (!value.isTextual()) {
            throw new DocumentException("/" + field, missing);
        }
        return value.textValue();
    }

    private static boolean flag(JsonNode tree, String field) throws DocumentException {
        @Nullable JsonNode value = tree.get(field);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new DocumentException("/" + field, field + " is true or false");
        }
        return value.booleanValue();
    }

    private static String description(JsonNode tree) {
        return tree.path("description").isTextual() ? tree.path("description").textValue() : "";
    }
}
