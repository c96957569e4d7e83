// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

/** JSON pointers (RFC 6901) as text. */
final class Pointers {
    private Pointers() {}

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static String child(String pointer, String name) {
        return pointer + '/' + escape(name);
    }

    static String child(String pointer, int index) {
        return pointer + '/' + index;
    }
}
