// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads members of messages in the JSON form of protocol buffers, which has each name in two spellings: {@code
 * mimeType} and {@code mime_type}.
 */
final class ProtoJson {
    private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

    private ProtoJson() {}

    /** A member by its name in camel case; missing where it is null. */
    static JsonNode get(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            value = node.path(snake(name));
        }
        return value.isNull() ? node.path("") : value;
    }

    static String snake(String name) {
        return CAPITAL.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT);
    }

    static @Nullable Integer integer(JsonNode node, String at, String name, int least) {
        JsonNode value = get(node, name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least) {
            throw invalid(at + name, "must be a whole number of at least " + least);
        }
        return value.asInt();
    }

    static @Nullable Double number(JsonNode node, String at, String name, double least, double most) {
        JsonNode value = get(node, name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isNumber() || value.asDouble() < least || value.asDouble() > most) {
            throw invalid(at + name, "must be a number from " + least + " to " + most);
        }
        return value.asDouble();
    }

    static String text(JsonNode node, String at, String name) {
        JsonNode value = get(node, name);
        if (!value.isTextual()) {
            throw invalid(at + name, "must be a string");
        }
        return value.textValue();
    }

    static @Nullable String optional(JsonNode node, String name) {
        JsonNode value = get(node, name);
        return value.isTextual() ? value.textValue() : null;
    }

    static ProblemException invalid(String member, String what) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", "'" + member + "' " + what);
    }
}
