// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import io.hyperspot.gts.GtsPattern;
import java.util.regex.Pattern;

/**
 * The right to do something to resources of a type, written {@code <gts pattern>:<action>}, for
 * example {@code gts.hyperspot.llm.*:invoke}. The action {@code *} stands for every action.
 */
public record Permission(GtsPattern resource, String action) {
    private static final Pattern ACTION = Pattern.compile("\\*|[a-z][a-z0-9_-]*");

    /** Everything. */
    public static final Permission ALL = parse("gts.*:*");

    /**
     * @throws IllegalArgumentException when the text has no action or either part is malformed
     */
    public static Permission parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !ACTION.matcher(text.substring(colon + 1)).matches()) {
            throw new IllegalArgumentException(
                    "a permission is written <gts pattern>:<action>, for example gts.hyperspot.llm.*:invoke; got '"
                            + text
                            + "'");
        }
        return new Permission(GtsPattern.parse(text.substring(0, colon)), text.substring(colon + 1));
    }

    /** True when whoever has this permission also has the other. */
    public boolean implies(Permission other) {
        return (action.equals("*") || action.equals(other.action)) && resource.covers(other.resource);
    }

    @Override
    public String toString() {
        return resource + ":" + action;
    }
}
