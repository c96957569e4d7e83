// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.util.UUID;

/** A tenant's identity. */
public record TenantId(UUID value) {
    /** The tenant of a single-user installation; also the root of every tenant tree. */
    public static final TenantId ROOT = new TenantId(UUID.fromString("00000000-0000-7000-8000-000000000001"));

    /**
     * @throws IllegalArgumentException when the text is not a UUID
     */
    public static TenantId of(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
