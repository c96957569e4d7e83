// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.CORRECTED;
import static io.hyperspot.usage.tracker.ledger.Tables.RECORD;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.tracker.ledger.Tables.CorrectedRow;
import io.hyperspot.usage.tracker.ledger.Tables.RecordRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes records, each once, with all that counts them. */
final class Ledger {
    private final Database database;
    private final Lineage lineage;
    private final TenantLocks locks;

    Ledger(Database database, Lineage lineage, TenantLocks locks) {
        this.database = database;
        this.lineage = lineage;
        this.locks = locks;
    }

    /** Writes well-formed records of one tenant, with different ids; an outcome for each id. */
    Map<String, Outcome> write(TenantId tenant, Collection<Entry> entries, Instant now) {
        TenantScope scope = TenantScope.of(Set.copyOf(lineage.upwards(tenant)));
        return locks.inOrder(tenant, () -> database.write(scope, rows -> write(rows, tenant, entries, now)));
    }

    /** The same within a transaction whose scope has all tenants above. */
    static Map<String, Outcome> write(Writing rows, TenantId tenant, Collection<Entry> entries, Instant now) {
        Map<String, RecordRow> there = rows(rows, tenant, entries.stream().map(Entry::id).toList());
        Map<String, Outcome> outcomes = new HashMap<>();
        Map<String, Entry> fresh = new TreeMap<>();
        for (Entry entry : entries) {
            RecordRow known = there.get(entry.id());
            if (known == null) {
                fresh.put(entry.id(), entry);
            } else {
                outcomes.put(entry.id(), entry.isSame(known) ? new Outcome.Duplicate(entry.id()) : reused(entry.id()));
            }
        }
        correct(rows, tenant, fresh, outcomes);
        rows.insertAll(fresh.values().stream().map(entry -> entry.row(now)).toList());
        Sums.add(rows, tenant, fresh.values());
        Counters.use(rows, fresh.values());
        fresh.keySet().forEach(id -> outcomes.put(id, new Outcome.Accepted(id)));
        return outcomes;
    }

    static Outcome.Rejected reused(String id) {
        return new Outcome.Rejected(id, "ID_REUSED", "another record has this id, with other contents");
    }

    private static Map<String, RecordRow> rows(Writing rows, TenantId tenant, Collection<String> ids) {
        Map<String, RecordRow> found = new HashMap<>();
        if (!ids.isEmpty()) {
            rows.from(RECORD)
                    .where(RECORD.tenantId.eq(tenant.toString()))
                    .where(RECORD.id.in(ids))
                    .fetch()
                    .forEach(row -> found.put(row.get(RECORD.id), row));
        }
        return found;
    }

    /** Takes out of {@code fresh} what corrects nothing, or too much. */
    private static void correct(Writing rows, TenantId tenant, Map<String, Entry> fresh, Map<String, Outcome> outcomes) {
        List<Entry> corrections = fresh.values().stream().filter(entry -> entry.record().isCorrection()).toList();
        if (corrections.isEmpty()) {
            return;
        }
        Set<String> ids = new TreeSet<>(corrections.stream().map(entry -> entry.record().corrects()).toList());
        Map<String, RecordRow> originals = rows(rows, tenant, ids);
        Map<String, Long> left = new HashMap<>();
        originals.forEach((id, row) -> left.put(id, row.get(RECORD.quantity)));
        rows.from(CORRECTED)
                .where(CORRECTED.tenantId.eq(tenant.toString()))
                .where(CORRECTED.id.in(ids))
                .fetch()
                .forEach(row -> left.merge(row.get(CORRECTED.id), row.get(CORRECTED.quantity), Math::addExact));
        Map<String, CorrectedRow> changes = new LinkedHashMap<>();
        for (Entry correction : corrections) {
            String original = correction.record().corrects();
            Outcome.Rejected wrong = wrong(correction, originals.get(original), left.getOrDefault(original, 0L));
            if (wrong != null) {
                fresh.remove(correction.id());
                outcomes.put(correction.id(), wrong);
                continue;
            }
            left.merge(original, correction.quantity(), Math::addExact);
            changes.merge(original, row(tenant, original, correction.quantity()), Ledger::sum);
        }
        rows.addAll(changes.values(), List.of(CORRECTED.quantity));
    }

    private static Outcome.@Nullable Rejected wrong(Entry correction, @Nullable RecordRow original, long left) {
        if (original == null) {
            return new Outcome.Rejected(correction.id(), "RECORD_NOT_FOUND", "there is no record with the id that 'corrects' names");
        }
        if (!original.get(RECORD.corrects).isEmpty()) {
            return new Outcome.Rejected(correction.id(), "INVALID_CORRECTION", "a correction is not corrected; correct the original again");
        }
        boolean same = original.get(RECORD.type).equals(correction.record().type())
                && original.get(RECORD.subject).equals(correction.record().subject())
                && original.get(RECORD.resource).equals(correction.record().resource())
                && original.get(RECORD.usedAt) == correction.record().at().toEpochMilli();
        if (!same) {
            return new Outcome.Rejected(
                    correction.id(), "INVALID_CORRECTION", "a correction has the type, subject, resource and time of the original");
        }
        return Math.addExact(left, correction.quantity()) < 0
                ? new Outcome.Rejected(correction.id(), "INVALID_CORRECTION", "more would be taken away than was recorded")
                : null;
    }

    private static CorrectedRow row(TenantId tenant, String id, long quantity) {
        CorrectedRow row = new CorrectedRow();
        row.set(CORRECTED.tenantId, tenant.toString());
        row.set(CORRECTED.id, id);
        row.set(CORRECTED.quantity, quantity);
        return row;
    }

    private static CorrectedRow sum(CorrectedRow one, CorrectedRow other) {
        one.set(CORRECTED.quantity, Math.addExact(one.get(CORRECTED.quantity), other.get(CORRECTED.quantity)));
        return one;
    }
}
