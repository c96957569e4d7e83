// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as {@code 1e99999999}: short to write, and a hundred million digits once somebody divides them or
 * compares them with a list.
 */
final class Numbers {
    static final String REFUSED = "the exponent of the number is not from -1000 to 1000";
    private static final int MOST = 1_000;

    private Numbers() {}

    /** The pointer to such a number; null when there is none. */
    static @Nullable String find(JsonNode value) {
        if (value.isBigDecimal()) {
            int scale = value.decimalValue().scale();
            return scale > MOST || scale < -MOST ? "" : null;
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                String below = find(member.getValue());
                if (below != null) {
                    return Pointers.child("", member.getKey()) + below;
                }
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                String below = find(value.path(i));
                if (below != null) {
                    return Pointers.child("", i) + below;
                }
            }
        }
        return null;
    }
}
