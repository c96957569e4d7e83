// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.security.TenantId;

/** Who brought a document. */
public sealed interface Owner {
    /**
     * A bundle: its documents are the platform's, seen by everyone, there as long as the bundle is.
     *
     * @param id in the framework
     * @param name symbolic name and version
     */
    record OfBundle(long id, String name) implements Owner {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A tenant: its documents are seen by it and the tenants below it down to barriers, and stored. */
    record OfTenant(TenantId tenant) implements Owner {
        @Override
        public String toString() {
            return "tenant " + tenant;
        }
    }
}
