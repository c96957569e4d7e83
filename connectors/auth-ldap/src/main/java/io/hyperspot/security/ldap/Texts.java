// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.Entry;
import java.util.Optional;
import java.util.stream.Stream;

/** Values of entries, which anybody may have written. */
final class Texts {
    private static final int LONGEST = 200;

    private Texts() {}

    /** Whether people can read it, and lists show it as it is. */
    static boolean isName(String text) {
        return !text.isBlank() && text.length() <= LONGEST && text.codePoints().allMatch(Texts::isShown);
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** The only value as it is, for two that differ in spaces only are two; empty when there is none, or another. */
    static Optional<String> only(Entry entry, String attribute) {
        String[] values = attribute.isEmpty() ? null : entry.getAttributeValues(attribute);
        return values != null && values.length == 1 ? Optional.of(values[0]) : Optional.empty();
    }

    /** The first value that is a name. */
    static Optional<String> name(Entry entry, String attribute) {
        String[] values = attribute.isEmpty() ? null : entry.getAttributeValues(attribute);
        return values == null ? Optional.empty() : Stream.of(values).map(String::strip).filter(Texts::isName).findFirst();
    }
}
