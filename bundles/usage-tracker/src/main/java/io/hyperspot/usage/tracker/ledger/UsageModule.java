// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.usage.Admission;
import io.hyperspot.usage.Aggregate;
import io.hyperspot.usage.AggregateQuery;
import io.hyperspot.usage.NewQuota;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.Quota;
import io.hyperspot.usage.Quotas;
import io.hyperspot.usage.RecordQuery;
import io.hyperspot.usage.ReservationRequest;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageTracker;
import io.hyperspot.usage.UsageType;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The usage tracker. Does no I/O before the first call, but for what expires. */
@Component(service = {UsageTracker.class, Quotas.class}, immediate = true)
public final class UsageModule implements UsageTracker, Quotas {
    private static final Logger log = LoggerFactory.getLogger(UsageModule.class);
    private static final String MODULE = "usage";
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Clock clock;
    private final Lineage lineage;
    private final TypeCatalogue types;
    private final RecordForm form;
    private final Ledger ledger;
    private final UsageReader reader;
    private final LimitedTypes limits;
    private final QuotaBook book;
    private final Reservations reservations;
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("usage-sweep").factory());
    private boolean failing;

    @Activate
    public UsageModule(
            BundleContext context, @Reference Databases databases, @Reference Tenants tenants, @Reference TypesRegistry registry) {
        this(databases.open(MODULE, Migration.of(context.getBundle(), MODULE)), new Lineage(tenants::tree), TypeCatalogue.of(registry), Clock.systemUTC(), PAUSE);
    }

    UsageModule(Database database, Lineage lineage, TypeCatalogue types, Clock clock, Duration pause) {
        this.clock = clock;
        this.lineage = lineage;
        this.types = types;
        TenantLocks locks = new TenantLocks();
        form = new RecordForm(types);
        ledger = new Ledger(database, lineage, locks);
        reader = new UsageReader(database, lineage, types);
        limits = new LimitedTypes(database, lineage);
        book = new QuotaBook(database, lineage, types, clock, limits::forget);
        reservations = new Reservations(database, lineage, types, locks, clock);
        Future<?> _ = sweeper.scheduleWithFixedDelay(this::sweep, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void close() {
        sweeper.shutdownNow();
    }

    private void sweep() {
        try {
            reservations.expire();
            reservations.forget();
            failing = false;
        } catch (RuntimeException e) {
            // a task that throws is not run again
            if (!failing) {
                log.warn("reservations that have expired cannot be given back now", e);
            }
            failing = true;
        }
    }

    @Override
    public List<Outcome> ingest(SecurityContext ctx, List<UsageRecord> records) {
        if (records.size() > MOST_RECORDS) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "TOO_MANY_RECORDS", "at most " + MOST_RECORDS + " records are taken at once");
        }
        Outcome[] outcomes = new Outcome[records.size()];
        Map<TenantId, Map<String, Entry>> byTenant = new LinkedHashMap<>();
        Instant now = clock.instant();
        for (int i = 0; i < outcomes.length; i++) {
            UsageRecord record = records.get(i);
            if (!lineage.sees(ctx, record.tenant())) {
                outcomes[i] = new Outcome.Rejected(record.id(), "TENANT_NOT_FOUND", "there is no such tenant that you see");
                continue;
            }
            RecordForm.Checked checked = form.check(record, now);
            Entry entry = checked.entry();
            if (entry == null) {
                outcomes[i] = Objects.requireNonNull(checked.rejected());
                continue;
            }
            Entry twin = byTenant.computeIfAbsent(record.tenant(), tenant -> new LinkedHashMap<>()).putIfAbsent(record.id(), entry);
            if (twin != null) {
                outcomes[i] = twin.equals(entry) ? new Outcome.Duplicate(entry.id()) : Ledger.reused(entry.id());
            }
        }
        Map<TenantId, Map<String, Outcome>> written = new HashMap<>();
        byTenant.forEach((tenant, entries) -> written.put(tenant, ledger.write(tenant, entries.values(), now)));
        List<Outcome> all = new ArrayList<>(outcomes.length);
        for (int i = 0; i < outcomes.length; i++) {
            UsageRecord record = records.get(i);
            all.add(outcomes[i] != null ? outcomes[i] : written.getOrDefault(record.tenant(), Map.of()).get(record.id()));
        }
        return all;
    }

    @Override
    public Outcome correct(
            SecurityContext ctx, TenantId tenant, String original, String id, BigDecimal difference, String reason) {
        UsageRecord found = find(ctx, tenant, original)
                .orElseThrow(() -> new ProblemException(ErrorCategory.NOT_FOUND, "RECORD_NOT_FOUND", "there is no such record"));
        Map<String, String> dimensions = reason.isEmpty() ? Map.of() : Map.of("reason", reason);
        return ingest(
                        ctx,
                        List.of(new UsageRecord(
                                id, tenant, found.subject(), found.type(), found.resource(), difference, found.at(), dimensions, original)))
                .getFirst();
    }

    @Override
    public Optional<UsageRecord> find(SecurityContext ctx, TenantId tenant, String id) {
        lineage.requireSeen(ctx, tenant);
        return reader.find(tenant, id);
    }

    @Override
    public List<UsageRecord> list(SecurityContext ctx, RecordQuery query) {
        lineage.requireSeen(ctx, query.tenant());
        return reader.list(query);
    }

    @Override
    public List<Aggregate> aggregate(SecurityContext ctx, AggregateQuery query) {
        lineage.requireSeen(ctx, query.tenant());
        return reader.aggregate(query);
    }

    @Override
    public List<UsageType> types(SecurityContext ctx) {
        return types.all(ctx.tenant());
    }

    @Override
    public Admission reserve(SecurityContext ctx, ReservationRequest request) {
        return reservations.reserve(ctx, request);
    }

    @Override
    public Set<String> limited(SecurityContext ctx) {
        return limits.of(ctx.tenant());
    }

    @Override
    public List<Outcome> settle(SecurityContext ctx, String reservation, List<UsageRecord> records) {
        Instant now = clock.instant();
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (UsageRecord record : records) {
            RecordForm.Checked checked = form.check(record, now);
            Entry entry = checked.entry();
            if (entry == null) {
                throw Reservations.rejected(Objects.requireNonNull(checked.rejected()));
            }
            if (!record.tenant().equals(ctx.tenant()) || entries.put(entry.id(), entry) != null) {
                throw Reservations.rejected(new Outcome.Rejected(
                        entry.id(), "INVALID_SETTLEMENT", "a reservation is settled by records of its own tenant, each with an id of its own"));
            }
        }
        return reservations.settle(ctx, reservation, List.copyOf(entries.values()));
    }

    @Override
    public void release(SecurityContext ctx, String reservation) {
        reservations.release(ctx, reservation);
    }

    @Override
    public List<Quota> list(SecurityContext ctx, TenantId tenant) {
        return book.list(ctx, tenant);
    }

    @Override
    public Quota get(SecurityContext ctx, String id) {
        return book.get(ctx, id);
    }

    @Override
    public Quota create(SecurityContext ctx, NewQuota wanted) {
        return book.create(ctx, wanted);
    }

    @Override
    public Quota update(SecurityContext ctx, String id, long version, NewQuota wanted) {
        return book.update(ctx, id, version, wanted);
    }

    @Override
    public void delete(SecurityContext ctx, String id, long version) {
        book.delete(ctx, id, version);
    }

    @Override
    public List<Quota.Status> status(SecurityContext ctx, TenantId tenant) {
        return book.status(ctx, tenant);
    }
}
