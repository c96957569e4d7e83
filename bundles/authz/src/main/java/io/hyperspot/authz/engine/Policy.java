// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.security.Permission;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A rule beside the roles.
 *
 * @param target what it is about. A permit: every permission that this one implies. The others: every
 *     operation whose permission has anything in common with it, also a wider one
 * @param principal a subject or {@code group:<name>}; empty: everybody
 * @param condition a CEL expression; empty: always
 * @param addresses for {@link Effect#RESTRICT}: from where alone requests may come
 */
public record Policy(
        String id,
        String name,
        String description,
        Effect effect,
        Permission target,
        String principal,
        String condition,
        List<String> addresses,
        Instant createdAt,
        long version) {
    /** What it does when its condition holds. */
    public enum Effect {
        PERMIT,
        /** Wins over everything that permits. */
        FORBID,
        /** Forbids what does not come from its addresses. */
        RESTRICT;

        /** As on the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Policy {
        addresses = List.copyOf(addresses);
    }
}
