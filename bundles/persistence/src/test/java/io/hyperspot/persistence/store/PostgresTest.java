// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.B;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static io.hyperspot.persistence.store.Notes.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.databases.KillablePostgres;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only PostgreSQL has: rights on rows, and a server that can go and come back. */
@Timeout(120)
class PostgresTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));
    private static final TenantScope PLATFORM = TenantScope.platform("the test looks at everything");

    @TempDir
    private Path home;

    private final List<Store> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(Store::close);
    }

    private Store store(Engine engine) {
        Store store = new Store(engine, 4, Duration.ofSeconds(2), Duration.ofSeconds(10));
        stores.add(store);
        return store;
    }

    private static Database notes(Store store) {
        Database database = new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
        database.<Void>write(TenantScope.of(Set.of(A, B)), rows -> {
            rows.insert(note("a", A, "of a"));
            rows.insert(note("b", B, "of b"));
            return null;
        });
        return database;
    }

    @Test
    void showsNoRowsToAStatementThatForgetsTheTenant() throws Exception {
        Store store = store(PersistenceModule.engine(home, TestDatabase.POSTGRESQL.fresh()));
        notes(store);
        try (Connection connection = store.connection();
                Statement statement = connection.createStatement()) {
            assertThat(bodies(statement)).isEmpty();
            store.engine().begin(connection, OF_A, true, Duration.ofSeconds(5).toNanos());
            assertThat(bodies(statement)).containsExactly("of a");
            assertThat(statement.executeUpdate("update notes_note set body = 'changed'")).isEqualTo(1);
            assertThatThrownBy(() -> statement.executeUpdate(
                            "update notes_note set tenant_id = '" + B + "' where id = 'a'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("row-level security");
            statement.execute("rollback");
            assertThat(bodies(statement)).isEmpty();
        }
    }

    private static List<String> bodies(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select body from notes_note")) {
            List<String> bodies = new ArrayList<>();
            while (rows.next()) {
                bodies.add(rows.getString(1));
            }
            return bodies;
        }
    }

    @Test
    void givesTheUserNoRightToChangeTables() throws Exception {
        Store store = store(PersistenceModule.engine(home, TestDatabase.POSTGRESQL.fresh()));
        notes(store);
        for (String sql : List.of(
                "drop table notes_note",
                "alter table notes_note disable row level security",
                "drop policy hyperspot_tenant on notes_note",
                "delete from notes_schema_history",
                "truncate notes_note",
                "create table notes_more (id text)",
                "set role " + TestDatabase.OWNER)) {
            try (Connection connection = store.connection();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute(sql)).as(sql).isInstanceOf(SQLException.class);
            }
        }
        assertThat(store.health().state()).isEqualTo(State.UP);
    }

    @Test
    void healsWhenTheServerWasKilledUnderLoad() throws Exception {
        try (KillablePostgres server = KillablePostgres.start(home)) {
            Store store = store(new Postgres(new Server(
                    "127.0.0.1",
                    server.port(),
                    "postgres",
                    Map.of(),
                    new Server.Login("postgres", "postgres"),
                    null,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(15))));
            Database database = notes(store);
            List<String> acknowledged = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                acknowledged.add(write(database, "before-" + i));
            }
            server.kill();
            DatabaseException e = catchThrowableOfType(DatabaseException.class, () -> write(database, "while it is away"));
            assertThat(e.code()).isEqualTo("DATABASE_UNAVAILABLE");
            assertThat(store.health().state()).isEqualTo(State.DOWN);
            server.startAgain();
            await().atMost(Duration.ofSeconds(30)).until(() -> store.health().state() == State.UP);
            acknowledged.add(write(database, "after"));
            List<String> kept = database.read(PLATFORM, rows -> Notes.ids(rows.from(NOTE).fetch()));
            assertThat(kept).containsAll(acknowledged);
            store.close();
        }
    }

    private static String write(Database database, String id) {
        return database.write(OF_A, rows -> {
            rows.insert(note(id, A, id));
            return id;
        });
    }

    @Test
    void doesNotSendAPasswordInTheClearToAnotherMachine() {
        Dsn.Access access = new Dsn.Access("u", "secret-word", "", "", Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(access.toString()).doesNotContain("secret-word");
        assertThat(Dsn.engine("postgresql://db.example:6432/app", home, access).place())
                .isEqualTo("postgresql://db.example:6432/app");
        assertThatThrownBy(() -> Dsn.engine("postgresql://u:secret-word@db.example/app", home, access))
                .hasMessageContaining("modules.persistence.password")
                .hasMessageNotContaining("secret-word");
        assertThatThrownBy(() -> Dsn.engine("postgresql://db.example/app?allowMultiQueries=true", home, access))
                .hasMessageContaining("allowMultiQueries", "sslmode");
    }
}
