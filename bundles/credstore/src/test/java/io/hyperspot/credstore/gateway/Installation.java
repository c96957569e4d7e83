// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import static org.awaitility.Awaitility.await;

import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.NewSecret;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The module over a real database, with a root tenant and two chains below it: A over C, and B. */
public final class Installation implements AutoCloseable {
    private static final List<String> FILES = List.of("V1__secrets.sql", "V2__rotation_left.sql");
    public static final SecurityContext ROOT = caller(TenantId.ROOT.toString(), "user:root");
    public static final SecurityContext A = caller("0192f000-0000-7000-8000-00000000000a", "user:a");
    static final SecurityContext A2 = caller("0192f000-0000-7000-8000-00000000000a", "user:a2");
    public static final SecurityContext B = caller("0192f000-0000-7000-8000-00000000000b", "user:b");
    static final SecurityContext C = caller("0192f000-0000-7000-8000-00000000000c", "user:c");

    final PersistenceModule persistence;
    final Database database;
    final FakeWorkers workers = new FakeWorkers();
    public final CredstoreModule module;

    public Installation(Path home, Map<String, String> place, Clock clock) throws IOException {
        this(home, place, clock, KeySource.file(home.resolve("data/secrets/credstore-keys"), new SecureRandom()));
    }

    Installation(Path home, Map<String, String> place, Clock clock, KeySource keys) throws IOException {
        persistence = new PersistenceModule(home, place);
        List<Migration> migrations = new ArrayList<>();
        for (String file : FILES) {
            migrations.add(new Migration(file, Files.readString(Path.of("src/main/resources/db/migration/credstore", file))));
        }
        database = persistence.open("credstore", migrations);
        module = new CredstoreModule(persistence, migrations, Installation::above, keys, workers, () -> 30_000, clock);
    }

    private static SecurityContext caller(String tenant, String subject) {
        return new SecurityContext(subject, TenantId.of(tenant), List.of(Permission.ALL));
    }

    private static List<TenantId> above(TenantId tenant) {
        if (tenant.equals(C.tenant())) {
            return List.of(A.tenant(), TenantId.ROOT);
        }
        return tenant.equals(TenantId.ROOT) ? List.of() : List.of(TenantId.ROOT);
    }

    public Installation ready() {
        await().until(() -> module.health().state() == State.UP);
        return this;
    }

    public Credentials credentials() {
        return module.credentials();
    }

    static NewSecret secret(String reference, String value, Sharing sharing) {
        return new NewSecret(reference, Secret.of(value), sharing, null, null, null);
    }

    String text(SecurityContext ctx, String reference) {
        try (Secret secret = credentials().resolve(ctx, reference)) {
            return secret.text();
        }
    }

    /** What somebody with the database could do. */
    void tamper(VersionTable.Row changes, String secretId) {
        database.write(
                TenantScope.platform("an attacker's"),
                rows -> rows.update(changes, VersionTable.VERSION.secretId.eq(secretId)));
    }

    VersionTable.Row stored(String secretId) {
        return database.read(
                TenantScope.platform("an attacker's"),
                rows -> rows.from(VersionTable.VERSION)
                        .where(VersionTable.VERSION.secretId.eq(secretId))
                        .fetchFirst()
                        .orElseThrow());
    }

    @Override
    public void close() {
        module.close();
        persistence.close();
    }
}
