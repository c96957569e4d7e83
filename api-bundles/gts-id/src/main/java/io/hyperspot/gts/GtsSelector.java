// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

/**
 * An attribute of an entity, written {@code <id>@<path>}, for example {@code
 * gts.acme.shop.orders.order.v1~acme.shop.orders.first.v1@payload.items[0].name}. Immutable.
 */
public record GtsSelector(GtsId id, GtsPath path) {
    /**
     * Parses a selector.
     *
     * @throws GtsSyntaxException when the text is not one
     */
    public static GtsSelector parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new GtsSyntaxException(text, text.length(), "'@' and the path of an attribute");
        }
        return new GtsSelector(GtsId.parse(text.substring(0, at)), GtsPath.parse(text.substring(at + 1), at + 1, text));
    }

    @Override
    public String toString() {
        return id + "@" + path;
    }
}
