// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.COUNTER;
import static io.hyperspot.usage.tracker.ledger.Tables.QUOTA;
import static io.hyperspot.usage.tracker.ledger.Tables.TOTAL;

import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.tracker.ledger.Tables.CounterRow;
import io.hyperspot.usage.tracker.ledger.Tables.QuotaRow;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How much of each quota is used and reserved, kept in the transaction of what uses it. */
final class Counters {
    /** A quota in one of its periods. Ordered, so that two writers do not wait for each other. */
    record Slot(String tenant, String quota, long start) implements Comparable<Slot> {
        private static final Comparator<Slot> ORDER =
                Comparator.comparing(Slot::tenant).thenComparing(Slot::quota).thenComparingLong(Slot::start);

        static Slot of(QuotaRow quota, Instant at) {
            return new Slot(quota.get(QUOTA.tenantId), quota.get(QUOTA.id), period(quota).start(at).toEpochMilli());
        }

        @Override
        public int compareTo(Slot other) {
            return ORDER.compare(this, other);
        }
    }

    /** What a slot holds. */
    record Level(long used, long reserved) {
        static final Level ZERO = new Level(0, 0);

        long sum() {
            return Math.addExact(used, reserved);
        }
    }

    private Counters() {}

    static Period period(QuotaRow quota) {
        return Period.valueOf(quota.get(QUOTA.period).toUpperCase(Locale.ROOT));
    }

    /** The quotas of the scope's tenants that limit some types. */
    static List<QuotaRow> quotas(Reading rows, Collection<String> types) {
        return rows.from(QUOTA).where(QUOTA.type.in(types)).orderBy(QUOTA.id.asc()).fetch();
    }

    static boolean limits(QuotaRow quota, String type, String subject) {
        String whom = quota.get(QUOTA.subject);
        return quota.get(QUOTA.type).equals(type) && (whom.isEmpty() || whom.equals(subject));
    }

    static void use(Writing rows, Collection<Entry> entries) {
        List<QuotaRow> quotas = quotas(rows, entries.stream().filter(Entry::isCounter).map(entry -> entry.record().type()).distinct().toList());
        Map<Slot, Level> changes = new TreeMap<>();
        for (QuotaRow quota : quotas) {
            for (Entry entry : entries) {
                if (limits(quota, entry.record().type(), entry.record().subject())) {
                    changes.merge(
                            Slot.of(quota, entry.record().at()),
                            new Level(entry.quantity(), 0),
                            (one, other) -> new Level(Math.addExact(one.used(), other.used()), 0));
                }
            }
        }
        add(rows, changes);
    }

    static void add(Writing rows, Map<Slot, Level> changes) {
        rows.addAll(
                new TreeMap<>(changes).entrySet().stream().map(each -> row(each.getKey(), each.getValue())).toList(),
                List.of(COUNTER.used, COUNTER.reserved));
    }

    private static CounterRow row(Slot slot, Level level) {
        CounterRow row = new CounterRow();
        row.set(COUNTER.tenantId, slot.tenant());
        row.set(COUNTER.quotaId, slot.quota());
        row.set(COUNTER.startAt, slot.start());
        row.set(COUNTER.used, level.used());
        row.set(COUNTER.reserved, level.reserved());
        return row;
    }

    /** What the scope's quotas have in some of their periods; a slot that is missing has nothing. */
    static Map<Slot, Level> levels(Reading rows, Collection<Slot> slots) {
        Map<Slot, Level> levels = new HashMap<>();
        if (slots.isEmpty()) {
            return levels;
        }
        rows.from(COUNTER)
                .where(COUNTER.tenantId.in(slots.stream().map(Slot::tenant).distinct().toList()))
                .where(COUNTER.quotaId.in(slots.stream().map(Slot::quota).distinct().toList()))
                .where(COUNTER.startAt.in(slots.stream().map(Slot::start).distinct().toList()))
                .fetch()
                .forEach(row -> levels.put(
                        new Slot(row.get(COUNTER.tenantId), row.get(COUNTER.quotaId), row.get(COUNTER.startAt)),
                        new Level(row.get(COUNTER.used), row.get(COUNTER.reserved))));
        return levels;
    }

    /** What was used in the period so far that a quota is made in. */
    static long usedSoFar(Reading rows, QuotaRow quota, Set<TenantId> tenants, Instant now) {
        Period period = period(quota);
        var totals = rows.from(TOTAL)
                .where(TOTAL.type.eq(quota.get(QUOTA.type)))
                .where(TOTAL.period.eq(Sums.kept(period).text()))
                .where(TOTAL.startAt.ge(period.start(now).toEpochMilli()))
                .where(TOTAL.startAt.lt(Sums.end(period, now)));
        if (!quota.get(QUOTA.subject).isEmpty()) {
            totals.where(TOTAL.subject.eq(quota.get(QUOTA.subject)));
        }
        if (tenants.size() <= 1000) {
            totals.where(TOTAL.tenantId.in(tenants.stream().map(TenantId::toString).toList()));
        }
        long used = 0;
        for (var row : totals.fetch(List.of(TOTAL.tenantId, TOTAL.quantity))) {
            if (tenants.contains(TenantId.of(row.get(TOTAL.tenantId)))) {
                used = Math.addExact(used, row.get(TOTAL.quantity));
            }
        }
        return used;
    }
}
