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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The module over a real database. */
public final class Installation {
    private static final Path FOLDER = Path.of("src/main/resources/db/migration/security");

    public final PersistenceModule persistence;
    public final KeyModule module;

    public Installation(Path home, Clock clock) throws IOException {
        this(home, clock, Map.of("dsn", "sqlite"));
    }

    public Installation(Path home, Clock clock, Map<String, String> database) throws IOException {
        persistence = new PersistenceModule(home, database);
        module = new KeyModule(home, persistence, migrations(), clock, Duration.ofMillis(100));
    }

    public static List<Migration> migrations() throws IOException {
        List<Migration> migrations = new ArrayList<>();
        for (String file : List.of("V1__api_keys.sql", "V2__sessions.sql", "V3__key_changes.sql")) {
            migrations.add(new Migration(file, Files.readString(FOLDER.resolve(file))));
        }
        return migrations;
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
