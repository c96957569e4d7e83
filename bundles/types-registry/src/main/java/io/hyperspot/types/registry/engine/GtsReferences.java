// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSyntaxException;
import org.jspecify.annotations.Nullable;

/** The keyword {@code x-gts-ref}: which GTS ids a string may be. */
final class GtsReferences {
    private static final int MAX_HOPS = 16;

    private GtsReferences() {}

    /**
     * Why the operand is malformed, or null when it is well-formed.
     *
     * @param document the schema around it, to which pointers are relative
     */
    static @Nullable String malformed(JsonNode operand, JsonNode document, GtsProfile profile) {
        if (!operand.isTextual()) {
            return "x-gts-ref validation failed: " + operand + " is not a string";
        }
        String text = operand.textValue();
        if (text.startsWith("/")) {
            String resolved = resolve(text, document);
            if (profile.selfReferenceOnly() && !own(document).equals(resolved)) {
                return "x-gts-ref validation failed: " + text + " leads to " + resolved
                        + ": a pointer leads to /$id, and nowhere else";
            }
            if (resolved == null) {
                return null;
            }
            text = resolved;
        }
        try {
            GtsPattern.parse(text);
            return null;
        } catch (GtsSyntaxException e) {
            return "x-gts-ref validation failed: Invalid GTS identifier: " + text + " (" + e.getMessage() + ")";
        }
    }

    private static String own(JsonNode document) {
        String id = document.path(Keywords.ID).asText("");
        return id.startsWith("gts://") ? id.substring("gts://".length()) : id;
    }

    /**
     * The pattern that an operand stands for; null when its pointer leads nowhere, which allows every id.
     *
     * @param document the schema around the keyword, to which pointers are relative
     */
    static @Nullable String resolve(String operand, JsonNode document) {
        String text = operand;
        for (int hops = 0; hops < MAX_HOPS && text.startsWith("/"); hops++) {
            JsonNode target = document.at(text);
            if (target.isObject()) {
                target = target.has("const") ? target.path("const") : target.path(Keywords.GTS_REF);
            }
            if (!target.isTextual()) {
                return null;
            }
            text = target.textValue();
            if (text.startsWith("gts://")) {
                text = text.substring("gts://".length());
            }
        }
        return text.startsWith("/") ? null : text;
    }

    /**
     * Why a value is not one of those the pattern stands for, or null when it is.
     *
     * @param pattern a GTS id, all below which is meant too, or a wildcard pattern
     */
    static @Nullable String mismatch(String pattern, String value, GtsProfile profile) {
        GtsId id;
        try {
            id = GtsId.parse(value);
        } catch (GtsSyntaxException e) {
            return "'" + value + "' is no GTS id: " + e.getMessage();
        }
        boolean matches;
        if (pattern.endsWith("*")) {
            matches = Queries.matches(GtsPattern.parse(pattern), id, profile);
        } else {
            // Literally the id or below it: v1~ does not stand for v1.2~ here.
            matches = pattern.endsWith("~") ? value.startsWith(pattern) : value.equals(pattern);
        }
        return matches ? null : "'" + value + "' is not '" + pattern + "' or derived from it";
    }
}
