// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
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
    private final ExecutionConfig execution;
    private final Map<String, @Nullable Document> dependencies;
    private volatile View.@Nullable Stamp checkedFor;

    Validator(Schema schema, Map<String, @Nullable Document> dependencies, View.Stamp madeFor) {
        this.schema = schema;
        this.execution = schema.createExecutionContext().getExecutionConfig();
        this.dependencies = dependencies;
        this.checkedFor = madeFor;
    }

    /** Every violation, up to a hundred. */
    List<Violation> validate(JsonNode value) {
        String huge = Numbers.find(value);
        if (huge != null) {
            return List.of(new Violation(huge, Numbers.REFUSED));
        }
        Work work = new Work(execution);
        try {
            schema.validate(work, value);
        } catch (TooComplexException e) {
            return List.of(new Violation("", e.reason()));
        }
        List<com.networknt.schema.Error> errors = work.getErrors();
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

    /**
     * Counts what one validation does. A type may refer to others twice at each of many steps, in allOf or
     * from one level of a value to the next, so that the work grows with a power of two.
     */
    private static final class Work extends ExecutionContext {
        private static final int MOST = 2_000_000;
        private static final int MOST_ERRORS = 100_000;
        private static final int DEEPEST = 2_500;

        private int done;
        private int errors;
        private int depth;
        private boolean over;

        Work(ExecutionConfig config) {
            super(config);
        }

        @Override
        public void evaluationPathAddLast(String token) {
            step();
            super.evaluationPathAddLast(token);
        }

        @Override
        public void evaluationPathAddLast(int token) {
            step();
            super.evaluationPathAddLast(token);
        }

        @Override
        public void evaluationPathRemoveLast() {
            // What was not added because of the exception is not removed on its way out.
            if (!over) {
                depth--;
                super.evaluationPathRemoveLast();
            }
        }

        @Override
        public void addError(com.networknt.schema.Error error) {
            limit(++errors > MOST_ERRORS);
            super.addError(error);
        }

        private void step() {
            limit(++done > MOST || ++depth > DEEPEST);
        }

        private void limit(boolean exceeded) {
            if (exceeded) {
                over = true;
                throw new TooComplexException("validation would take too long: the value is too large, or too wrong,"
                        + " for what the type demands of each of its parts");
            }
        }
    }
}
