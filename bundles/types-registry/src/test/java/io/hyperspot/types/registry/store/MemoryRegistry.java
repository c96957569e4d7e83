// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** An empty registry that forgets everything, for tests of its surfaces. */
public final class MemoryRegistry implements Registry {
    private final Store store;

    public MemoryRegistry(GtsProfile profile) {
        store = new Store(new GtsEngine(profile), new Forgetful(), Clock.systemUTC(), 1_000);
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public List<Problem> problems() {
        return List.of();
    }

    private static final class Forgetful implements Storage {
        @Override
        public List<Row> load() {
            return List.of();
        }

        @Override
        public void save(TenantId tenant, Map<String, Registered> entities, Collection<String> isNew, String actor) {}
    }
}
