// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.gateway;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.licenses.License;
import io.hyperspot.licenses.Licenses;
import io.hyperspot.licenses.spi.LicenseWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the preferred worker, and remembers its answers. What cannot be said is not licensed. */
@Component(service = {Licenses.class, HealthContributor.class})
public final class LicenseEnforcer implements Licenses, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(LicenseEnforcer.class);
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final int MOST_TENANTS = 20_000;

    private record Known(License license, long generation, Instant at) {}

    /**
     * Who decides.
     *
     * @param priority of the worker that does
     * @param gone since when only less preferred ones are there; null: it is there
     */
    private record Succession(int priority, @Nullable Instant gone) {
        private static final Duration GRACE = Duration.ofSeconds(10);

        Succession next(int preferred, Instant now) {
            if (preferred <= priority) {
                return new Succession(preferred, null);
            }
            if (gone == null) {
                return new Succession(priority, now);
            }
            return now.isBefore(gone.plus(GRACE)) ? this : new Succession(preferred, null);
        }
    }

    private final Workers<LicenseWorker> workers;
    private final Clock clock;
    private final Map<TenantId, Known> known = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable AuditTrail> audit = new AtomicReference<>();
    private final AtomicReference<Succession> succession = new AtomicReference<>(new Succession(Integer.MAX_VALUE, null));
    private volatile String trouble = "";

    @Activate
    public LicenseEnforcer(@Reference Workers.Factory factory) {
        this(factory.open(LicenseWorker.class, LicenseWorker.TYPE, worker -> ""), Clock.systemUTC());
    }

    LicenseEnforcer(Workers<LicenseWorker> workers, Clock clock) {
        this.workers = workers;
        this.clock = clock;
    }

    @Deactivate
    void close() {
        workers.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAudit(AuditTrail trail) {
        audit.set(trail);
    }

    void unbindAudit(AuditTrail trail) {
        audit.compareAndSet(trail, null);
    }

    @Override
    public boolean isLicensed(TenantId tenant, GtsId feature) {
        return license(tenant).covers(feature, clock.instant());
    }

    @Override
    public License license(TenantId tenant) {
        Workers.Snapshot<LicenseWorker> snapshot = workers.snapshot();
        Instant now = clock.instant();
        Known before = known.get(tenant);
        if (before != null && before.generation() == snapshot.generation() && now.isBefore(before.at().plus(FRESH))) {
            return before.license();
        }
        License license = ask(snapshot, tenant);
        if (known.size() >= MOST_TENANTS) {
            known.clear();
        }
        known.put(tenant, new Known(license, snapshot.generation(), now));
        if (before != null && !before.license().equals(license)) {
            tell(tenant, license);
        }
        return license;
    }

    private License ask(Workers.Snapshot<LicenseWorker> snapshot, TenantId tenant) {
        WorkerHandle<LicenseWorker> decider = decider(snapshot);
        try (WorkerHandle.Lease<LicenseWorker> lease = decider.acquire(tenant.value())) {
            if (lease != null) {
                License[] answer = {License.NONE};
                lease.call(worker -> answer[0] = worker.license(tenant));
                trouble = "";
                return answer[0];
            }
        } catch (Exception e) {
            throw unavailable(decider.origin() + ": " + (e instanceof ProblemException problem ? problem.detail() : e.getMessage()), e);
        }
        Workers.Snapshot<LicenseWorker> next = workers.snapshot();
        if (next.generation() == snapshot.generation()) {
            throw unavailable(decider.origin() + " is being taken out", null);
        }
        return ask(next, tenant);
    }

    /**
     * The preferred worker. A less preferred one does not step in at once where another was: while a worker is
     * made anew, whoever licenses everything must not answer for it.
     */
    private WorkerHandle<LicenseWorker> decider(Workers.Snapshot<LicenseWorker> snapshot) {
        if (snapshot.all().isEmpty()) {
            throw unavailable("no license worker is installed", null);
        }
        WorkerHandle<LicenseWorker> first = snapshot.all().getFirst();
        Instant now = clock.instant();
        Succession seen = succession.updateAndGet(before -> before.next(first.priority(), now));
        if (seen.priority() != first.priority()) {
            throw unavailable("the worker that said so until now has just gone", null);
        }
        return first;
    }

    private ProblemException unavailable(String why, @Nullable Exception cause) {
        if (!why.equals(trouble)) {
            trouble = why;
            log.warn("licenses cannot be read: {}", why);
        }
        return new ProblemException(
                ErrorCategory.UNAVAILABLE,
                "LICENSES_UNAVAILABLE",
                "it cannot be said now what the tenant is licensed for; try again in a moment",
                Map.of(),
                cause);
    }

    private void tell(TenantId tenant, License license) {
        AuditTrail trail = audit.get();
        if (trail != null) {
            Instant end = license.expiresAt();
            trail.notice(new AuditEvent(tenant, "system:licenses", "license.change", "", AuditEvent.Outcome.DONE, Map.of())
                    .with("features", license.features().stream().map(GtsPattern::toString).collect(Collectors.joining(" ")))
                    .with("expires_at", end == null ? "never" : end.toString()));
        }
    }

    @Override
    public String name() {
        return "licenses";
    }

    @Override
    public Health health() {
        String why = trouble;
        return why.isEmpty() ? Health.up() : Health.degraded("licenses cannot be read: " + why);
    }
}
