// SPDX-License-Identifier: Apache-2.0
package acme.swap;

/** Left out of the JAR of a version that is packaged badly. */
final class Missing {
    private Missing() {}

    static String text() {
        return "not missing ";
    }
}
