// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How documents are read: strictly, with bounds, and so that they can be shown as they were written. */
public final class Json {
    /** Deeper documents are refused. */
    public static final int MAX_DEPTH = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * @throws JacksonException when it is not JSON, or deeper than {@link #MAX_DEPTH}
     */
    public static JsonNode read(byte[] bytes) throws JacksonException {
        try {
            return MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }

    /**
     * @throws JacksonException when it is not JSON, or deeper than {@link #MAX_DEPTH}
     */
    public static JsonNode read(String text) throws JacksonException {
        return MAPPER.readTree(text);
    }

    /** Why something is not JSON, and where, in words. */
    public static String reason(JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ": ";
        return "not JSON: " + where + e.getOriginalMessage();
    }
}
