// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Databases.Delivering;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the parts of the trail together, and writes what waits once a second. */
@Component(
        service = {AuditTrail.class, AuditModule.class, HealthContributor.class},
        configurationPid = "audit")
@Designate(ocd = AuditConfig.class)
public final class AuditModule implements AuditTrail, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(AuditModule.class);
    private static final String MODULE = "audit";
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration END = Duration.ofSeconds(2);
    private static final Duration RETENTION_EVERY = Duration.ofHours(1);

    private final Path data;
    private final Databases databases;
    private final Clock clock;
    private final Database database;
    private final Notices notices;
    private final Heads heads;
    private final Loading loading;
    private final Thread upkeep;
    private volatile int retentionDays;
    private volatile int headsSeconds;
    private volatile @Nullable Trail trail;
    private volatile @Nullable Retention retention;
    private volatile @Nullable Delivering delivering;
    private volatile String trouble = "";
    private volatile boolean closed;

    @Activate
    public AuditModule(BundleContext context, AuditConfig config, @Reference Databases databases) {
        this(
                home(context),
                databases,
                Migration.of(context.getBundle(), MODULE),
                Clock.systemUTC(),
                config.retention__days(),
                config.heads__seconds());
    }

    AuditModule(
            Path home, Databases databases, List<Migration> migrations, Clock clock, int retentionDays, int headsSeconds) {
        this.data = home.resolve("data");
        this.databases = databases;
        this.clock = clock;
        this.retentionDays = retentionDays;
        this.headsSeconds = headsSeconds;
        this.database = databases.open(MODULE, migrations);
        this.notices = new Notices(database);
        this.heads = new Heads(data.resolve("audit-heads"));
        this.loading = Loading.start("audit-keys", this::load, this::notLoaded);
        this.upkeep = Thread.ofVirtual().name("audit-upkeep").start(this::keepUp);
    }

    private static Path home(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home);
    }

    @Modified
    void modified(AuditConfig config) {
        retentionDays = config.retention__days();
        headsSeconds = config.heads__seconds();
    }

    private void load() throws IOException {
        boolean any = database.<Boolean>read(
                TenantScope.platform("the keys must be there when there are records"),
                rows -> !rows.plain("select 1 from audit_end limit 1", row -> row.getInt(1)).isEmpty());
        Path secrets = data.resolve("secrets");
        SigningKey key = SigningKey.open(secrets.resolve("audit-signing-key"), any);
        PersonSecret secret = PersonSecret.open(secrets.resolve("audit-person-secret"), any, new SecureRandom());
        heads.load();
        trail = new Trail(database, key, secret, heads, clock);
        retention = new Retention(database, key, clock);
        delivering = databases.deliver(new Appender(database, key, secret, heads, clock));
        trouble = "";
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the audit trail cannot be written: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    private void keepUp() {
        long headsAt = System.nanoTime();
        long retentionAt = System.nanoTime() - RETENTION_EVERY.toNanos();
        while (!closed) {
            try {
                Thread.sleep(TICK);
                notices.write();
                long now = System.nanoTime();
                if (now - headsAt >= Duration.ofSeconds(headsSeconds).toNanos()) {
                    headsAt = now;
                    heads.save();
                }
                if (now - retentionAt >= RETENTION_EVERY.toNanos() && removeOld()) {
                    retentionAt = now;
                }
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                log.warn("the audit trail could not be kept up; again in {} ms", TICK.toMillis(), e);
            }
        }
    }

    /** False: not yet. */
    private boolean removeOld() {
        Retention removing = retention;
        if (removing == null) {
            return false;
        }
        if (retentionDays > 0) {
            long removed = removing.remove(Duration.ofDays(retentionDays));
            if (removed > 0) {
                log.info("{} audit records were older than {} days and were removed", removed, retentionDays);
            }
        }
        return true;
    }

    @Deactivate
    void close() {
        closed = true;
        loading.close();
        upkeep.interrupt();
        try {
            upkeep.join(END);
            notices.write();
            Delivering current = delivering;
            if (current != null) {
                current.close();
            }
            heads.save();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.warn("the last audit events could not be written", e);
        }
    }

    /**
     * @throws ProblemException UNAVAILABLE until the keys are loaded
     */
    public Trail trail() {
        Trail current = trail;
        if (current == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "AUDIT_UNAVAILABLE",
                    (trouble.isEmpty() ? "the audit trail is being opened" : trouble) + "; try again in a moment");
        }
        return current;
    }

    @Override
    public void record(AuditEvent event) {
        database.<Boolean>write(TenantScope.of(Set.of(event.tenant())), rows -> {
            event.publish(rows);
            return true;
        });
    }

    @Override
    public void notice(AuditEvent event) {
        notices.add(event);
    }

    @Override
    public String name() {
        return MODULE;
    }

    @Override
    public Health health() {
        return trouble.isEmpty() ? Health.up() : Health.down(trouble);
    }
}
