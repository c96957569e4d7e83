// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.bnd;

import aQute.bnd.osgi.Annotation;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSegment;
import io.hyperspot.gts.GtsSyntaxException;

/**
 * A class that declares itself as a worker.
 *
 * @param implementation the class
 * @param declared the instance id as it is written, in which {@code {name}} stands for a configuration's name
 * @param own the last segment of the instance id
 */
record Worker(String implementation, GtsId type, String declared, GtsSegment own, int priority) {
    private static final int DEFAULT_PRIORITY = 100;
    private static final String PLACEHOLDER = "{name}";

    /**
     * @throws IllegalArgumentException when an id is malformed, or the instance is not of the type
     */
    static Worker of(String implementation, Annotation annotation) {
        GtsId type = id("type", annotation, "");
        GtsId instance = id("instance", annotation, PLACEHOLDER);
        if (!type.isType()) {
            throw new IllegalArgumentException("type: " + type + " is an instance; a type ends with '~'");
        }
        if (instance.isType() || !type.equals(instance.typeId().orElse(null))) {
            throw new IllegalArgumentException("instance: " + text("instance", annotation) + " is no instance of " + type
                    + "; write the type, then the instance's own segment");
        }
        return new Worker(
                implementation,
                type,
                text("instance", annotation),
                GtsCapabilities.last(instance),
                annotation.<Object>get("priority") instanceof Number priority ? priority.intValue() : DEFAULT_PRIORITY);
    }

    private static GtsId id(String element, Annotation annotation, String placeholder) {
        String text = text(element, annotation);
        try {
            return GtsId.parse(placeholder.isEmpty() ? text : text.replace(placeholder, "name"));
        } catch (GtsSyntaxException e) {
            throw new IllegalArgumentException(element + ": " + e.getMessage(), e);
        }
    }

    private static String text(String element, Annotation annotation) {
        return annotation.<Object>get(element) instanceof String text ? text : "";
    }
}
