// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tenant.
 *
 * @param parent null: it is the root
 * @param type what kind of customer it is, in the installation's own words; empty: not said
 * @param selfManaged whether those above have no access to it and to what is below it: a barrier
 * @param createdAt in whole milliseconds
 * @param version grows with every change of it
 */
public record Tenant(
        TenantId id,
        @Nullable TenantId parent,
        String name,
        String type,
        Status status,
        boolean selfManaged,
        Instant createdAt,
        long version) {
    /** Whether a tenant works. What is not active stops all that is below it too. */
    public enum Status {
        ACTIVE,
        /** Nobody of it is let in; its data stays. */
        SUSPENDED,
        /** As suspended, and on the way out: it can be restored until it is removed for good. */
        DELETED;

        /** As on the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isActive() {
        return status == Status.ACTIVE;
    }

    /** The same tenant one change later. */
    public Tenant withName(String next) {
        return new Tenant(id, parent, next, type, status, selfManaged, createdAt, version + 1);
    }

    /** The same tenant one change later. */
    public Tenant withStatus(Status next) {
        return new Tenant(id, parent, name, type, next, selfManaged, createdAt, version + 1);
    }
}
