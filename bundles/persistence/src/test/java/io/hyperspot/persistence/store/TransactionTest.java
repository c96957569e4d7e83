// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static io.hyperspot.persistence.store.Notes.note;
import static io.hyperspot.persistence.store.Notes.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
class TransactionTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));
    private static final TenantScope PLATFORM = TenantScope.platform("the test looks at everything");

    @TempDir
    private Path home;

    private final List<Store> stores = new ArrayList<>();

    @AfterEach
    void close() {
        stores.forEach(Store::close);
    }

    private Path file() {
        return home.resolve("data/hyperspot.db");
    }

    private Store store(Duration transactionTimeout) {
        Store store = new Store(new Sqlite(file()), 3, Duration.ofSeconds(1), transactionTimeout);
        stores.add(store);
        return store;
    }

    /** For what is not to fail, however slow the machine is. */
    private Database patient() {
        return notes(store(Duration.ofSeconds(30)));
    }

    private static Database notes(Store store) {
        return new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
    }

    private static void insert(Database database, String id) {
        database.<Void>write(OF_A, rows -> {
            rows.insert(note(id, A, id));
            return null;
        });
    }

    private static long count(Database database) {
        return database.<Long>read(OF_A, rows -> rows.from(NOTE).count());
    }

    private Connection otherProcess() throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file());
        return source.getConnection();
    }

    private static void assertFailure(ErrorCategory category, String code, ThrowingCallable call) {
        DatabaseException e = catchThrowableOfType(DatabaseException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.detail()).doesNotContain("notes_", "sqlite", "hyperspot.db");
    }

    @Test
    void writesNothingWhenTheWorkFails() {
        Database database = notes(store(Duration.ofSeconds(10)));
        assertThatThrownBy(() -> database.write(OF_A, rows -> {
                    rows.insert(note("1", A, "1"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(count(database)).isZero();
        insert(database, "2");
        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void namesViolatedConstraintsWithoutTheirValues() {
        Database database = notes(store(Duration.ofSeconds(10)));
        insert(database, "1");
        assertFailure(ErrorCategory.ALREADY_EXISTS, "ALREADY_EXISTS", () -> insert(database, "1"));
        assertFailure(ErrorCategory.FAILED_PRECONDITION, "CONSTRAINT_VIOLATED", () -> database.write(OF_A, rows -> {
            rows.insert(tag("no such note", A, "red"));
            return null;
        }));
        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void acceptsEveryWriteOfManyWritersWhileOthersRead() throws Exception {
        Database database = notes(store(Duration.ofSeconds(60)));
        List<Future<?>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 12; writer++) {
                String prefix = writer + "-";
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        insert(database, prefix + i);
                    }
                }));
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 10; i++) {
                        count(database);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(count(database)).isEqualTo(120);
    }

    @Test
    void readsWhileAWriteIsAtWork() throws Exception {
        Database database = notes(store(Duration.ofSeconds(30)));
        insert(database, "1");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> write = threads.submit(() -> database.<Void>write(OF_A, rows -> {
                rows.insert(note("2", A, "2"));
                inside.countDown();
                awaitQuietly(leave);
                return null;
            }));
            inside.await();
            try {
                assertThat(count(database)).isEqualTo(1);
            } finally {
                leave.countDown();
            }
            write.get();
        }
        assertThat(count(database)).isEqualTo(2);
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
        Database database = notes(store(Duration.ofSeconds(10)));
        assertThatThrownBy(() -> database.write(OF_A, rows -> {
                    insert(database, "1");
                    return null;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one transaction");
        insert(database, "2");
    }

    @Test
    void waitsForTheLockOfAnotherProcess() throws Exception {
        Database database = notes(store(Duration.ofSeconds(30)));
        insert(database, "1");
        try (Connection other = otherProcess();
                Statement statement = other.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            statement.execute("begin immediate");
            Future<?> write = threads.submit(() -> insert(database, "2"));
            assertThat(count(database)).isEqualTo(1);
            assertThat(write.isDone()).isFalse();
            statement.execute("commit");
            write.get();
        }
        assertThat(count(database)).isEqualTo(2);
    }

    @Test
    void saysBusyWhenAnotherProcessKeepsTheLock() throws Exception {
        Database patient = patient();
        insert(patient, "1");
        Store store = store(Duration.ofMillis(600));
        Database database = notes(store);
        try (Connection other = otherProcess();
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            assertFailure(ErrorCategory.UNAVAILABLE, "DATABASE_BUSY", () -> insert(database, "2"));
            assertThat(count(patient)).isEqualTo(1);
            statement.execute("rollback");
        }
        insert(patient, "2");
        assertThat(store.health().state()).isEqualTo(State.UP);
    }

    @Test
    void endsAQueryThatTakesTooLong() {
        Database patient = patient();
        insert(patient, "1");
        Database database = notes(store(Duration.ofMillis(800)));
        assertFailure(ErrorCategory.DEADLINE_EXCEEDED, "DATABASE_TIMEOUT", () -> database.read(PLATFORM, rows -> rows.plain(
                "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c",
                row -> row.getLong(1))));
        assertThat(count(patient)).isEqualTo(1);
    }

    @Test
    void endsAWriteWhoseWorkTakesTooLong() {
        Database patient = patient();
        insert(patient, "1");
        Database database = notes(store(Duration.ofMillis(600)));
        assertFailure(ErrorCategory.DEADLINE_EXCEEDED, "DATABASE_TIMEOUT", () -> database.write(OF_A, rows -> {
            rows.insert(note("2", A, "2"));
            long start = System.nanoTime();
            await().until(() -> System.nanoTime() - start > Duration.ofMillis(900).toNanos());
            return null;
        }));
        assertThat(count(patient)).isEqualTo(1);
    }

    @Test
    void isDownDuringAnOutageAndRecovers() throws Exception {
        Path blocked = home.resolve("data");
        Files.writeString(blocked, "a file where a folder should be");
        Store store = store(Duration.ofSeconds(10));
        Database database = notes(store);
        assertFailure(ErrorCategory.UNAVAILABLE, "DATABASE_UNAVAILABLE", () -> count(database));
        assertThat(store.health().state()).isEqualTo(State.DOWN);
        assertThat(store.health().reason()).contains("hyperspot.db", "cannot be used");
        Files.delete(blocked);
        assertThat(count(database)).isZero();
        assertThat(store.health().state()).isEqualTo(State.UP);
    }

    @Test
    void saysUnavailableForAFileThatIsNoDatabase() throws Exception {
        Files.createDirectories(home.resolve("data"));
        Files.writeString(file(), "this is no database, and long enough to be looked at as one".repeat(20));
        Store store = store(Duration.ofSeconds(3));
        assertFailure(ErrorCategory.UNAVAILABLE, "DATABASE_UNAVAILABLE", () -> count(notes(store)));
        assertThat(store.health().state()).isEqualTo(State.DOWN);
    }

    @Test
    void keepsTheFilesPrivate() throws Exception {
        Database database = notes(store(Duration.ofSeconds(10)));
        insert(database, "1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(home.resolve("data"))) {
            assertThat(files).hasSize(3).allSatisfy(each -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void keepsRowsOverARestart() {
        Store first = store(Duration.ofSeconds(10));
        insert(notes(first), "1");
        first.close();
        assertFailure(ErrorCategory.UNAVAILABLE, "DATABASE_UNAVAILABLE", () -> count(notes(first)));
        assertThat(count(notes(store(Duration.ofSeconds(10))))).isEqualTo(1);
    }

    @Test
    void leavesNoThreadBehind() {
        Store store = store(Duration.ofSeconds(10));
        insert(notes(store), "1");
        store.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("persistence")));
    }
}
