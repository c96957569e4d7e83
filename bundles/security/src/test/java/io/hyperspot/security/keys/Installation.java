// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.authz.Authorization;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.tenants.Tenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The module over a real database. */
public final class Installation {
    private static final String V1 = "V1__api_keys.sql";

    final PersistenceModule persistence;
    public final SecurityModule module;

    public Installation(Path home, boolean desktop, Clock clock) throws IOException {
        this(home, desktop, clock, Map.of("dsn", "sqlite"));
    }

    Installation(Path home, boolean desktop, Clock clock, Map<String, String> database) throws IOException {
        persistence = new PersistenceModule(home, database);
        String sql = Files.readString(Path.of("src/main/resources/db/migration/security", V1));
        module = new SecurityModule(home, desktop, persistence, List.of(new Migration(V1, sql)), clock);
    }

    public void tenants(Tenants tenants) {
        module.bindTenants(tenants);
    }

    void authorization(Authorization authorization) {
        module.bindAuthorization(authorization);
    }

    public void close() throws InterruptedException {
        module.close();
        persistence.close();
    }
}
