// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.TOTAL;

import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.tracker.ledger.Tables.TotalRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sums of each hour and day, kept in the transaction of the records. Longer spans are sums of days. */
final class Sums {
    private static final List<Period> KEPT = List.of(Period.HOUR, Period.DAY);

    private record What(String type, String subject, String resource) {}

    // the order in which rows are written, the same for all, so that two writers do not wait for each other
    private record Key(String period, long start, String series) implements Comparable<Key> {
        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::period).thenComparingLong(Key::start).thenComparing(Key::series);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private Sums() {}

    static void add(Writing rows, TenantId tenant, Collection<Entry> entries) {
        Map<What, String> series = new HashMap<>();
        Map<Key, TotalRow> counters = new TreeMap<>();
        Map<Key, TotalRow> gauges = new TreeMap<>();
        for (Entry entry : entries) {
            What what = new What(entry.record().type(), entry.record().subject(), entry.record().resource());
            String name = series.computeIfAbsent(what, each -> Series.of(each.type(), each.subject(), each.resource()));
            for (Period period : KEPT) {
                Key key = new Key(period.text(), period.start(entry.record().at()).toEpochMilli(), name);
                Map<Key, TotalRow> totals = entry.isCounter() ? counters : gauges;
                TotalRow total = totals.computeIfAbsent(key, each -> empty(tenant, each, what));
                count(total, entry);
            }
        }
        rows.addAll(counters.values(), List.of(TOTAL.quantity, TOTAL.records));
        merge(rows, tenant, gauges);
    }

    private static TotalRow empty(TenantId tenant, Key key, What what) {
        TotalRow row = new TotalRow();
        row.set(TOTAL.tenantId, tenant.toString());
        row.set(TOTAL.period, key.period());
        row.set(TOTAL.startAt, key.start());
        row.set(TOTAL.series, key.series());
        row.set(TOTAL.type, what.type());
        row.set(TOTAL.subject, what.subject());
        row.set(TOTAL.resource, what.resource());
        row.set(TOTAL.quantity, 0L);
        row.set(TOTAL.records, 0L);
        return row;
    }

    private static void count(TotalRow total, Entry entry) {
        total.set(TOTAL.quantity, Math.addExact(total.get(TOTAL.quantity), entry.quantity()));
        if (!entry.record().isCorrection()) {
            total.set(TOTAL.records, total.get(TOTAL.records) + 1);
        }
        if (!entry.isCounter()) {
            latest(total, entry.quantity(), entry.record().at().toEpochMilli());
        }
    }

    private static void latest(TotalRow total, long quantity, long at) {
        Long before = total.get(TOTAL.lastAt);
        if (before == null || at >= before) {
            total.set(TOTAL.lastQuantity, quantity);
            total.set(TOTAL.lastAt, at);
        }
    }

    private static void merge(Writing rows, TenantId tenant, Map<Key, TotalRow> gauges) {
        if (gauges.isEmpty()) {
            return;
        }
        Map<Key, TotalRow> there = new HashMap<>();
        rows.from(TOTAL)
                .where(TOTAL.tenantId.eq(tenant.toString()))
                .where(TOTAL.startAt.in(gauges.keySet().stream().map(Key::start).distinct().toList()))
                .where(TOTAL.series.in(gauges.keySet().stream().map(Key::series).distinct().toList()))
                .fetch()
                .forEach(row -> there.put(new Key(row.get(TOTAL.period), row.get(TOTAL.startAt), row.get(TOTAL.series)), row));
        List<TotalRow> fresh = new ArrayList<>();
        gauges.forEach((key, total) -> {
            TotalRow old = there.get(key);
            if (old == null) {
                fresh.add(total);
                return;
            }
            TotalRow changed = new TotalRow();
            changed.set(TOTAL.quantity, Math.addExact(old.get(TOTAL.quantity), total.get(TOTAL.quantity)));
            changed.set(TOTAL.records, old.get(TOTAL.records) + total.get(TOTAL.records));
            Long at = old.get(TOTAL.lastAt);
            if (at == null || total.get(TOTAL.lastAt) >= at) {
                changed.set(TOTAL.lastQuantity, total.get(TOTAL.lastQuantity));
                changed.set(TOTAL.lastAt, total.get(TOTAL.lastAt));
            }
            rows.update(
                    changed,
                    TOTAL.tenantId.eq(tenant.toString())
                            .and(TOTAL.period.eq(key.period()))
                            .and(TOTAL.startAt.eq(key.start()))
                            .and(TOTAL.series.eq(key.series())));
        });
        rows.insertAll(fresh);
    }

    /** The period whose rows a longer or equal one is summed from. */
    static Period kept(Period period) {
        return period == Period.HOUR ? Period.HOUR : Period.DAY;
    }

    /** The end of a period, far ahead when it never ends. */
    static long end(Period period, Instant moment) {
        Instant next = period.next(moment);
        return next == null ? Long.MAX_VALUE : next.toEpochMilli();
    }
}
