// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.util.Locale;

/** Who may use a secret. */
public enum Sharing {
    /** The subject that made it. */
    PRIVATE,
    /** Everybody of the tenant. */
    TENANT,
    /** Everybody of the tenant and of those below it, unless they have one of the same reference. */
    SHARED;

    /** As on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
