// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.engine.Policy;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.authz.engine.RoleGraph;
import io.hyperspot.authz.engine.RuleSet;
import io.hyperspot.authz.engine.TenantRules;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.TimeOrderedId;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of all tenants: in the database, and in memory. A change is in force when the call that made
 * it returns, and in other servers of the same database with their next {@link #poll}. A tenant whose rules
 * cannot be read, be it for one that is malformed, has no rules and so no access until they can; the others
 * do not notice. Thread-safe.
 */
public final class RuleBook {
    private static final Logger log = LoggerFactory.getLogger(RuleBook.class);
    private static final int MOST_ROLES = 1000;
    private static final int MOST_BINDINGS = 20_000;
    private static final int MOST_POLICIES = 200;
    private static final String GENERATIONS = "select tenant_id, generation from authz_generation";
    private static final String TENANTS_WITH_RULES =
            "select tenant_id from authz_role union select tenant_id from authz_binding union select tenant_id from authz_policy";

    private final Database database;
    private final Clock clock;
    private final TimeOrderedId ids = new TimeOrderedId(new SecureRandom());
    private final ConcurrentMap<TenantId, TenantRules> rules = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, Long> generations = new ConcurrentHashMap<>();
    private final ConcurrentMap<TenantId, String> broken = new ConcurrentHashMap<>();
    // one writer at a time: what is read back last is what was written last
    private final ReentrantLock changing = new ReentrantLock();
    private volatile boolean loaded;

    RuleBook(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    void load() {
        List<TenantId> tenants = database.read(
                TenantScope.platform("rules are in memory before anybody is let in"),
                rows -> rows.plain(TENANTS_WITH_RULES, row -> TenantId.of(row.getString(1))));
        changing.lock();
        try {
            tenants.forEach(this::readAgain);
        } finally {
            changing.unlock();
        }
        loaded = true;
    }

    /** Reads again what other servers have changed, and what could not be read. */
    void poll() {
        if (!loaded) {
            return;
        }
        record Generation(TenantId tenant, long number) {}
        List<Generation> now = database.read(
                TenantScope.platform("other servers change rules too"),
                rows -> rows.plain(GENERATIONS, row -> new Generation(TenantId.of(row.getString(1)), row.getLong(2))));
        changing.lock();
        try {
            for (Generation one : now) {
                if (one.number() > generations.getOrDefault(one.tenant(), 0L)) {
                    readAgain(one.tenant());
                }
            }
            broken.keySet().forEach(this::readAgain);
        } finally {
            changing.unlock();
        }
    }

    /**
     * Puts the tenant's rules in force, or takes all access from it when they make no sense.
     *
     * @throws DatabaseException when nothing can be read, which says nothing of the rules
     */
    private void readAgain(TenantId tenant) {
        record Stored(RuleSet rules, long generation) {}
        try {
            Stored stored = database.read(
                    TenantScope.of(Set.of(tenant)), rows -> new Stored(RuleTables.read(rows), RuleTables.generation(rows)));
            rules.put(tenant, new TenantRules(stored.rules()));
            generations.put(tenant, stored.generation());
            broken.remove(tenant);
        } catch (DatabaseException e) {
            throw e;
        } catch (RuntimeException e) {
            giveUp(tenant, e);
        }
    }

    /** Null: they are not known now. */
    @Nullable TenantRules rules(TenantId tenant) {
        TenantRules known = rules.get(tenant);
        return known != null ? known : loaded && !broken.containsKey(tenant) ? TenantRules.NONE : null;
    }

    /**
     * The rules of the caller's tenant.
     *
     * @throws ProblemException UNAVAILABLE when they are not known now
     */
    public TenantRules rules(SecurityContext ctx) {
        TenantRules known = rules(ctx.tenant());
        if (known == null) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "AUTHORIZATION_UNAVAILABLE",
                    "the roles and policies of the tenant are not loaded; try again in a moment");
        }
        return known;
    }

    /** What the operator must know of. */
    List<String> trouble() {
        List<String> all = new ArrayList<>();
        broken.forEach((tenant, why) ->
                all.add("the rules of tenant " + tenant + " cannot be read, it is denied everything: " + why));
        rules.forEach((tenant, known) -> known.failures()
                .forEach((policy, why) -> all.add("policy " + policy + " of tenant " + tenant + " fails: " + why)));
        return all;
    }

    /** Makes a role, checked against what the caller holds. */
    public Role create(SecurityContext ctx, RuleDraft.OfRole draft) {
        Role role = new Role(
                ids.next(clock.millis()).toString(), draft.name(), draft.description(), draft.permissions(), draft.parents(), now(), 1);
        change(ctx, event(ctx, "role.create", role), known -> {
            Grants.check(ctx, role, known);
            most(known.roles().size(), MOST_ROLES, "roles");
        }, rows -> RuleTables.insert(rows, ctx.tenant(), role));
        return role;
    }

    /** Changes a role from the version that the caller has seen. */
    public Role update(SecurityContext ctx, String id, long version, RuleDraft.OfRole draft) {
        Role old = role(ctx, id);
        if (old.builtIn()) {
            throw precondition("ROLE_BUILT_IN", "the role " + id + " is built in; make one of your own with it as a parent");
        }
        Role role = new Role(id, draft.name(), draft.description(), draft.permissions(), draft.parents(), old.createdAt(), version + 1);
        change(ctx, event(ctx, "role.update", role), known -> Grants.check(ctx, role, known), rows -> changed(RuleTables.update(rows, ctx.tenant(), role)));
        return role;
    }

    /** Removes a role that nobody has and no role builds on. */
    public void delete(SecurityContext ctx, Role role) {
        if (role.builtIn()) {
            throw precondition("ROLE_BUILT_IN", "the role " + role.id() + " is built in");
        }
        change(ctx, event(ctx, "role.delete", role), known -> {
            if (known.bindings().stream().anyMatch(one -> one.role().equals(role.id()))
                    || known.roles().stream().anyMatch(one -> one.parents().contains(role.id()))) {
                throw precondition("ROLE_IN_USE", "the role is bound, or the parent of another; remove those first");
            }
        }, rows -> removed(RuleTables.delete(rows, role)));
    }

    /** Gives a role to somebody; all of it must be the caller's own. */
    public Binding create(SecurityContext ctx, RuleDraft.OfBinding draft) {
        Binding binding = new Binding(
                ids.next(clock.millis()).toString(), draft.principal(), draft.role(), draft.resource(), now(), draft.expiresAt(), 1);
        change(ctx, event(ctx, "binding.create", binding), known -> {
            RoleGraph graph = known.graph();
            Role role = graph.find(draft.role()).orElseThrow(() -> notFound("ROLE_NOT_FOUND", "the tenant has no such role"));
            Grants.checkHeld(ctx, graph.permissions(role));
            if (draft.expiresAt() != null && !draft.expiresAt().isAfter(clock.instant())) {
                throw Grants.invalid("'expires_at' must be in the future");
            }
            most(known.bindings().size(), MOST_BINDINGS, "bindings");
        }, rows -> RuleTables.insert(rows, ctx.tenant(), binding));
        return binding;
    }

    /** Takes a role from somebody. */
    public void delete(SecurityContext ctx, Binding binding) {
        change(ctx, event(ctx, "binding.delete", binding), known -> {}, rows -> removed(RuleTables.delete(rows, binding)));
    }

    /** Makes a policy; what it permits must be the caller's own. */
    public Policy create(SecurityContext ctx, RuleDraft.OfPolicy draft) {
        Policy policy = draft.policy(ids.next(clock.millis()).toString(), now(), 1);
        Grants.check(ctx, policy, draft.force());
        change(ctx, event(ctx, "policy.create", policy), known -> {
            Grants.check(policy, known);
            most(known.policies().size(), MOST_POLICIES, "policies");
        }, rows -> RuleTables.insert(rows, ctx.tenant(), policy));
        return policy;
    }

    /** Changes a policy from the version that the caller has seen. */
    public Policy update(SecurityContext ctx, String id, long version, RuleDraft.OfPolicy draft) {
        Policy policy = draft.policy(id, policy(ctx, id).createdAt(), version + 1);
        Grants.check(ctx, policy, draft.force());
        change(ctx, event(ctx, "policy.update", policy), known -> Grants.check(policy, known), rows -> changed(RuleTables.update(rows, ctx.tenant(), policy)));
        return policy;
    }

    /** Removes a policy. */
    public void delete(SecurityContext ctx, Policy policy) {
        change(ctx, event(ctx, "policy.delete", policy), known -> {}, rows -> removed(RuleTables.delete(rows, policy)));
    }

    /** A role of the tenant, or a built-in one. */
    public Role role(SecurityContext ctx, String id) {
        return rules(ctx).graph().find(id).orElseThrow(() -> notFound("ROLE_NOT_FOUND", "the tenant has no such role"));
    }

    /** A binding of the tenant. */
    public Binding binding(SecurityContext ctx, String id) {
        return rules(ctx).bindings().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> notFound("BINDING_NOT_FOUND", "the tenant has no such binding"));
    }

    /** A policy of the tenant. */
    public Policy policy(SecurityContext ctx, String id) {
        return rules(ctx).policies().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> notFound("POLICY_NOT_FOUND", "the tenant has no such policy"));
    }

    private static AuditEvent event(SecurityContext ctx, String action, Role role) {
        return AuditEvent.done(ctx, action, role.id())
                .with("name", role.name())
                .with("permissions", role.permissions().toString())
                .with("parents", role.parents().toString());
    }

    private static AuditEvent event(SecurityContext ctx, String action, Binding binding) {
        Binding.Target resource = binding.resource();
        return AuditEvent.done(ctx, action, binding.principal())
                .with("binding", binding.id())
                .with("role", binding.role())
                .with("resource", resource == null ? "" : resource.type() + " " + resource.id());
    }

    private static AuditEvent event(SecurityContext ctx, String action, Policy policy) {
        return AuditEvent.done(ctx, action, policy.id())
                .with("name", policy.name())
                .with("effect", policy.effect().text())
                .with("target", policy.target().toString())
                .with("principal", policy.principal())
                .with("condition", policy.condition());
    }

    /** Checks, writes and records in one transaction, and puts what came of it in force. */
    private void change(SecurityContext ctx, AuditEvent event, Consumer<RuleSet> check, Consumer<Writing> work) {
        TenantId tenant = ctx.tenant();
        changing.lock();
        try {
            rules(ctx);
            database.<@Nullable Void>write(TenantScope.of(ctx), rows -> {
                check.accept(RuleTables.read(rows));
                work.accept(rows);
                RuleTables.grow(rows, tenant);
                event.publish(rows);
                return null;
            });
            try {
                readAgain(tenant);
            } catch (DatabaseException e) {
                giveUp(tenant, e);
            }
        } finally {
            changing.unlock();
        }
    }

    /** Denies until the rules can be read. */
    private void giveUp(TenantId tenant, RuntimeException why) {
        String reason = String.valueOf(why.getMessage());
        if (!reason.equals(broken.put(tenant, reason))) {
            log.error("the rules of tenant {} cannot be read; it is denied everything until they can", tenant, why);
        }
        rules.remove(tenant);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static void most(int has, int most, String what) {
        if (has >= most) {
            throw new ProblemException(
                    ErrorCategory.RESOURCE_EXHAUSTED, "TOO_MANY_RULES", "the tenant has " + most + " " + what + "; remove some");
        }
    }

    private static void changed(int rows) {
        if (rows == 0) {
            throw new ProblemException(
                    ErrorCategory.PRECONDITION_FAILED, "CHANGED_SINCE", "it has changed since you read it, or is gone; read it again");
        }
    }

    private static void removed(int rows) {
        if (rows == 0) {
            throw notFound("RULE_NOT_FOUND", "it is gone already");
        }
    }

    private static ProblemException notFound(String code, String detail) {
        return new ProblemException(ErrorCategory.NOT_FOUND, code, detail);
    }

    private static ProblemException precondition(String code, String detail) {
        return new ProblemException(ErrorCategory.FAILED_PRECONDITION, code, detail);
    }
}
