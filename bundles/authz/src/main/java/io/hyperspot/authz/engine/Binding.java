// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.gts.GtsPattern;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Gives a role to a subject or a group.
 *
 * @param principal a subject such as {@code user:ada}, or {@code group:<name>}
 * @param role its id
 * @param resource null: in the whole tenant
 * @param expiresAt null: never
 */
public record Binding(
        String id,
        String principal,
        String role,
        @Nullable Target resource,
        Instant createdAt,
        @Nullable Instant expiresAt,
        long version) {
    /** How the principals of groups begin. */
    public static final String GROUP = "group:";

    /** One resource. */
    public record Target(GtsPattern type, String id) {}

    boolean isValidAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
