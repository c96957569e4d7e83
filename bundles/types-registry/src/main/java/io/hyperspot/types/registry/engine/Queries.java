// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsQuery;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.ArrayList;
import java.util.List;

/** Answers queries (GTS operation 10). */
final class Queries {
    private Queries() {}

    /** The documents that the query asks for, ordered by key, at most so many. */
    static List<Document> answer(GtsQuery query, View view, int limit) {
        List<Document> found = new ArrayList<>();
        for (Document document : view.documents()) {
            if (found.size() == limit) {
                break;
            }
            if (matches(query, document)) {
                found.add(document);
            }
        }
        return found;
    }

    private static boolean matches(GtsQuery query, Document document) {
        GtsId id = document.id();
        if (id == null) {
            return false;
        }
        boolean base = query.base().isWildcard() ? query.base().matches(id) : query.base().toString().equals(id.toString());
        return base && query.conditions().stream().allMatch(condition -> holds(condition, document.content()));
    }

    /**
     * Whether a pattern matches an id by the profile's reading of {@code T~*}. A query is read the same by
     * every draft: what is below a type.
     */
    static boolean matches(GtsPattern pattern, GtsId id, GtsProfile profile) {
        if (pattern.matches(id)) {
            return true;
        }
        String text = pattern.toString();
        return profile.wildcardMatchesItself()
                && text.endsWith("~*")
                && GtsPattern.parse(text.substring(0, text.length() - 1)).matches(id);
    }

    private static boolean holds(GtsQuery.Condition condition, JsonNode content) {
        JsonNode value = Attributes.find(content, condition.path());
        if (value == null || value.isNull()) {
            return false;
        }
        if (condition.anyValue() || text(value).equals(condition.value())) {
            return true;
        }
        return value.isTextual() && condition.value().endsWith("*") && below(condition.value(), value.textValue());
    }

    private static boolean below(String pattern, String value) {
        try {
            return GtsPattern.parse(pattern).matches(GtsId.parse(value));
        } catch (GtsSyntaxException e) {
            return false;
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
