// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.security.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where the documents of tenants are kept. */
interface Storage {
    /** A stored document. */
    record Row(TenantId tenant, String content, Status status, long changedAt) {}

    /** Everything. */
    List<Row> load();

    /**
     * Keeps what changed; durable when it returns. All or nothing.
     *
     * @param entities by key
     */
    void save(TenantId tenant, Map<String, Registered> entities, Collection<String> isNew, String actor);
}
