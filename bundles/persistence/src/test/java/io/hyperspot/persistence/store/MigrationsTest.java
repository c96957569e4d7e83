// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static io.hyperspot.persistence.store.Notes.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
    private static final Migration V2 = new Migration("V2__colour.sql", "alter table notes_note add column colour text;\n");
    private static final TenantScope PLATFORM = TenantScope.platform("the test looks at everything");

    @TempDir
    private Path home;

    private Store store = newStore();

    private Store newStore() {
        return new Store(new Sqlite(Path.of("unused")), 2, Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    private Database open(String module, Migration... migrations) {
        store.close();
        store = new Store(new Sqlite(home.resolve("hyperspot.db")), 2, Duration.ofSeconds(1), Duration.ofSeconds(10));
        return new ModuleDatabase(store, module, new Migrations(module, List.of(migrations)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static List<String> columns(Database database) {
        return database.read(PLATFORM, rows ->
                rows.plain("select name from pragma_table_info('notes_note')", row -> row.getString(1)));
    }

    private static List<String> applied(Database database, String module) {
        return database.read(PLATFORM, rows -> rows.plain(
                "select version from " + module + "_schema_history where type = 'SQL'", row -> row.getString(1)));
    }

    @Test
    void appliesWhatIsMissingAndKeepsTheRows() {
        Database first = open("notes", V1);
        first.<Void>write(TenantScope.of(Set.of(A)), rows -> {
            rows.insert(Notes.note("1", A, "1"));
            return null;
        });
        Database second = open("notes", V1, V2);
        assertThat(columns(second)).contains("colour");
        assertThat(applied(second, "notes")).containsExactly("1", "2");
        assertThat(second.<Long>read(PLATFORM, rows -> rows.from(NOTE).count())).isEqualTo(1);
    }

    @Test
    void knowsWithoutFlywayThatNothingIsMissing() throws Exception {
        columns(open("notes", V1, V2));
        try (Connection connection = store.direct().getConnection()) {
            assertThat(new Migrations("notes", List.of(V1, V2)).isApplied(store.engine(), connection)).isTrue();
            assertThat(new Migrations("notes", List.of(V1)).isApplied(store.engine(), connection)).isFalse();
            assertThat(new Migrations("notes", List.of(V1, new Migration("V2__colour.sql", V2.sql() + "-- changed")))
                            .isApplied(store.engine(), connection))
                    .isFalse();
        }
    }

    @Test
    void givesEachModuleItsOwnHistory() throws Exception {
        columns(open("notes", V1));
        Migration other = new Migration("V1__other.sql", "create table other_thing (id text, tenant_id text);");
        assertThat(applied(open("other", other), "other")).containsExactly("1");
        try (Connection connection = store.direct().getConnection()) {
            assertThat(new Migrations("other", List.of(other)).isApplied(store.engine(), connection)).isTrue();
            assertThat(new Migrations("notes", List.of(V1)).isApplied(store.engine(), connection)).isTrue();
        }
    }

    @Test
    void refusesAMigrationThatChangedAfterItWasApplied() {
        columns(open("notes", V1));
        Database changed = open("notes", new Migration(V1.file(), V1.sql() + "create table notes_more (id text);"));
        assertThatThrownBy(() -> columns(changed)).isInstanceOf(DatabaseException.class);
        assertThat(store.health().reason()).contains("checksum");
        assertThat(columns(open("notes", V1))).isNotEmpty();
    }

    @Test
    void refusesADatabaseOfANewerVersion() {
        columns(open("notes", V1, V2));
        Database older = open("notes", V1);
        assertThatThrownBy(() -> columns(older)).isInstanceOf(DatabaseException.class);
        assertThat(store.health().reason()).contains("2");
    }

    @Test
    void leavesNothingOfAMigrationThatFails() {
        columns(open("notes", V1));
        Migration broken = new Migration("V2__broken.sql", "create table notes_half (id text);\nthis is no sql;\n");
        Database failing = open("notes", V1, broken);
        assertThatThrownBy(() -> columns(failing)).isInstanceOf(DatabaseException.class);
        Database mended = open("notes", V1, V2);
        assertThat(columns(mended)).contains("colour");
        assertThat(mended.<List<Integer>>read(PLATFORM, rows ->
                        rows.plain("select name from sqlite_master where name = 'notes_half'", row -> 1)))
                .isEmpty();
    }

    @Test
    void refusesFilesThatAreNoVersion() {
        assertThatThrownBy(() -> new Migrations("notes", List.of(new Migration("notes.sql", ""))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("V<version>");
    }
}
