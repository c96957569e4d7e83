// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of the pool. */
@Timeout(60)
class PoolMetricsTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));

    @TempDir
    private Path home;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Store store;

    @BeforeEach
    void open() {
        store = new Store(new Sqlite(home.resolve("hyperspot.db")), 1, Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private double connections(String state) {
        return registry.get("db.client.connections").tag("state", state).gauge().value();
    }

    @Test
    void countsConnectionsAndHowLongTheyWereWaitedForAndUsed() {
        store.measure(registry);
        assertThat(connections("used")).as("not opened yet").isZero();
        assertThat(registry.get("db.client.connection.max").gauge().value()).isEqualTo(1);
        Database notes = new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
        double used = notes.<Double>write(OF_A, rows -> {
            rows.insert(note("1", A, "text"));
            return connections("used");
        });
        assertThat(used).isEqualTo(1);
        assertThat(connections("used")).isZero();
        assertThat(connections("idle")).isEqualTo(1);
        assertThat(registry.get("db.client.connection.wait_time").timer().count()).isPositive();
        assertThat(registry.get("db.client.connection.use_time").timer().count()).isPositive();
        assertThat(registry.get("db.client.connection.timeouts").counter().count()).isZero();
        double before = registry.get("db.client.statements").functionCounter().count();
        assertThat(before).isPositive();
        notes.<Long>read(OF_A, rows -> rows.from(Notes.NOTE).count());
        assertThat(registry.get("db.client.statements").functionCounter().count()).isEqualTo(before + 1);
    }

    @Test
    void countsWaitsThatEndedWithoutAConnection() throws Exception {
        store.measure(registry);
        try (Connection only = store.connection()) {
            assertThat(only.isClosed()).isFalse();
            assertThatThrownBy(store::connection).isInstanceOf(SQLException.class);
        }
        assertThat(registry.get("db.client.connection.timeouts").counter().count()).isEqualTo(1);
    }

    @Test
    void leavesNothingBehindAndGoesOnElsewhere() throws Exception {
        store.measure(registry);
        SimpleMeterRegistry next = new SimpleMeterRegistry();
        store.measure(next);
        assertThat(registry.getMeters()).isEmpty();
        store.endMeasuring(registry);
        store.connection().close();
        assertThat(next.get("db.client.connection.wait_time").timer().count()).isEqualTo(1);
        store.endMeasuring(next);
        assertThat(next.getMeters()).isEmpty();
        store.connection().close();
    }
}
