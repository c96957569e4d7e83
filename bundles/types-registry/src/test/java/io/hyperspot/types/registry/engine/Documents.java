// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Documents of a test, written as JSON without double quotes, and what an engine says of them. */
final class Documents implements View {
    static final String A = "gts.x.test.ns.a.v1~";
    static final String B = A + "x.test.ns.b.v1~";
    static final String C = B + "x.test.ns.c.v1~";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    final GtsEngine engine;
    private final TreeMap<String, Document> documents = new TreeMap<>();
    private long generation;

    Documents(GtsProfile profile) {
        engine = new GtsEngine(profile);
    }

    /** By draft 0.11. */
    Documents() {
        this(GtsProfile.V0_11);
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    Documents add(JsonNode content) {
        try {
            Document document = engine.document(content);
            documents.put(document.key(), document);
            generation++;
            return this;
        } catch (RefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    Documents instance(String json) {
        return add(json(json));
    }

    /** @param body the keywords, as {@code properties: {…}, required: […]} */
    Documents type(String id, String body) {
        ObjectNode schema = json('{' + body + '}');
        schema.put("$id", "gts://" + id);
        if (!schema.has("$schema")) {
            schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        }
        return add(schema);
    }

    /** A type that refers to the one it derives from and adds an overlay. */
    Documents derived(String id, String overlay) {
        String parent = id.substring(0, id.lastIndexOf('~', id.length() - 2) + 1);
        return type(id, "type: 'object', allOf: [{$ref: 'gts://" + parent + "'}, {" + overlay + "}]");
    }

    Documents remove(String key) {
        documents.remove(key);
        generation++;
        return this;
    }

    Document get(String key) {
        return Objects.requireNonNull(documents.get(key), key);
    }

    /** What is wrong with a registered document; empty when nothing is. */
    List<String> wrong(String key) {
        return engine.validate(get(key), this).stream().map(Violation::toString).toList();
    }

    /** What is wrong with a value by a type. */
    List<String> wrong(String type, String value) {
        return engine.validateValue(json(value), get(type), this).stream()
                .map(Violation::toString)
                .toList();
    }

    @Override
    public @Nullable Document find(String key) {
        return documents.get(key);
    }

    @Override
    public Collection<Document> documents() {
        return documents.values();
    }

    @Override
    public Stamp stamp() {
        return new Stamp(generation, this);
    }
}
