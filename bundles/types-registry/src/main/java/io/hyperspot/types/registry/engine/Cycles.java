// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a reference that leads back to itself without a step into the value. Each schema is visited
 * once, however often it is referred to.
 */
final class Cycles {
    private static final int DEEPEST = 1_000;

    private final SchemaBundle bundle;
    /** Entered and not yet left: meeting one of these again is a cycle. */
    private final Set<JsonNode> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<JsonNode> done = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Schemas of parts of the value, from which the search starts anew. */
    private final Deque<JsonNode> starts = new ArrayDeque<>();
    private @Nullable String found;

    Cycles(SchemaBundle bundle) {
        this.bundle = bundle;
    }

    /** The reference, or null. */
    @Nullable String find() {
        starts.add(bundle.root());
        for (JsonNode start = starts.poll(); start != null && found == null; start = starts.poll()) {
            enter(start, null, 0);
        }
        return found;
    }

    private void enter(JsonNode schema, @Nullable String by, int depth) {
        // Boolean nodes are shared.
        if (found != null || !schema.isObject() || done.contains(schema)) {
            return;
        }
        if (depth > DEEPEST) {
            throw new TooComplexException("its references lead from one to the next without end");
        }
        if (!open.add(schema)) {
            found = by;
            return;
        }
        String reference = schema.path(Keywords.REF).textValue();
        if (reference != null) {
            enter(bundle.resolve(reference), reference, depth + 1);
        }
        Subschemas.children("", schema, (pointer, child, same) -> {
            if (same) {
                enter(child, by, depth + 1);
            } else {
                starts.add(child);
            }
        });
        open.remove(schema);
        done.add(schema);
    }
}
