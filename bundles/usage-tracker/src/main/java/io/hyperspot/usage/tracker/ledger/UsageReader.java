// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.RECORD;
import static io.hyperspot.usage.tracker.ledger.Tables.TOTAL;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.usage.Aggregate;
import io.hyperspot.usage.AggregateQuery;
import io.hyperspot.usage.AggregateQuery.Group;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.RecordQuery;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageType;
import io.hyperspot.usage.tracker.ledger.Tables.RecordRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Answers questions about what is recorded. */
final class UsageReader {
    /** So many sums of hours or days are looked at; a question that needs more is to be narrowed. */
    private static final int MOST_TOTALS = 200_000;

    private final Database database;
    private final Lineage lineage;
    private final TypeCatalogue types;

    UsageReader(Database database, Lineage lineage, TypeCatalogue types) {
        this.database = database;
        this.lineage = lineage;
        this.types = types;
    }

    Optional<UsageRecord> find(TenantId tenant, String id) {
        return database.read(TenantScope.of(Set.of(tenant)), rows -> rows.from(RECORD).where(RECORD.id.eq(id)).fetchFirst())
                .map(row -> record(tenant, row));
    }

    private UsageRecord record(TenantId tenant, RecordRow row) {
        return Entry.record(row, scale(tenant, row.get(RECORD.type)));
    }

    /** Of a type that is gone the digits are not known any more: its quantities are shown as they are kept. */
    private int scale(TenantId tenant, String type) {
        return types.find(tenant, type).map(UsageType::scale).orElse(0);
    }

    List<UsageRecord> list(RecordQuery query) {
        List<RecordRow> found = database.read(TenantScope.of(Set.of(query.tenant())), rows -> {
            var records = rows.from(RECORD);
            if (query.type() != null) {
                records.where(RECORD.type.eq(query.type()));
            }
            if (query.subject() != null) {
                records.where(RECORD.subject.eq(query.subject()));
            }
            if (query.resource() != null) {
                records.where(RECORD.resource.eq(query.resource()));
            }
            if (query.from() != null) {
                records.where(RECORD.usedAt.ge(query.from().toEpochMilli()));
            }
            if (query.to() != null) {
                records.where(RECORD.usedAt.lt(query.to().toEpochMilli()));
            }
            if (query.after() != null) {
                records.where(behind(query.after(), query.backward()));
            }
            return (query.backward()
                            ? records.orderBy(RECORD.usedAt.asc(), RECORD.id.asc())
                            : records.orderBy(RECORD.usedAt.desc(), RECORD.id.desc()))
                    .limit(query.limit())
                    .fetch();
        });
        return found.stream().map(row -> record(query.tenant(), row)).toList();
    }

    private static Condition behind(RecordQuery.Position after, boolean backward) {
        long at = after.at().toEpochMilli();
        return backward
                ? RECORD.usedAt.gt(at).or(RECORD.usedAt.eq(at).and(RECORD.id.gt(after.id())))
                : RECORD.usedAt.lt(at).or(RECORD.usedAt.eq(at).and(RECORD.id.lt(after.id())));
    }

    private record Key(String type, long start, @Nullable TenantId tenant, @Nullable String subject, @Nullable String resource) {}

    /** A sum in the making. */
    private static final class Sum {
        private long quantity;
        private long records;
        private @Nullable Long last;
        private long lastAt;

        private void add(Record row) {
            quantity = Math.addExact(quantity, row.get(TOTAL.quantity));
            records += row.get(TOTAL.records);
            Long at = row.get(TOTAL.lastAt);
            if (at != null && (last == null || at >= lastAt)) {
                last = row.get(TOTAL.lastQuantity);
                lastAt = at;
            }
        }
    }

    List<Aggregate> aggregate(AggregateQuery query) {
        Set<TenantId> tenants = query.below() ? lineage.downwards(query.tenant(), BarrierMode.RESPECT) : Set.of(query.tenant());
        Period kept = Sums.kept(query.period());
        List<Record> totals = database.read(TenantScope.of(tenants), rows -> {
            var sums = rows.from(TOTAL)
                    .where(TOTAL.period.eq(kept.text()))
                    .where(TOTAL.startAt.ge(kept.start(query.from()).toEpochMilli()))
                    .where(TOTAL.startAt.lt(query.to().toEpochMilli()));
            if (query.type() != null) {
                sums.where(TOTAL.type.eq(query.type()));
            }
            if (query.subject() != null) {
                sums.where(TOTAL.subject.eq(query.subject()));
            }
            if (query.resource() != null) {
                sums.where(TOTAL.resource.eq(query.resource()));
            }
            return sums.limit(MOST_TOTALS + 1)
                    .fetch(List.of(
                            TOTAL.tenantId, TOTAL.startAt, TOTAL.type, TOTAL.subject, TOTAL.resource, TOTAL.quantity, TOTAL.records,
                            TOTAL.lastQuantity, TOTAL.lastAt));
        });
        if (totals.size() > MOST_TOTALS) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "TOO_MUCH_USAGE",
                    "this sums too much at once; ask for a shorter time, or for one type, subject or resource");
        }
        Map<Key, Sum> sums = new HashMap<>();
        totals.forEach(row -> sums.computeIfAbsent(key(query, row), key -> new Sum()).add(row));
        return sums.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ORDER))
                .map(each -> aggregate(query.tenant(), each.getKey(), each.getValue()))
                .toList();
    }

    private static final Comparator<Key> ORDER = Comparator.comparing(Key::type)
            .thenComparingLong(Key::start)
            .thenComparing(key -> String.valueOf(key.tenant()))
            .thenComparing(key -> key.subject() == null ? "" : key.subject())
            .thenComparing(key -> key.resource() == null ? "" : key.resource());

    private static Key key(AggregateQuery query, Record row) {
        long start = query.period() == Period.TOTAL
                ? query.from().toEpochMilli()
                : query.period().start(Instant.ofEpochMilli(row.get(TOTAL.startAt))).toEpochMilli();
        return new Key(
                row.get(TOTAL.type),
                start,
                query.groups().contains(Group.TENANT) ? TenantId.of(row.get(TOTAL.tenantId)) : null,
                query.groups().contains(Group.SUBJECT) ? row.get(TOTAL.subject) : null,
                query.groups().contains(Group.RESOURCE) ? row.get(TOTAL.resource) : null);
    }

    private Aggregate aggregate(TenantId tenant, Key key, Sum sum) {
        int scale = scale(tenant, key.type());
        return new Aggregate(
                key.type(),
                Instant.ofEpochMilli(key.start()),
                key.tenant(),
                key.subject(),
                key.resource(),
                Amounts.decimal(sum.quantity, scale),
                sum.records,
                sum.last == null ? null : Amounts.decimal(sum.last, scale),
                sum.last == null ? null : Instant.ofEpochMilli(sum.lastAt));
    }
}
