// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who can log in here, without what only a login needs.
 *
 * @param name with which they log in
 * @param displayName as others read it
 * @param state what keeps them out, if anything
 * @param passwordAt when they chose the password; null: they have none
 * @param totp whether a code is asked for
 * @param version grows with every change
 */
public record User(
        String id,
        TenantId tenant,
        String name,
        String displayName,
        List<String> groups,
        State state,
        @Nullable Instant passwordAt,
        boolean totp,
        Instant createdAt,
        long version) {
    /** Whether somebody can log in. */
    public enum State {
        ACTIVE,
        /** Has not chosen a password yet. */
        INVITED,
        DISABLED
    }

    /** By which bindings and audits name them. */
    public String subject() {
        return SUBJECT + id;
    }

    static final String SUBJECT = "user:";
}
