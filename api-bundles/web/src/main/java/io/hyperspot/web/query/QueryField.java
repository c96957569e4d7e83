// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

/**
 * A field by which a collection may be filtered and ordered.
 *
 * @param name as in the item's JSON
 */
public record QueryField(String name, Type type) {
    /** What a field's values are. */
    public enum Type {
        STRING,
        NUMBER,
        BOOLEAN,
        /** An RFC 3339 instant. */
        INSTANT
    }
}
