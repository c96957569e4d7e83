// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.database;

import static io.hyperspot.tenants.database.TenantTable.TENANT;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.spi.TenantDirectory;
import io.hyperspot.tenants.spi.WritableTenantDirectory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The default: tenants that can be changed while the product runs. The root is made at the first load. */
@Component(service = TenantDirectory.class, configurationPid = "tenants-database")
@Designate(ocd = DatabaseConfig.class)
@GtsWorker(type = TenantDirectory.TYPE, instance = TenantDirectory.TYPE + "hyperspot.tenants.database.worker.v1")
public final class DatabaseTenants implements WritableTenantDirectory {
    private static final String MODULE = "tenants_database";
    private static final TenantScope SCOPE = TenantScope.platform("the tree of tenants is the platform's");

    private final Database database;
    private final Clock clock;
    private final ChangePoll poll;

    @Activate
    public DatabaseTenants(BundleContext context, DatabaseConfig config, @Reference Databases databases) {
        this(
                databases.open(MODULE, Migration.of(context.getBundle(), MODULE)),
                Duration.ofSeconds(config.poll__seconds()),
                Clock.systemUTC());
    }

    DatabaseTenants(Database database, Duration poll, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.poll = new ChangePoll(poll, this::state);
    }

    @Deactivate
    void close() {
        poll.close();
    }

    @Override
    public String name() {
        return "database";
    }

    @Override
    public List<Tenant> load() {
        List<Tenant> tenants = read();
        if (tenants.stream().anyMatch(tenant -> tenant.id().equals(TenantId.ROOT))) {
            return tenants;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Tenant root = new Tenant(TenantId.ROOT, null, "root", "", Status.ACTIVE, false, now, 1);
        try {
            insert(root, null);
        } catch (ProblemException e) {
            if (e.category() != ErrorCategory.ALREADY_EXISTS) {
                throw e;
            }
            // another server was first
        }
        return read();
    }

    private List<Tenant> read() {
        return database.read(
                SCOPE,
                rows -> rows.plain(
                        "select tenant_id, parent_id, name, type, status, self_managed, created_at, version"
                                + " from tenants_database_tenant",
                        DatabaseTenants::tenant));
    }

    private static Tenant tenant(ResultSet row) throws SQLException {
        String parent = row.getString("parent_id");
        return new Tenant(
                TenantId.of(row.getString("tenant_id")),
                parent == null ? null : TenantId.of(parent),
                row.getString("name"),
                row.getString("type"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("self_managed") != 0,
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getLong("version"));
    }

    private static int recorded(Writing rows, int changed, AuditEvent event) {
        if (changed > 0) {
            event.publish(rows);
        }
        return changed;
    }

    /** Differs after every change: one raises a version, adds a row or takes the one away. */
    private String state() {
        return database.read(
                        SCOPE,
                        rows -> rows.plain(
                                "select count(*), coalesce(sum(version), 0), coalesce(max(changed_at), 0)"
                                        + " from tenants_database_tenant",
                                row -> row.getLong(1) + " " + row.getLong(2) + " " + row.getLong(3)))
                .getFirst();
    }

    @Override
    public AutoCloseable follow(Runnable changed) {
        return poll.follow(changed);
    }

    @Override
    public void create(Tenant tenant, AuditEvent event) {
        insert(tenant, event);
    }

    private void insert(Tenant tenant, @Nullable AuditEvent event) {
        TenantId parent = tenant.parent();
        database.<@Nullable Void>write(SCOPE, rows -> {
            if (parent != null
                    && rows.from(TENANT)
                                    .where(TENANT.tenantId.eq(parent.toString()).and(TENANT.status.ne(Status.DELETED.text())))
                                    .count()
                            == 0) {
                throw changed();
            }
            TenantTable.Row row = new TenantTable.Row();
            row.set(TENANT.tenantId, tenant.id().toString());
            if (parent != null) {
                row.set(TENANT.parentId, parent.toString());
            }
            row.set(TENANT.name, tenant.name());
            row.set(TENANT.type, tenant.type());
            row.set(TENANT.status, tenant.status().text());
            row.set(TENANT.selfManaged, tenant.selfManaged() ? 1 : 0);
            row.set(TENANT.createdAt, tenant.createdAt().toEpochMilli());
            row.set(TENANT.changedAt, clock.millis());
            row.set(TENANT.version, tenant.version());
            rows.insert(row);
            if (event != null) {
                event.publish(rows);
            }
            return null;
        });
    }

    @Override
    public void replace(Tenant before, Tenant after, AuditEvent event) {
        TenantTable.Row row = new TenantTable.Row();
        row.set(TENANT.name, after.name());
        row.set(TENANT.type, after.type());
        row.set(TENANT.status, after.status().text());
        row.set(TENANT.changedAt, clock.millis());
        row.set(TENANT.version, after.version());
        one(database.<Integer>write(
                SCOPE,
                rows -> recorded(
                        rows,
                        rows.update(
                                row,
                                TENANT.tenantId.eq(before.id().toString()).and(TENANT.version.eq(before.version()))),
                        event)));
    }

    @Override
    public void remove(Tenant tenant, AuditEvent event) {
        String id = tenant.id().toString();
        one(database.<Integer>write(SCOPE, rows -> {
            boolean leaf = rows.from(TENANT).where(TENANT.parentId.eq(id)).count() == 0;
            int removed = leaf ? rows.delete(TENANT, TENANT.tenantId.eq(id).and(TENANT.version.eq(tenant.version()))) : 0;
            return recorded(rows, removed, event);
        }));
    }

    private static void one(int count) {
        if (count != 1) {
            throw changed();
        }
    }

    private static ProblemException changed() {
        return new ProblemException(
                ErrorCategory.ABORTED, "TENANT_CHANGED", "Another server has changed the tenants; read them again.");
    }
}
