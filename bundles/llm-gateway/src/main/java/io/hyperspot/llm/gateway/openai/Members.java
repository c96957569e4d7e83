// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import org.jspecify.annotations.Nullable;

/** Reads members of requests of OpenAI's protocols, where null is as good as absent. */
final class Members {
    private Members() {}

    static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    static @Nullable Integer integer(JsonNode root, String name, @Nullable Integer fallback) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return fallback;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.asInt() < 1) {
            throw invalid(name, "must be a whole number of at least 1");
        }
        return node.asInt();
    }

    static @Nullable Boolean flag(JsonNode root, String name) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return null;
        }
        if (!node.isBoolean()) {
            throw invalid(name, "must be true or false");
        }
        return node.asBoolean();
    }

    static @Nullable Double number(JsonNode root, String name, double least, double most) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return null;
        }
        if (!node.isNumber() || node.asDouble() < least || node.asDouble() > most) {
            throw invalid(name, "must be a number between " + least + " and " + most);
        }
        return node.asDouble();
    }

    static String needed(JsonNode node, String name, String at) {
        if (!node.path(name).isTextual()) {
            throw invalid(at, "has a part without a string '" + name + "'");
        }
        return node.path(name).asText();
    }

    static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : null;
    }

    /** The problem of a request; without a member, of the whole. */
    static ProblemException invalid(String member, String what) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", (member.isEmpty() ? "" : "'" + member + "' ") + what);
    }
}
