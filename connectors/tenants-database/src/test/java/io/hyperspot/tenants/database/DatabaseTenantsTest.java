// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a real database. */
@Timeout(60)
class DatabaseTenantsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.123Z");
    private static final Tenant ACME = tenant(10, TenantId.ROOT, "Müller \ud83d\ude80");

    private static final AuditEvent EVENT =
            new AuditEvent(TenantId.ROOT, "user:root", "tenant.change", "", AuditEvent.Outcome.DONE, Map.of());

    @TempDir
    Path home;

    private PersistenceModule persistence;
    private Database database;
    private DatabaseTenants tenants;

    private static Tenant tenant(long number, @Nullable TenantId parent, String name) {
        return new Tenant(new TenantId(new UUID(0x7000, number)), parent, name, "reseller", Status.ACTIVE, true, NOW, 1);
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home);
        String file = "V1__tenants.sql";
        String sql = Files.readString(Path.of("src/main/resources/db/migration/tenants_database", file));
        database = persistence.open("tenants_database", List.of(new Migration(file, sql)));
        tenants = new DatabaseTenants(database, Duration.ZERO, Clock.systemUTC());
        tenants.load();
    }

    @AfterEach
    void stop() throws Exception {
        tenants.close();
        persistence.close();
    }

    private static void changed(ThrowingCallable call) {
        assertThat(catchThrowableOfType(ProblemException.class, call).category()).isEqualTo(ErrorCategory.ABORTED);
    }

    @Test
    void alwaysHasTheRoot() {
        assertThat(TenantTree.of(tenants.load()).root().id()).isEqualTo(TenantId.ROOT);
        assertThat(tenants.load()).hasSize(1);
    }

    @Test
    void keepsTenantsOverARestart() {
        tenants.create(ACME, EVENT);
        tenants.replace(ACME, ACME.withStatus(Status.SUSPENDED), EVENT);

        List<Tenant> read = new DatabaseTenants(database, Duration.ZERO, Clock.systemUTC()).load();

        assertThat(read).hasSize(2).contains(ACME.withStatus(Status.SUSPENDED));
    }

    @Test
    void changesNothingThatAnotherServerHasChanged() {
        tenants.create(ACME, EVENT);
        Tenant renamed = ACME.withName("Acme");
        tenants.replace(ACME, renamed, EVENT);
        changed(() -> tenants.replace(ACME, ACME.withName("late"), EVENT));
        changed(() -> tenants.remove(ACME, EVENT));
        assertThat(tenants.load()).contains(renamed);
        assertThat(catchThrowableOfType(ProblemException.class, () -> tenants.create(ACME, EVENT)).category())
                .isEqualTo(ErrorCategory.ALREADY_EXISTS);
    }

    @Test
    void putsNothingBelowWhatIsGoneAndRemovesNothingWithTenantsBelow() {
        tenants.create(ACME, EVENT);
        Tenant child = tenant(11, ACME.id(), "child");
        tenants.create(child, EVENT);
        changed(() -> tenants.remove(ACME, EVENT));
        tenants.remove(child, EVENT);
        tenants.remove(ACME, EVENT);
        changed(() -> tenants.create(child, EVENT));
        assertThat(tenants.load()).hasSize(1);
    }

    @Test
    void tellsOfWhatAnotherServerChanges() throws Exception {
        DatabaseTenants other = new DatabaseTenants(database, Duration.ofMillis(20), Clock.systemUTC());
        AtomicInteger told = new AtomicInteger();
        AutoCloseable following = other.follow(told::incrementAndGet);
        // what was there when it first looked is no change: so it is changed until it tells
        for (int i = 20; told.get() == 0 && i < 200; i++) {
            tenants.create(tenant(i, TenantId.ROOT, "t"), EVENT);
            await().during(Duration.ofMillis(50)).until(() -> true);
        }
        assertThat(told).hasPositiveValue();
        following.close();
        other.close();
    }
}
