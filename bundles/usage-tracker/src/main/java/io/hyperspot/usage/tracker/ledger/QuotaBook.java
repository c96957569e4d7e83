// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.COUNTER;
import static io.hyperspot.usage.tracker.ledger.Tables.QUOTA;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.usage.NewQuota;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.Quota;
import io.hyperspot.usage.UsageType;
import io.hyperspot.usage.tracker.ledger.Counters.Level;
import io.hyperspot.usage.tracker.ledger.Counters.Slot;
import io.hyperspot.usage.tracker.ledger.Tables.QuotaRow;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The quotas, and how they stand. */
final class QuotaBook {
    private static final int MOST = 1000;
    private static final TenantScope ANY = TenantScope.platform("a quota is found by its id before its tenant is known");

    private final Database database;
    private final Lineage lineage;
    private final TypeCatalogue types;
    private final Clock clock;
    private final Runnable changed;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());

    /**
     * @param changed is run after every change of a quota
     */
    QuotaBook(Database database, Lineage lineage, TypeCatalogue types, Clock clock, Runnable changed) {
        this.database = database;
        this.lineage = lineage;
        this.types = types;
        this.clock = clock;
        this.changed = changed;
    }

    List<Quota> list(SecurityContext ctx, TenantId tenant) {
        lineage.requireSeen(ctx, tenant);
        return database.read(TenantScope.of(Set.of(tenant)), rows -> rows.from(QUOTA).orderBy(QUOTA.id.asc()).limit(MOST).fetch())
                .stream()
                .map(this::quota)
                .toList();
    }

    Quota get(SecurityContext ctx, String id) {
        return quota(seen(ctx, id, database.read(ANY, rows -> rows.from(QUOTA).where(QUOTA.id.eq(id)).fetchFirst().orElse(null))));
    }

    private QuotaRow seen(SecurityContext ctx, String id, @Nullable QuotaRow row) {
        if (row == null || !lineage.sees(ctx, TenantId.of(row.get(QUOTA.tenantId)))) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "QUOTA_NOT_FOUND", "there is no quota " + id + " that you see");
        }
        return row;
    }

    Quota create(SecurityContext ctx, NewQuota wanted) {
        lineage.requireSeen(ctx, wanted.tenant());
        UsageType type = type(wanted);
        Instant now = Instant.ofEpochMilli(clock.millis());
        QuotaRow row = new QuotaRow();
        row.set(QUOTA.id, ids.next(now.toEpochMilli()).toString());
        row.set(QUOTA.tenantId, wanted.tenant().toString());
        row.set(QUOTA.ownerId, ctx.tenant().toString());
        row.set(QUOTA.type, wanted.type());
        row.set(QUOTA.subject, wanted.subject());
        row.set(QUOTA.period, wanted.period().text());
        row.set(QUOTA.slot, Series.of(ctx.tenant().toString(), wanted.type(), wanted.subject(), wanted.period().text()));
        row.set(QUOTA.createdAt, now.toEpochMilli());
        fill(row, wanted, type, 1);
        Set<TenantId> covered = lineage.downwards(wanted.tenant(), BarrierMode.IGNORE);
        try {
            database.<@Nullable Void>write(TenantScope.platform("a quota covers the tenants below, barriers or not"), rows -> {
                if (rows.from(QUOTA).where(QUOTA.tenantId.eq(wanted.tenant().toString())).count() >= MOST) {
                    throw new ProblemException(ErrorCategory.RESOURCE_EXHAUSTED, "TOO_MANY_QUOTAS", "a tenant has at most " + MOST + " quotas");
                }
                rows.insert(row);
                long used = Counters.usedSoFar(rows, row, covered, now);
                Counters.add(rows, Map.of(Slot.of(row, now), new Level(used, 0)));
                event(ctx, "quota.create", row, type).publish(rows);
                return null;
            });
        } catch (DatabaseException e) {
            if (e.category() == ErrorCategory.ALREADY_EXISTS) {
                throw new ProblemException(
                        ErrorCategory.ALREADY_EXISTS,
                        "QUOTA_EXISTS",
                        "there is a quota of yours for the same tenant, subject, type and period; change that one",
                        Map.of(),
                        e);
            }
            throw e;
        }
        changed.run();
        return quota(row);
    }

    Quota update(SecurityContext ctx, String id, long version, NewQuota wanted) {
        Quota seen = get(ctx, id);
        mayChange(ctx, seen);
        boolean same = seen.tenant().equals(wanted.tenant())
                && seen.subject().equals(wanted.subject())
                && seen.type().equals(wanted.type())
                && seen.period() == wanted.period();
        if (!same) {
            throw invalid("tenant, subject, type and period of a quota stay; make another one instead");
        }
        UsageType type = type(wanted);
        QuotaRow changes = new QuotaRow();
        fill(changes, wanted, type, version + 1);
        boolean done = database.write(TenantScope.of(Set.of(seen.tenant())), rows -> {
            if (rows.update(changes, QUOTA.id.eq(id).and(QUOTA.version.eq(version))) == 0) {
                return false;
            }
            QuotaRow after = rows.from(QUOTA).where(QUOTA.id.eq(id)).fetchFirst().orElseThrow();
            event(ctx, "quota.update", after, type).publish(rows);
            return true;
        });
        if (!done) {
            throw changedSince();
        }
        changed.run();
        return get(ctx, id);
    }

    void delete(SecurityContext ctx, String id, long version) {
        Quota seen = get(ctx, id);
        mayChange(ctx, seen);
        boolean done = database.write(TenantScope.of(Set.of(seen.tenant())), rows -> {
            if (rows.delete(QUOTA, QUOTA.id.eq(id).and(QUOTA.version.eq(version))) == 0) {
                return false;
            }
            rows.delete(COUNTER, COUNTER.quotaId.eq(id));
            AuditEvent.done(ctx, seen.tenant(), "quota.delete", id).with("type", seen.type()).publish(rows);
            return true;
        });
        if (!done) {
            throw changedSince();
        }
        changed.run();
    }

    List<Quota.Status> status(SecurityContext ctx, TenantId tenant) {
        lineage.requireSeen(ctx, tenant);
        Instant now = clock.instant();
        return database.read(TenantScope.of(Set.of(tenant)), rows -> {
            List<QuotaRow> quotas = rows.from(QUOTA).orderBy(QUOTA.id.asc()).limit(MOST).fetch();
            Map<Slot, Level> levels = Counters.levels(rows, quotas.stream().map(quota -> Slot.of(quota, now)).toList());
            List<Quota.Status> all = new ArrayList<>();
            for (QuotaRow row : quotas) {
                all.add(status(row, levels.getOrDefault(Slot.of(row, now), Level.ZERO), now));
            }
            return all;
        });
    }

    private Quota.Status status(QuotaRow row, Level level, Instant now) {
        Quota quota = quota(row);
        int scale = quota.limit().scale();
        Period period = quota.period();
        return new Quota.Status(
                quota,
                Amounts.decimal(level.used(), scale),
                Amounts.decimal(level.reserved(), scale),
                Amounts.decimal(Math.max(0, row.get(QUOTA.most) + row.get(QUOTA.grace) - level.sum()), scale),
                period.start(now),
                period.next(now));
    }

    private UsageType type(NewQuota wanted) {
        UsageType type = types.find(wanted.tenant(), wanted.type())
                .orElseThrow(() -> invalid("there is no such usage type; GET /usage/v1/types lists all"));
        if (type.kind() != UsageType.Kind.COUNTER) {
            throw invalid("a gauge cannot be limited; use a counter");
        }
        for (var amount : List.of(wanted.limit(), wanted.grace())) {
            String wrong = amount.signum() < 0 ? "a limit is not negative" : Amounts.wrong(amount, type);
            if (wrong != null) {
                throw invalid(wrong);
            }
        }
        if ((wanted.enforcement() == Quota.Enforcement.GRACE) != (wanted.grace().signum() > 0)) {
            throw invalid("'grace' belongs to the enforcement grace, and to no other");
        }
        if (RecordForm.isWrong(wanted.subject())) {
            throw invalid("'subject' has at most 200 visible characters");
        }
        return type;
    }

    private static void fill(QuotaRow row, NewQuota wanted, UsageType type, long version) {
        row.set(QUOTA.most, Amounts.scaled(wanted.limit(), type));
        row.set(QUOTA.grace, Amounts.scaled(wanted.grace(), type));
        row.set(QUOTA.enforcement, wanted.enforcement().text());
        row.set(QUOTA.version, version);
    }

    /** Who set a limit, or is above who did, changes it: not whom it limits. */
    private void mayChange(SecurityContext ctx, Quota quota) {
        if (!lineage.sees(ctx, quota.owner())) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "QUOTA_FROM_ABOVE", "this quota was set by a tenant above, which alone can change it");
        }
    }

    private static AuditEvent event(SecurityContext ctx, String action, QuotaRow row, UsageType type) {
        return AuditEvent.done(ctx, TenantId.of(row.get(QUOTA.tenantId)), action, row.get(QUOTA.id))
                .with("type", row.get(QUOTA.type))
                .with("subject", row.get(QUOTA.subject))
                .with("period", row.get(QUOTA.period))
                .with("limit", Amounts.decimal(row.get(QUOTA.most), type.scale()).toPlainString())
                .with("enforcement", row.get(QUOTA.enforcement))
                .with("grace", Amounts.decimal(row.get(QUOTA.grace), type.scale()).toPlainString());
    }

    private Quota quota(QuotaRow row) {
        TenantId tenant = TenantId.of(row.get(QUOTA.tenantId));
        int scale = types.find(tenant, row.get(QUOTA.type)).map(UsageType::scale).orElse(0);
        return new Quota(
                row.get(QUOTA.id),
                tenant,
                TenantId.of(row.get(QUOTA.ownerId)),
                row.get(QUOTA.subject),
                row.get(QUOTA.type),
                Counters.period(row),
                Amounts.decimal(row.get(QUOTA.most), scale),
                Quota.Enforcement.valueOf(row.get(QUOTA.enforcement).toUpperCase(Locale.ROOT)),
                Amounts.decimal(row.get(QUOTA.grace), scale),
                Instant.ofEpochMilli(row.get(QUOTA.createdAt)),
                row.get(QUOTA.version));
    }

    static ProblemException invalid(String why) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUOTA", why);
    }

    private static ProblemException changedSince() {
        return new ProblemException(ErrorCategory.ABORTED, "QUOTA_CHANGED", "the quota has changed since; read it again");
    }
}
