// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static io.hyperspot.persistence.store.Notes.A;
import static io.hyperspot.persistence.store.Notes.B;
import static io.hyperspot.persistence.store.Notes.FOREIGN;
import static io.hyperspot.persistence.store.Notes.NOTE;
import static io.hyperspot.persistence.store.Notes.SETTING;
import static io.hyperspot.persistence.store.Notes.TAG;
import static io.hyperspot.persistence.store.Notes.note;
import static io.hyperspot.persistence.store.Notes.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class TenantIsolationTest {
    private static final TenantScope OF_A = TenantScope.of(Set.of(A));
    private static final TenantScope OF_B = TenantScope.of(Set.of(B));
    private static final TenantScope OF_BOTH = TenantScope.of(Set.of(A, B));
    private static final TenantScope OF_NONE = TenantScope.of(Set.of());
    private static final TenantScope PLATFORM = TenantScope.platform("the test looks at everything");

    private final TestDatabase kind;

    @TempDir
    private Path home;

    private Store store;
    private Database database;

    TenantIsolationTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() throws Exception {
        store = new Store(PersistenceModule.engine(home, kind.fresh()), 4, Duration.ofSeconds(2), Duration.ofSeconds(10));
        database = new ModuleDatabase(store, Notes.MODULE, new Migrations(Notes.MODULE, Notes.migrations()));
        database.write(OF_BOTH, rows -> {
            rows.insert(note("a1", A, "first"));
            rows.insert(note("a2", A, "second"));
            rows.insert(note("b1", B, "first"));
            rows.insert(tag("a1", A, "red"));
            rows.insert(tag("a1", B, "blue"));
            return null;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> ids(TenantScope scope, Condition condition) {
        return database.read(scope, rows ->
                Notes.ids(rows.from(NOTE).where(condition).orderBy(NOTE.id).fetch()));
    }

    @Test
    void showsEachTenantItsOwnRowsOnly() {
        assertThat(ids(OF_A, DSL.noCondition())).containsExactly("a1", "a2");
        assertThat(ids(OF_B, DSL.noCondition())).containsExactly("b1");
        assertThat(ids(OF_BOTH, DSL.noCondition())).containsExactly("a1", "a2", "b1");
        assertThat(ids(PLATFORM, DSL.noCondition())).containsExactly("a1", "a2", "b1");
        assertThat(database.<Long>read(OF_B, rows -> rows.from(NOTE).count())).isEqualTo(1);
        assertThat(database.<Optional<Notes.NoteRecord>>read(
                        OF_B, rows -> rows.from(NOTE).where(NOTE.id.eq("a1")).fetchFirst()))
                .isEmpty();
    }

    @Test
    void readsAndWritesNothingInAnEmptyScope() {
        assertThat(ids(OF_NONE, DSL.noCondition())).isEmpty();
        assertThat(database.<Integer>write(OF_NONE, rows -> rows.delete(NOTE, DSL.noCondition()))).isZero();
        assertForeign(() -> database.write(OF_NONE, rows -> {
            rows.insert(note("x", A, "x"));
            return null;
        }));
        assertThat(ids(PLATFORM, DSL.noCondition())).hasSize(3);
    }

    @Test
    void isNotWidenedByAConditionWithOr() {
        assertThat(ids(OF_B, NOTE.id.eq("b1").or(DSL.trueCondition()))).containsExactly("b1");
        assertThat(ids(OF_B, NOTE.tenant.eq(A.toString()))).isEmpty();
        assertThat(database.<Integer>write(OF_B, rows -> rows.delete(NOTE, DSL.trueCondition()))).isEqualTo(1);
        assertThat(ids(PLATFORM, DSL.noCondition())).containsExactly("a1", "a2");
    }

    @Test
    void refusesToInsertForAForeignTenantOrNone() {
        assertForeign(() -> database.write(OF_A, rows -> {
            rows.insert(note("x", B, "x"));
            return null;
        }));
        assertForeign(() -> database.write(PLATFORM, rows -> {
            var row = note("x", A, "x");
            row.set(NOTE.tenant, null);
            rows.insert(row);
            return null;
        }));
        assertForeign(() -> database.write(OF_A, rows -> {
            var row = note("x", A, "x");
            row.set(NOTE.tenant, A.toString().toUpperCase(java.util.Locale.ROOT));
            rows.insert(row);
            return null;
        }));
        assertThat(ids(PLATFORM, NOTE.id.eq("x"))).isEmpty();
    }

    @Test
    void changesAndDeletesOwnRowsOnly() {
        Notes.NoteRecord changes = new Notes.NoteRecord();
        changes.set(NOTE.body, "changed");
        assertThat(database.<Integer>write(OF_A, rows -> rows.update(changes, NOTE.body.eq("first")))).isEqualTo(1);
        assertThat(ids(PLATFORM, NOTE.body.eq("changed"))).containsExactly("a1");
        assertThat(database.<Integer>write(OF_A, rows -> rows.delete(NOTE, NOTE.id.eq("b1")))).isZero();
        assertThat(ids(OF_B, DSL.noCondition())).containsExactly("b1");
    }

    @Test
    void doesNotMoveRowsToAForeignTenant() {
        Notes.NoteRecord move = new Notes.NoteRecord();
        move.set(NOTE.tenant, B.toString());
        assertForeign(() -> database.write(OF_A, rows -> rows.update(move, NOTE.id.eq("a1"))));
        assertThat(ids(OF_B, DSL.noCondition())).containsExactly("b1");
        assertThat(database.<Integer>write(OF_BOTH, rows -> rows.update(move, NOTE.id.eq("a2")))).isEqualTo(1);
        assertThat(ids(OF_B, DSL.noCondition())).containsExactly("a2", "b1");
    }

    @Test
    void scopesJoinedTablesToo() {
        assertThat(database.read(OF_A, rows -> rows.from(NOTE)
                        .leftJoin(TAG, TAG.note.eq(NOTE.id))
                        .orderBy(NOTE.id)
                        .fetch(List.of(NOTE.id, TAG.tag)))
                        .stream()
                        .map(row -> row.get(NOTE.id) + "=" + row.get(TAG.tag)))
                .containsExactly("a1=red", "a2=null");
        assertThat(database.<List<Notes.NoteRecord>>read(
                        OF_B, rows -> rows.from(NOTE).join(TAG, TAG.note.eq(NOTE.id)).fetch()))
                .isEmpty();
    }

    @Test
    void refusesSubQueriesAndPlainSql() {
        assertThatThrownBy(() -> ids(OF_B, NOTE.id.in(DSL.select(NOTE.id).from(NOTE))))
                .hasStackTraceContaining("sub-query");
        assertThatThrownBy(() -> ids(OF_B, DSL.exists(DSL.selectOne().from(NOTE))))
                .hasStackTraceContaining("sub-query");
        assertThatThrownBy(() -> ids(OF_B, DSL.condition("1 = 1) or (1 = 1")))
                .hasStackTraceContaining("plain SQL");
        assertThatThrownBy(() -> database.write(OF_B, rows ->
                        rows.delete(NOTE, NOTE.id.in(DSL.select(NOTE.id).from(NOTE)))))
                .hasStackTraceContaining("sub-query");
        assertThatThrownBy(() -> database.read(OF_B, rows -> rows.plain("select 1", row -> 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.read(OF_B, rows -> rows.from(DSL.table("notes_note")).fetch()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesOrdinaryConditions() {
        assertThat(ids(OF_A, NOTE.body.likeIgnoreCase("FIR%").and(DSL.length(NOTE.body).gt(2))))
                .containsExactly("a1");
        assertThat(ids(OF_A, NOTE.id.in("a1", "a2", "b1").and(NOTE.body.isNotNull()).andNot(NOTE.id.gt("a1"))))
                .containsExactly("a1");
        assertThat(database.<Integer>read(OF_A, rows -> rows.from(NOTE).limit(1).fetch().size())).isEqualTo(1);
    }

    @Test
    void keepsModulesAndThePlatformApart() {
        assertThatThrownBy(() -> database.read(OF_A, rows -> rows.from(FOREIGN).fetch()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not one of the module");
        assertThatThrownBy(() -> database.read(OF_A, rows -> rows.from(SETTING).fetch()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only the platform");
        assertThat(database.<Long>read(PLATFORM, rows -> rows.from(SETTING).count())).isZero();
        assertThat(database.<List<Integer>>read(
                        PLATFORM, rows -> rows.plain("select count(*) from notes_note", row -> row.getInt(1))))
                .containsExactly(3);
    }

    @Test
    void givesNothingThatWorksAfterTheTransaction() {
        Reading kept = database.<Reading>read(OF_A, rows -> rows);
        List<? extends Record> rows = database.read(OF_A, reading -> reading.from(NOTE).fetch());
        assertThatThrownBy(() -> kept.from(NOTE).fetch()).isInstanceOf(IllegalStateException.class);
        assertThat(rows.getFirst().configuration()).isNull();
    }

    private static void assertForeign(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION_DENIED);
        assertThat(e.code()).isEqualTo("FOREIGN_TENANT");
    }
}
