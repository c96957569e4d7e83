// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled type: JSON Schema and {@code x-gts-ref} together. Thread-safe.
 */
final class Validator {
    private static final int MAX_VIOLATIONS = 100;

    private final Schema schema;
    private final Map<String, @Nullable Document> dependencies;
    private volatile View.@Nullable Stamp checkedFor;

    Validator(Schema schema, Map<String, @Nullable Document> dependencies, View.Stamp madeFor) {
        this.schema = schema;
        this.dependencies = dependencies;
        this.checkedFor = madeFor;
    }

    /** Every violation, up to a hundred. */
    List<Violation> validate(JsonNode value) {
        List<com.networknt.schema.Error> errors = schema.validate(value);
        if (errors.isEmpty()) {
            return List.of();
        }
        List<Violation> found = new ArrayList<>(Math.min(errors.size(), MAX_VIOLATIONS));
        for (com.networknt.schema.Error error : errors) {
            if (found.size() == MAX_VIOLATIONS) {
                break;
            }
            found.add(new Violation(error.getInstanceLocation().toString(), message(error)));
        }
        return found;
    }

    /** Whether every type it was made of is what it was. */
    boolean isCurrent(View view) {
        View.Stamp stamp = view.stamp();
        if (stamp.equals(checkedFor)) {
            return true;
        }
        for (Map.Entry<String, @Nullable Document> dependency : dependencies.entrySet()) {
            if (view.find(dependency.getKey()) != dependency.getValue()) {
                return false;
            }
        }
        checkedFor = stamp;
        return true;
    }

    private static String message(com.networknt.schema.Error error) {
        String message = error.getMessage();
        return error.getProperty() == null || message.contains(error.getProperty())
                ? message
                : error.getProperty() + ": " + message;
    }
}
