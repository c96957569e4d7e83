// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed token in compact form (RFC 7515), read strictly: one way of writing, no member twice, nothing
 * after the end. Nothing in it is verified.
 */
record Jws(JsonNode header, JsonNode claims, byte[] signed, byte[] signature) {
    private static final int MAX_DEPTH = 12;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(40)
                    .maxNameLength(512)
                    .build())
            // names come from whoever sends a token: none is kept
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectReader JSON = new ObjectMapper(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // as a double, 1e999 would be infinite, which is no time that could be compared
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .readerFor(JsonNode.class);

    /** Why a text is no such token. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    static Jws parse(String text) throws MalformedException {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second <= first + 1 || second == text.length() - 1 || text.indexOf('.', second + 1) >= 0) {
            throw new MalformedException("the token is not a signed JWT of three parts");
        }
        return new Jws(
                object(bytes(text.substring(0, first))),
                object(bytes(text.substring(first + 1, second))),
                text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
                bytes(text.substring(second + 1)));
    }

    private static byte[] bytes(String part) throws MalformedException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // the decoder takes padding and stray bits at the end: then one token would have many texts
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new MalformedException("the token is not in base64url without padding");
    }

    private static JsonNode object(byte[] utf8) throws MalformedException {
        try {
            JsonNode node = JSON.readTree(StrictUtf8.decode(utf8));
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            // answered below; the parser's message would repeat parts of the token
        }
        throw new MalformedException("a part of the token is not one JSON object with each member once");
    }

    /** What the token says of its issuer, at the price of reading its claims once; empty for anything odd. */
    static Optional<String> issuer(String text) {
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first <= 0 || second <= first + 1 || text.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        try {
            byte[] claims = Base64.getUrlDecoder().decode(text.substring(first + 1, second));
            try (JsonParser parser = FACTORY.createParser(claims)) {
                return issuer(parser);
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> issuer(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return Optional.empty();
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("iss")) {
                return value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
            }
            parser.skipChildren();
        }
        return Optional.empty();
    }

    /** A member of the header that must be a text when it is there; empty text for another kind of value. */
    @Nullable String headerText(String name) {
        JsonNode value = header.get(name);
        return value == null ? null : value.isTextual() ? value.textValue() : "";
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Jws[***]";
    }
}
