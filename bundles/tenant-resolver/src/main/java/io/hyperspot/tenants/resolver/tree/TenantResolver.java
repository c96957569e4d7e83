// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.modkit.worker.Workers;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.NewTenant;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.tenants.spi.TenantDirectory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The gateway. Immediate: the tenants are loaded while the rest of the product starts. */
@Component(
        service = {Tenants.class, HealthContributor.class},
        immediate = true,
        configurationPid = "tenant-resolver")
@Designate(ocd = ResolverConfig.class)
public final class TenantResolver implements Tenants, HealthContributor {
    private static final Permission CROSS = Permission.parse(CROSS_BARRIERS);
    private static final Pattern TYPE = Pattern.compile("(?:[a-z][a-z0-9_.-]{0,63})?");

    private final TreeKeeper keeper;
    private final Clock clock;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());
    private volatile int most;

    @Activate
    public TenantResolver(ResolverConfig config, @Reference Workers.Factory factory) {
        this(
                factory.open(TenantDirectory.class, TenantDirectory.TYPE, TenantDirectory::name),
                config.worker(),
                config.max__tenants(),
                Clock.systemUTC());
    }

    TenantResolver(Workers<TenantDirectory> workers, String wanted, int most, Clock clock) {
        this.keeper = new TreeKeeper(workers, wanted.strip());
        this.most = most;
        this.clock = clock;
    }

    @Modified
    void modified(ResolverConfig config) {
        most = config.max__tenants();
        keeper.choose(config.worker().strip());
    }

    @Deactivate
    void close() {
        keeper.close();
    }

    @Override
    public @Nullable TenantTree tree() {
        return keeper.tree();
    }

    @Override
    public Tenant root(SecurityContext ctx) {
        return get(ctx, ctx.tenant(), BarrierMode.RESPECT);
    }

    @Override
    public Tenant get(SecurityContext ctx, TenantId id, BarrierMode mode) {
        return seen(ctx, keeper.known(), id, mode);
    }

    @Override
    public List<Tenant> get(SecurityContext ctx, Collection<TenantId> ids, BarrierMode mode) {
        mayUse(ctx, mode);
        TenantTree tree = keeper.known();
        List<Tenant> found = new ArrayList<>();
        for (TenantId id : ids) {
            Tenant tenant = tree.find(id);
            if (tenant != null && tree.sees(ctx.tenant(), id, mode)) {
                found.add(tenant);
            }
        }
        return found;
    }

    @Override
    public List<Tenant> ancestors(SecurityContext ctx, TenantId id, BarrierMode mode) {
        TenantTree tree = keeper.known();
        seen(ctx, tree, id, mode);
        return get(ctx, tree.ancestors(id, mode), mode);
    }

    @Override
    public List<Tenant> descendants(
            SecurityContext ctx, TenantId id, int levels, Set<Status> statuses, BarrierMode mode) {
        TenantTree tree = keeper.known();
        seen(ctx, tree, id, mode);
        return tree.descendants(id, levels, statuses, mode);
    }

    @Override
    public boolean isAncestor(SecurityContext ctx, TenantId ancestor, TenantId descendant, BarrierMode mode) {
        TenantTree tree = keeper.known();
        seen(ctx, tree, ancestor, mode);
        seen(ctx, tree, descendant, mode);
        return tree.isAncestor(ancestor, descendant, mode);
    }

    @Override
    public Tenant create(SecurityContext ctx, NewTenant wanted) {
        String name = TenantName.check(wanted.name());
        if (!TYPE.matcher(wanted.type()).matches()) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_TENANT_TYPE",
                    "'type' is a word of lower-case letters, digits, '.', '_' and '-', at most 64, that begins with a letter.");
        }
        TenantId parent = wanted.parent() == null ? ctx.tenant() : wanted.parent();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Tenant tenant =
                new Tenant(new TenantId(ids.next(now.toEpochMilli())), parent, name, wanted.type(), Status.ACTIVE, wanted.selfManaged(), now, 1);
        keeper.change(tree -> {
            seen(ctx, tree, parent, BarrierMode.RESPECT);
            Tenant stopped = tree.stoppedBy(parent);
            if (stopped != null) {
                throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "PARENT_NOT_ACTIVE", "The parent is " + stopped.status().text() + "; nothing new goes below it.");
            }
            if (tree.depth(parent) >= TenantTree.MAX_DEPTH) {
                throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "TENANT_TOO_DEEP", "Tenants go " + TenantTree.MAX_DEPTH + " levels deep, and this one would go deeper.");
            }
            if (tree.size() >= most) {
                throw new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED,
                        "TOO_MANY_TENANTS",
                        "There are as many tenants as modules.tenant-resolver.max_tenants allows.");
            }
            nameIsFree(ctx, tree, tenant);
            return new Step.Create(
                    tenant,
                    AuditEvent.done(ctx, "tenant.create", tenant.id().toString())
                            .with("name", name)
                            .with("parent", parent.toString())
                            .with("self_managed", "" + wanted.selfManaged()));
        });
        return tenant;
    }

    /** Unique among what the caller sees below the parent, so that a refusal tells of nothing else. */
    private static void nameIsFree(SecurityContext ctx, TenantTree tree, Tenant tenant) {
        TenantId parent = tenant.parent();
        if (parent == null || !tree.sees(ctx.tenant(), parent, BarrierMode.RESPECT)) {
            return;
        }
        String key = TenantName.key(tenant.name());
        for (Tenant sibling : tree.children(parent, BarrierMode.RESPECT)) {
            if (!sibling.id().equals(tenant.id())
                    && sibling.status() != Status.DELETED
                    && TenantName.key(sibling.name()).equals(key)) {
                throw new ProblemException(
                        ErrorCategory.ALREADY_EXISTS,
                        "TENANT_NAME_TAKEN",
                        "Another tenant below the same parent has this name: " + sibling.id() + ".");
            }
        }
    }

    @Override
    public Tenant rename(SecurityContext ctx, TenantId id, String name, long version, BarrierMode mode) {
        String checked = TenantName.check(name);
        return change(ctx, id, version, mode, "tenant.rename", (tree, tenant) -> {
            if (tenant.name().equals(checked)) {
                return tenant;
            }
            Tenant renamed = tenant.withName(checked);
            nameIsFree(ctx, tree, renamed);
            return renamed;
        });
    }

    @Override
    public Tenant suspend(SecurityContext ctx, TenantId id, long version, BarrierMode mode) {
        return change(ctx, id, version, mode, "tenant.suspend", (tree, tenant) -> {
            mayStop(ctx, tenant);
            if (tenant.status() == Status.DELETED) {
                throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "TENANT_IS_DELETED", "The tenant is deleted; nobody of it is let in as it is.");
            }
            return with(tenant, Status.SUSPENDED);
        });
    }

    @Override
    public Tenant resume(SecurityContext ctx, TenantId id, long version, BarrierMode mode) {
        return change(ctx, id, version, mode, "tenant.resume", (tree, tenant) -> {
            nameIsFree(ctx, tree, tenant);
            return with(tenant, Status.ACTIVE);
        });
    }

    @Override
    public Tenant delete(SecurityContext ctx, TenantId id, long version, BarrierMode mode) {
        return change(ctx, id, version, mode, "tenant.delete", (tree, tenant) -> {
            mayStop(ctx, tenant);
            return with(tenant, Status.DELETED);
        });
    }

    @Override
    public void purge(SecurityContext ctx, TenantId id, long version, BarrierMode mode) {
        keeper.change(tree -> {
            Tenant tenant = current(ctx, tree, id, version, mode);
            mayStop(ctx, tenant);
            if (tenant.status() != Status.DELETED) {
                throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "TENANT_NOT_DELETED", "Only a deleted tenant is removed for good; delete it first.");
            }
            if (!tree.children(id, BarrierMode.IGNORE).isEmpty()) {
                throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "TENANT_HAS_CHILDREN", "There are tenants below it; remove those first.");
            }
            return new Step.Remove(tenant, AuditEvent.done(ctx, "tenant.purge", id.toString()));
        });
    }

    private Tenant change(
            SecurityContext ctx,
            TenantId id,
            long version,
            BarrierMode mode,
            String action,
            BiFunction<TenantTree, Tenant, Tenant> next) {
        List<Tenant> result = new ArrayList<>(1);
        keeper.change(tree -> {
            Tenant before = current(ctx, tree, id, version, mode);
            Tenant after = next.apply(tree, before);
            result.add(after);
            if (after.equals(before)) {
                return new Step.Nothing();
            }
            return new Step.Replace(before, after, AuditEvent.done(ctx, action, id.toString()).with("name", after.name()));
        });
        return result.getFirst();
    }

    private Tenant current(SecurityContext ctx, TenantTree tree, TenantId id, long version, BarrierMode mode) {
        Tenant tenant = seen(ctx, tree, id, mode);
        if (version != ANY_VERSION && version != tenant.version()) {
            throw new ProblemException(
                    ErrorCategory.ABORTED, "TENANT_CHANGED", "The tenant has changed since; read it again.");
        }
        return tenant;
    }

    private static Tenant with(Tenant tenant, Status status) {
        return tenant.status() == status ? tenant : tenant.withStatus(status);
    }

    /** The platform always works, and nobody shuts himself out. */
    private static void mayStop(SecurityContext ctx, Tenant tenant) {
        if (tenant.parent() == null) {
            throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "ROOT_TENANT", "The root tenant is the platform's own: it is neither suspended nor deleted.");
        }
        if (tenant.id().equals(ctx.tenant())) {
            throw new ProblemException(ErrorCategory.FAILED_PRECONDITION, "OWN_TENANT", "A tenant is suspended and deleted from above, not by itself.");
        }
    }

    private static Tenant seen(SecurityContext ctx, TenantTree tree, TenantId id, BarrierMode mode) {
        mayUse(ctx, mode);
        Tenant tenant = tree.find(id);
        if (tenant == null || !tree.sees(ctx.tenant(), id, mode)) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "TENANT_NOT_FOUND",
                    "There is no tenant " + id + " that you see; GET /tenant-resolver/v1/tenants lists all.");
        }
        return tenant;
    }

    /** A full administrator of a tenant in the middle has every permission, and still no way round a barrier. */
    private static void mayUse(SecurityContext ctx, BarrierMode mode) {
        if (mode == BarrierMode.IGNORE && !(ctx.tenant().equals(TenantId.ROOT) && ctx.allows(CROSS))) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "BARRIER",
                    "Barriers are only ignored for callers of the root tenant who have the permission " + CROSS_BARRIERS + ".");
        }
    }

    @Override
    public String name() {
        return "tenant-resolver";
    }

    @Override
    public Health health() {
        String trouble = keeper.trouble();
        if (trouble.isEmpty()) {
            return Health.up();
        }
        return keeper.tree() == null
                ? Health.down(trouble)
                : Health.degraded(trouble + "; the tenants known before stay");
    }
}
