// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.B;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static io.hyperspot.persistence.store.Notes.note;
import static io.hyperspot.persistence.store.Notes.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What modules rely on, whichever database holds their rows. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@Timeout(120)
class ServerTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));
    private static final TenantScope PLATFORM = TenantScope.platform("the test looks at everything");

    private final TestDatabase kind;

    @TempDir
    private Path home;

    private Engine engine;
    private Store store;
    private Database database;

    ServerTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        engine = PersistenceModule.engine(home, kind.fresh());
        store = store(Duration.ofSeconds(60));
        database = notes();
    }

    private Store store(Duration transaction) {
        return new Store(engine, 8, Duration.ofSeconds(20), transaction);
    }

    private Database notes() {
        return new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void insert(String id) {
        database.<Void>write(OF_A, rows -> {
            rows.insert(note(id, A, id));
            return null;
        });
    }

    private long count() {
        return database.<Long>read(OF_A, rows -> rows.from(NOTE).count());
    }

    private static void assertFailure(ErrorCategory category, String code, ThrowingCallable call) {
        DatabaseException e = catchThrowableOfType(DatabaseException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.detail()).doesNotContain("notes_", "127.0.0.1", "hyperspot");
    }

    @Test
    void writesNothingWhenTheWorkFails() {
        assertThatThrownBy(() -> database.write(OF_A, rows -> {
                    rows.insert(note("1", A, "1"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(count()).isZero();
        insert("2");
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void namesViolatedConstraintsWithoutTheirValues() {
        insert("1");
        assertFailure(ErrorCategory.ALREADY_EXISTS, "ALREADY_EXISTS", () -> insert("1"));
        assertFailure(ErrorCategory.FAILED_PRECONDITION, "CONSTRAINT_VIOLATED", () -> database.write(OF_A, rows -> {
            rows.insert(tag("no such note", A, "red"));
            return null;
        }));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void comparesKeysLetterByLetter() {
        insert("a");
        insert("A");
        insert("a ");
        assertThat(database.<Long>read(OF_A, rows -> rows.from(NOTE).where(NOTE.id.eq("A")).count())).isEqualTo(1);
        assertThat(database.<List<String>>read(
                        OF_A, rows -> Notes.ids(rows.from(NOTE).orderBy(NOTE.id).fetch())))
                .containsExactly("A", "a", "a ");
    }

    @Test
    void keepsTextAsItIs() {
        String text = "{\"a\": \"\ud83d\ude00 \u4e2d \\ ' \\n\"}\r\n" + "x".repeat(200_000);
        database.<Void>write(OF_A, rows -> {
            rows.insert(note("1", A, text));
            return null;
        });
        assertThat(database.<String>read(OF_A, rows -> rows.from(NOTE).fetchFirst().orElseThrow().get(NOTE.body)))
                .isEqualTo(text);
    }

    @Test
    void letsNoTwoWritesDecideOnTheSameState() throws Exception {
        int most = 5;
        List<Future<Boolean>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String id = Integer.toString(i);
                Callable<Boolean> reserve = () -> database.<Boolean>write(OF_A, rows -> {
                    if (rows.from(NOTE).count() >= most) {
                        return false;
                    }
                    rows.insert(note(id, A, id));
                    return true;
                });
                all.add(threads.submit(reserve));
            }
            int done = 0;
            for (Future<Boolean> one : all) {
                done += one.get() ? 1 : 0;
            }
            assertThat(done).isEqualTo(most);
        }
        assertThat(count()).isEqualTo(most);
    }

    @Test
    void readsOneStateWhileAWriteIsCommitted() throws Exception {
        insert("1");
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Long> reader = threads.submit(() -> database.<Long>read(OF_A, rows -> {
                long before = rows.from(NOTE).count();
                read.countDown();
                awaitQuietly(written);
                return before * 10 + rows.from(NOTE).count();
            }));
            awaitQuietly(read);
            insert("2");
            written.countDown();
            assertThat(reader.get()).isEqualTo(11);
        }
        assertThat(count()).isEqualTo(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesAWriteInsideAWrite() {
        assertThatThrownBy(() -> database.write(OF_A, rows -> {
                    insert("1");
                    return null;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one transaction");
        insert("2");
    }

    @Test
    void endsAQueryThatTakesTooLong() {
        count();
        store.close();
        store = store(Duration.ofMillis(900));
        database = notes();
        String slow =
                switch (kind) {
                    case SQLITE -> "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c";
                    case POSTGRESQL -> "select 1 from pg_sleep(30)";
                    case MARIADB -> "select sleep(30)";
                };
        assertFailure(
                ErrorCategory.DEADLINE_EXCEEDED,
                "DATABASE_TIMEOUT",
                () -> database.read(PLATFORM, rows -> rows.plain(slow, row -> row.getLong(1))));
        assertThat(count()).isZero();
    }

    @Test
    void endsAWriteWhoseWorkTakesTooLong() {
        count();
        store.close();
        store = store(Duration.ofMillis(700));
        database = notes();
        assertFailure(ErrorCategory.DEADLINE_EXCEEDED, "DATABASE_TIMEOUT", () -> database.write(OF_A, rows -> {
            rows.insert(note("2", A, "2"));
            long start = System.nanoTime();
            await().until(() -> System.nanoTime() - start > Duration.ofSeconds(1).toNanos());
            return null;
        }));
        assertThat(count()).isZero();
    }

    @Test
    void bringsTablesUpToDateWhichHoldRows() throws Exception {
        insert("1");
        Migration further = new Migration(
                "V2__colour.sql",
                "alter table notes_note add column colour ${name};\nupdate notes_note set colour = 'red';\n");
        Migrations migrations = new Migrations(Notes.MODULE, List.of(Notes.V1, further));
        Database second = new ModuleDatabase(store, Notes.MODULE, migrations);
        assertThat(second.<List<String>>read(
                        PLATFORM, rows -> rows.plain("select colour from notes_note", row -> row.getString(1))))
                .containsExactly("red");
        try (Connection connection = store.direct().getConnection()) {
            assertThat(migrations.isApplied(engine, connection)).isTrue();
        }
        Database older = notes();
        assertFailure(
                ErrorCategory.UNAVAILABLE,
                "DATABASE_UNAVAILABLE",
                () -> older.<Long>read(PLATFORM, rows -> rows.from(NOTE).count()));
    }

    @Test
    void keepsTenantsApartWhenAConditionComparesWithAnotherTenantsRows() {
        insert("1");
        assertThat(database.<Long>read(
                        TenantScope.of(Set.of(B)), rows -> rows.from(NOTE).where(NOTE.tenant.eq(A.toString())).count()))
                .isZero();
    }
}
