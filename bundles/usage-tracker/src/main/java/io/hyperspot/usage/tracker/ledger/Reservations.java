// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.QUOTA;
import static io.hyperspot.usage.tracker.ledger.Tables.RESERVATION;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.Admission;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.Quota;
import io.hyperspot.usage.ReservationRequest;
import io.hyperspot.usage.UsageType;
import io.hyperspot.usage.tracker.ledger.Counters.Level;
import io.hyperspot.usage.tracker.ledger.Counters.Slot;
import io.hyperspot.usage.tracker.ledger.Tables.QuotaRow;
import io.hyperspot.usage.tracker.ledger.Tables.ReservationRow;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds, settles and gives back. */
final class Reservations {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MOST_TYPES = 20;
    private static final int AT_ONCE = 500;
    private static final String OPEN = "open";
    private static final String SETTLED = "settled";
    private static final String RELEASED = "released";
    private static final String EXPIRED = "expired";
    private static final TenantScope ALL =
            TenantScope.platform("what expires is given back to the quotas of all tenants above, whoever held it");

    private record Wanted(UsageType type, long amount) {}

    private final Database database;
    private final Lineage lineage;
    private final TypeCatalogue types;
    private final TenantLocks locks;
    private final Clock clock;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());

    Reservations(Database database, Lineage lineage, TypeCatalogue types, TenantLocks locks, Clock clock) {
        this.database = database;
        this.lineage = lineage;
        this.types = types;
        this.locks = locks;
        this.clock = clock;
    }

    Admission reserve(SecurityContext ctx, ReservationRequest request) {
        List<Wanted> wanted = wanted(ctx.tenant(), request);
        Admission first = attempt(ctx.tenant(), request, wanted);
        // what has expired meanwhile is not held any more
        return first instanceof Admission.Refusal && expire() > 0 ? attempt(ctx.tenant(), request, wanted) : first;
    }

    private List<Wanted> wanted(TenantId tenant, ReservationRequest request) {
        if (request.amounts().isEmpty() || request.amounts().size() > MOST_TYPES) {
            throw QuotaBook.invalid("a reservation is for 1 to " + MOST_TYPES + " usage types");
        }
        if (request.lifetime().compareTo(Duration.ofSeconds(1)) < 0 || request.lifetime().compareTo(LONGEST) > 0) {
            throw QuotaBook.invalid("a reservation holds for a second up to a day");
        }
        if (RecordForm.isWrong(request.subject())) {
            throw QuotaBook.invalid("'subject' has at most 200 visible characters");
        }
        List<Wanted> wanted = new ArrayList<>();
        new TreeMap<>(request.amounts()).forEach((id, amount) -> {
            UsageType type = types.find(tenant, id)
                    .orElseThrow(() -> QuotaBook.invalid("there is no such usage type; GET /usage/v1/types lists all"));
            if (type.kind() != UsageType.Kind.COUNTER) {
                throw QuotaBook.invalid("a gauge cannot be reserved");
            }
            String wrong = amount.signum() < 0 ? "an amount is not negative" : Amounts.wrong(amount, type);
            if (wrong != null) {
                throw QuotaBook.invalid(wrong);
            }
            wanted.add(new Wanted(type, Amounts.scaled(amount, type)));
        });
        return wanted;
    }

    private Admission attempt(TenantId tenant, ReservationRequest request, List<Wanted> wanted) {
        TenantScope scope = TenantScope.of(Set.copyOf(lineage.upwards(tenant)));
        Instant now = Instant.ofEpochMilli(clock.millis());
        String id = ids.next(now.toEpochMilli()).toString();
        return locks.inOrder(tenant, () -> database.write(scope, rows -> reserve(rows, tenant, id, request, wanted, now)));
    }

    private static Admission reserve(
            Writing rows, TenantId tenant, String id, ReservationRequest request, List<Wanted> wanted, Instant now) {
        List<QuotaRow> quotas = Counters.quotas(rows, wanted.stream().map(each -> each.type().id()).toList());
        Map<Slot, Level> levels = Counters.levels(rows, quotas.stream().map(quota -> Slot.of(quota, now)).toList());
        Map<Slot, Level> holds = new TreeMap<>();
        List<String> warnings = new ArrayList<>();
        for (Wanted each : wanted) {
            for (QuotaRow quota : quotas) {
                if (!Counters.limits(quota, each.type().id(), request.subject())) {
                    continue;
                }
                Slot slot = Slot.of(quota, now);
                long before = levels.getOrDefault(slot, Level.ZERO).sum();
                long after = Math.addExact(before, each.amount());
                boolean own = slot.tenant().equals(tenant.toString());
                boolean soft = quota.get(QUOTA.enforcement).equals(Quota.Enforcement.SOFT.text());
                long most = quota.get(QUOTA.most) + quota.get(QUOTA.grace);
                if (!soft && after > most) {
                    return refusal(quota, own, each.type(), Math.max(0, most - before), now);
                }
                if (own && after > quota.get(QUOTA.most)) {
                    warnings.add(slot.quota());
                }
                holds.put(slot, new Level(0, each.amount()));
            }
        }
        Instant expiresAt = now.plus(request.lifetime());
        ReservationRow row = new ReservationRow();
        row.set(RESERVATION.id, id);
        row.set(RESERVATION.tenantId, tenant.toString());
        row.set(RESERVATION.state, OPEN);
        row.set(RESERVATION.holds, lines(holds));
        row.set(RESERVATION.createdAt, now.toEpochMilli());
        row.set(RESERVATION.expiresAt, expiresAt.toEpochMilli());
        rows.insert(row);
        Counters.add(rows, holds);
        return new Admission.Reservation(id, expiresAt, warnings);
    }

    private static Admission refusal(QuotaRow quota, boolean own, UsageType type, long left, Instant now) {
        return new Admission.Refusal(
                own ? quota.get(QUOTA.id) : null,
                type.id(),
                Amounts.decimal(own ? left : 0, type.scale()),
                Counters.period(quota).next(now));
    }

    List<Outcome> settle(SecurityContext ctx, String id, List<Entry> entries) {
        Instant now = clock.instant();
        TenantId tenant = ctx.tenant();
        TenantScope scope = TenantScope.of(Set.copyOf(lineage.upwards(tenant)));
        return locks.inOrder(tenant, () -> database.write(scope, rows -> {
            ReservationRow row = find(rows, tenant, id);
            if (row.get(RESERVATION.state).equals(RELEASED)) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "RESERVATION_RELEASED",
                        "the reservation was released; report what was used all the same as a record");
            }
            end(rows, row, SETTLED);
            Map<String, Outcome> outcomes = Ledger.write(rows, tenant, entries, now);
            for (Outcome outcome : outcomes.values()) {
                if (outcome instanceof Outcome.Rejected rejected) {
                    throw rejected(rejected);
                }
            }
            return entries.stream().map(entry -> outcomes.get(entry.id())).toList();
        }));
    }

    static ProblemException rejected(Outcome.Rejected rejected) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, rejected.code(), "record '" + rejected.id() + "': " + rejected.reason());
    }

    void release(SecurityContext ctx, String id) {
        TenantId tenant = ctx.tenant();
        TenantScope scope = TenantScope.of(Set.copyOf(lineage.upwards(tenant)));
        locks.<@Nullable Void>inOrder(tenant, () -> database.<@Nullable Void>write(scope, rows -> {
            ReservationRow row = find(rows, tenant, id);
            if (row.get(RESERVATION.state).equals(SETTLED)) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION, "RESERVATION_SETTLED", "the reservation is settled; correct its records instead");
            }
            end(rows, row, RELEASED);
            return null;
        }));
    }

    private static ReservationRow find(Writing rows, TenantId tenant, String id) {
        return rows.from(RESERVATION)
                .where(RESERVATION.id.eq(id))
                .where(RESERVATION.tenantId.eq(tenant.toString()))
                .fetchFirst()
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND, "RESERVATION_NOT_FOUND", "there is no reservation " + id + ", or it ended more than a day ago"));
    }

    private static void end(Writing rows, ReservationRow row, String state) {
        if (row.get(RESERVATION.state).equals(OPEN)) {
            giveBack(rows, List.of(row));
        }
        if (!row.get(RESERVATION.state).equals(state)) {
            ReservationRow changes = new ReservationRow();
            changes.set(RESERVATION.state, state);
            rows.update(changes, RESERVATION.id.eq(row.get(RESERVATION.id)));
        }
    }

    /** Quotas that are gone need nothing back. */
    private static void giveBack(Writing rows, List<ReservationRow> ended) {
        Map<Slot, Level> holds = new HashMap<>();
        for (ReservationRow row : ended) {
            holds(row.get(RESERVATION.holds))
                    .forEach((slot, amount) -> holds.merge(slot, new Level(0, -amount), (one, other) -> new Level(0, one.reserved() + other.reserved())));
        }
        if (holds.isEmpty()) {
            return;
        }
        Set<Slot> there = new HashSet<>(Counters.levels(rows, holds.keySet()).keySet());
        holds.keySet().retainAll(there);
        Counters.add(rows, holds);
    }

    /** Gives back what has expired, and forgets what ended long ago; how many it gave back. */
    int expire() {
        long now = clock.millis();
        return database.write(ALL, rows -> {
            List<ReservationRow> ended = rows.from(RESERVATION)
                    .where(RESERVATION.state.eq(OPEN))
                    .where(RESERVATION.expiresAt.le(now))
                    .orderBy(RESERVATION.expiresAt.asc())
                    .limit(AT_ONCE)
                    .fetch();
            if (!ended.isEmpty()) {
                giveBack(rows, ended);
                ReservationRow changes = new ReservationRow();
                changes.set(RESERVATION.state, EXPIRED);
                rows.update(changes, RESERVATION.id.in(ended.stream().map(row -> row.get(RESERVATION.id)).toList()));
            }
            return ended.size();
        });
    }

    void forget() {
        long before = clock.instant().minus(KEPT).toEpochMilli();
        database.<@Nullable Void>write(ALL, rows -> {
            rows.delete(RESERVATION, RESERVATION.state.in(SETTLED, RELEASED, EXPIRED).and(RESERVATION.expiresAt.lt(before)));
            return null;
        });
    }

    private static String lines(Map<Slot, Level> holds) {
        StringBuilder lines = new StringBuilder();
        holds.forEach((slot, level) ->
                lines.append(slot.tenant()).append(' ').append(slot.quota()).append(' ').append(slot.start()).append(' ').append(level.reserved()).append('\n'));
        return lines.toString();
    }

    private static Map<Slot, Long> holds(String lines) {
        Map<Slot, Long> holds = new HashMap<>();
        lines.lines().forEach(line -> {
            String[] words = line.split(" ");
            holds.put(new Slot(words[0], words[1], Long.parseLong(words[2])), Long.parseLong(words[3]));
        });
        return holds;
    }
}
