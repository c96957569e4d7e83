// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.security.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** For tests of what bundles bring. */
final class NoStorage implements Storage {
    @Override
    public List<Row> load() {
        return List.of();
    }

    @Override
    public void save(TenantId tenant, Map<String, Registered> entities, Collection<String> isNew, String actor) {
        throw new AssertionError("nothing is stored here");
    }
}
