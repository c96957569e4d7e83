// SPDX-License-Identifier: Apache-2.0
package acme.swap;

/** Loaded when a call that began long ago first needs it. */
final class Late {
    private Late() {}

    static String text() {
        return "late class ";
    }
}
