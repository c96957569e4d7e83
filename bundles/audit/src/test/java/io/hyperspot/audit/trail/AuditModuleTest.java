// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.END;
import static io.hyperspot.audit.trail.Tables.RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.chain.Finding;
import io.hyperspot.audit.chain.TrailFile;
import io.hyperspot.audit.chain.TrailKey;
import io.hyperspot.audit.trail.Tables.RecordRow;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditModuleTest {
    private static final TenantId A = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    private static final TenantId B = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    private static final SecurityContext ADA = new SecurityContext("user:ada", A, List.of(Permission.ALL));
    private static final SecurityContext BOB = new SecurityContext("user:bob", B, List.of(Permission.ALL));
    private static final TenantScope ALL = TenantScope.platform("the test tampers with the trail");

    @TempDir
    private Path home;

    private @Nullable PersistenceModule persistence;
    private @Nullable AuditModule audit;

    private AuditModule open(Map<String, String> place) {
        PersistenceModule databases = new PersistenceModule(home, place);
        AuditModule opened = new AuditModule(home, databases, migrations(), Clock.systemUTC(), 0, 60);
        persistence = databases;
        audit = opened;
        await().until(() -> isOpen(opened));
        return opened;
    }

    private static boolean isOpen(AuditModule module) {
        try {
            module.trail();
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    @AfterEach
    void close() {
        if (audit != null) {
            audit.close();
        }
        if (persistence != null) {
            persistence.close();
        }
    }

    private static List<Migration> migrations() {
        try (InputStream sql = AuditModule.class.getResourceAsStream("/db/migration/audit/V1__trail.sql")) {
            return List.of(new Migration("V1__trail.sql", new String(sql.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Database tables() {
        return java.util.Objects.requireNonNull(persistence).open("audit", migrations());
    }

    private static List<Entry> all(AuditModule audit, SecurityContext ctx) {
        return audit.trail().after(ctx, TrailFilter.ALL, 0, 1000);
    }

    /** Records acts and waits until they are in the trail. */
    private static void record(AuditModule audit, SecurityContext ctx, int acts) {
        int before = all(audit, ctx).size();
        for (int i = 1; i <= acts; i++) {
            audit.record(AuditEvent.done(ctx, "note.create", "note-" + (before + i)).with("title", "Nr. " + (before + i)));
        }
        await().until(() -> all(audit, ctx).size() == before + acts);
    }

    private static List<String> kinds(AuditModule audit, SecurityContext ctx) {
        return audit.trail().verify(ctx).findings().stream()
                .map(finding -> finding.kind() + " " + finding.seq())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void keepsATrailForEachTenantAndKeepsItAcrossARestart(TestDatabase kind) throws Exception {
        Map<String, String> place = kind.fresh();
        AuditModule first = open(place);
        record(first, ADA, 3);
        record(first, BOB, 1);

        List<Entry> ofAda = all(first, ADA);
        assertThat(ofAda).extracting(entry -> entry.link().seq()).containsExactly(1L, 2L, 3L);
        assertThat(ofAda).extracting(Entry::actor).containsOnly("user:ada");
        assertThat(ofAda.get(1).details()).isEqualTo(Map.of("title", "Nr. 2"));
        assertThat(all(first, BOB)).hasSize(1);
        assertThat(first.trail().find(BOB, ofAda.getFirst().link().id())).isNull();
        close();

        AuditModule second = open(place);
        record(second, ADA, 1);
        assertThat(all(second, ADA)).hasSize(4);
        assertThat(kinds(second, ADA)).isEmpty();
        assertThat(kinds(second, BOB)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void namesWhatWasEditedDeletedOrCutOffInTheDatabase(TestDatabase kind) throws Exception {
        AuditModule opened = open(kind.fresh());
        record(opened, ADA, 6);
        assertThat(kinds(opened, ADA)).isEmpty();
        Database tables = tables();

        RecordRow edited = new RecordRow();
        edited.set(RECORD.target, "note-9");
        tables.<Integer>write(ALL, rows -> rows.update(edited, RECORD.seq.eq(2L)));
        assertThat(kinds(opened, ADA)).containsExactly("EDITED 2");

        tables.<Integer>write(ALL, rows -> rows.delete(RECORD, RECORD.seq.eq(4L)));
        assertThat(kinds(opened, ADA)).containsExactly("EDITED 2", "DELETED 4");

        tables.<Integer>write(ALL, rows -> rows.delete(RECORD, RECORD.seq.eq(6L)));
        assertThat(kinds(opened, ADA)).containsExactly("EDITED 2", "DELETED 4", "CUT_OFF 6");
    }

    @Test
    void namesACutThatHidItsTraceInTheDatabase() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        record(opened, ADA, 3);
        Entry second = all(opened, ADA).get(1);
        // the end is set back to what the server itself once signed as a record
        tables().<Boolean>write(ALL, rows -> {
            rows.delete(RECORD, RECORD.seq.gt(2L));
            rows.delete(END, END.seq.ge(0L));
            return true;
        });

        assertThat(opened.trail().verify(ADA).findings())
                .extracting(Finding::detail)
                .containsExactly("records 3 to 3 were cut off at the end");
        assertThat(second.link().seq()).isEqualTo(2);
    }

    @Test
    void namesARecordThatReplacesAnotherWithHashesComputedAnew() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        record(opened, ADA, 3);
        Entry old = all(opened, ADA).get(1);
        io.hyperspot.audit.chain.Link forged = new io.hyperspot.audit.chain.Link(
                old.link().tenant(), 2, old.link().id(), old.link().at(), "note.delete", "DONE", "note-2",
                old.link().actorRef(), old.link().actorKey(), old.link().actor(), old.link().detailsKey(),
                old.link().details(), old.link().previous());
        RecordRow row = new RecordRow();
        row.set(RECORD.action, "note.delete");
        row.set(RECORD.hash, forged.hash());
        RecordRow next = new RecordRow();
        next.set(RECORD.previousHash, forged.hash());
        tables().<Integer>write(ALL, rows -> rows.update(row, RECORD.seq.eq(2L)) + rows.update(next, RECORD.seq.eq(3L)));

        assertThat(kinds(opened, ADA)).containsExactly("EDITED 2", "EDITED 3");
    }

    @Test
    void checksAnExportWithoutTheServer() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        record(opened, ADA, 4);
        List<String> lines = export(opened);
        TrailKey key = TrailKey.parse(opened.trail().signingKey());

        assertThat(check(lines, key).findings()).isEmpty();
        assertThat(check(lines, key).records()).isEqualTo(4);
        assertThat(found(replaced(lines, 2, "note-2", "note-7"), key)).containsExactly("EDITED 2");
        assertThat(found(replaced(lines, 3, "user:ada", "user:eve"), key)).containsExactly("EDITED 3");
        assertThat(found(replaced(lines, 3, "Nr. 3", "Nr. 8"), key)).containsExactly("EDITED 3");
        assertThat(found(without(lines, 2), key)).containsExactly("DELETED 2");
        assertThat(found(without(without(lines, 5), 4), key)).containsExactly("CUT_OFF 4");
        List<String> doubled = new ArrayList<>(lines);
        doubled.add(3, lines.get(1));
        assertThat(found(doubled, key)).containsExactly("INSERTED 1");
        TrailKey other = SigningKey.open(home.resolve("other"), false).open();
        assertThat(found(lines, other)).contains("EDITED 1", "UNSIGNED 4");
        assertThatThrownBy(() -> check(List.of("{}"), key)).isInstanceOf(IOException.class).hasMessageContaining("no export");
        assertThatThrownBy(() -> check(List.of(lines.getFirst(), lines.get(1).substring(0, 40)), key))
                .hasMessageContaining("line 2 is not JSON");
    }

    private static List<String> export(AuditModule audit) {
        List<String> lines = new ArrayList<>();
        lines.add(TrailFile.first(A.toString(), TrailKey.parse(audit.trail().signingKey()), audit.trail().start(ADA)));
        all(audit, ADA)
                .forEach(entry -> lines.add(TrailFile.record(
                        entry.link(), entry.hash(), entry.signature(), entry.actor(), entry.actorKey(), entry.details(),
                        entry.detailsKey())));
        lines.add(TrailFile.last(java.util.Objects.requireNonNull(audit.trail().head(ADA))));
        return lines;
    }

    private static TrailFile.Result check(List<String> lines, TrailKey key) throws IOException {
        return TrailFile.check(new BufferedReader(new StringReader(String.join("\n", lines))), key);
    }

    private static List<String> found(List<String> lines, TrailKey key) throws IOException {
        return check(lines, key).findings().stream().map(finding -> finding.kind() + " " + finding.seq()).toList();
    }

    private static List<String> replaced(List<String> lines, int index, String from, String to) {
        List<String> changed = new ArrayList<>(lines);
        assertThat(changed.get(index)).contains(from);
        changed.set(index, changed.get(index).replace(from, to));
        return changed;
    }

    private static List<String> without(List<String> lines, int index) {
        List<String> changed = new ArrayList<>(lines);
        changed.remove(index);
        return changed;
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void erasesAPersonAndKeepsTheChainWhole(TestDatabase kind) throws Exception {
        AuditModule opened = open(kind.fresh());
        record(opened, ADA, 2);
        SecurityContext eve = new SecurityContext("user:eve", A, List.of(Permission.ALL));
        opened.record(AuditEvent.done(eve, "user.update", "user:ada").with("name", "Ada Lovelace"));
        await().until(() -> all(opened, ADA).size() == 3);

        Trail.Hold hold = opened.trail().hold(ADA, "case 7");
        assertThatThrownBy(() -> opened.trail().erase(ADA, "user:ada")).hasMessageContaining("held");
        assertThat(opened.trail().release(BOB, hold.id())).isFalse();
        assertThat(opened.trail().release(ADA, hold.id())).isTrue();
        assertThat(opened.trail().erase(BOB, "user:ada")).isZero();
        assertThat(opened.trail().erase(ADA, "user:ada")).isEqualTo(1);

        List<Entry> left = all(opened, ADA);
        assertThat(left.subList(0, 3)).extracting(Entry::actor).containsExactly(null, null, "user:eve");
        assertThat(left.subList(0, 3)).extracting(Entry::details).containsOnlyNulls();
        assertThat(kinds(opened, ADA)).isEmpty();
        // who acts again is recorded again, under a new key
        opened.record(AuditEvent.done(ADA, "note.create", "note-3"));
        await().until(() -> all(opened, ADA).stream().anyMatch(entry -> entry.link().target().equals("note-3")));
        assertThat(all(opened, ADA).getLast().actor()).isEqualTo("user:ada");
    }

    @Test
    void removesOldRecordsInOrderUnlessTheTrailIsHeld() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        record(opened, ADA, 3);
        Trail.Hold hold = opened.trail().hold(ADA, "case 8");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
        SigningKey key = SigningKey.open(home.resolve("data/secrets/audit-signing-key"), true);
        Retention retention = new Retention(tables(), key, later);

        assertThat(retention.remove(Duration.ofDays(1))).isZero();
        opened.trail().release(ADA, hold.id());
        await().until(() -> all(opened, ADA).size() == 5);
        assertThat(retention.remove(Duration.ofDays(3))).isZero();
        assertThat(retention.remove(Duration.ofDays(1))).isEqualTo(5);

        record(opened, ADA, 2);
        assertThat(all(opened, ADA)).extracting(entry -> entry.link().seq()).containsExactly(6L, 7L);
        assertThat(kinds(opened, ADA)).isEmpty();
        assertThat(found(export(opened), TrailKey.parse(opened.trail().signingKey()))).isEmpty();
    }

    @Test
    void findsRecordsByWhatIsAskedFor() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        record(opened, ADA, 2);
        opened.record(new AuditEvent(A, "user:eve", "access.refuse", "listNotes", AuditEvent.Outcome.DENIED, Map.of()));
        await().until(() -> all(opened, ADA).size() == 3);
        Trail trail = opened.trail();
        Instant now = Instant.now();

        assertThat(seqs(trail, new TrailFilter("user:eve", null, null, null, null, null))).containsExactly(3L);
        assertThat(seqs(trail, new TrailFilter(null, "note.*", null, null, null, null))).containsExactly(2L, 1L);
        assertThat(seqs(trail, new TrailFilter(null, "note.%", null, null, null, null))).isEmpty();
        assertThat(seqs(trail, new TrailFilter(null, "note", null, null, null, null))).isEmpty();
        assertThat(seqs(trail, new TrailFilter(null, null, "note-1", null, null, null))).containsExactly(1L);
        assertThat(seqs(trail, new TrailFilter(null, null, null, "DENIED", null, null))).containsExactly(3L);
        assertThat(seqs(trail, new TrailFilter(null, null, null, null, now.plusSeconds(60), null))).isEmpty();
        assertThat(seqs(trail, new TrailFilter(null, null, null, null, null, now.minusSeconds(60)))).isEmpty();
        assertThat(seqs(trail, new TrailFilter("' or 1=1 --", null, null, null, null, null))).isEmpty();
    }

    private static List<Long> seqs(Trail trail, TrailFilter filter) {
        return trail.before(ADA, filter, null, 10).stream().map(entry -> entry.link().seq()).toList();
    }

    @Test
    void recordsHowManyNoticesWereTooMany() throws Exception {
        AuditModule opened = open(TestDatabase.SQLITE.fresh());
        SecurityContext root = new SecurityContext("user:root", TenantId.ROOT, List.of(Permission.ALL));
        for (int i = 0; i < 20_000; i++) {
            opened.notice(new AuditEvent(A, "user:eve", "access.refuse", "op", AuditEvent.Outcome.DENIED, Map.of()));
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() -> all(opened, root).stream().anyMatch(entry -> entry.link().action().equals("audit.overflow")));
        long missing = all(opened, root).stream()
                .mapToLong(entry -> Long.parseLong(java.util.Objects.requireNonNull(entry.details()).get("not_recorded")))
                .sum();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> java.util.Objects.requireNonNull(opened.trail().head(ADA)).point().seq() + missing == 20_000);
    }

    @Test
    void refusesToGoOnWithoutItsKeysWhenThereAreRecords() throws Exception {
        Map<String, String> place = TestDatabase.SQLITE.fresh();
        record(open(place), ADA, 1);
        close();
        Files.delete(home.resolve("data/secrets/audit-signing-key"));

        PersistenceModule databases = new PersistenceModule(home, place);
        AuditModule second = new AuditModule(home, databases, migrations(), Clock.systemUTC(), 0, 60);
        persistence = databases;
        audit = second;
        await().untilAsserted(() -> assertThat(second.health().toString()).contains("audit-signing-key is missing"));
        assertThatThrownBy(second::trail).isInstanceOf(ProblemException.class).hasMessageContaining("restore it");
        assertThat(Set.of(home.resolve("data/secrets/audit-signing-key"))).noneMatch(Files::exists);
    }
}
