// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import dev.cel.runtime.CelEvaluationException;
import io.hyperspot.authz.AccessRequest;
import io.hyperspot.authz.AccessScope;
import io.hyperspot.authz.Constraint;
import io.hyperspot.authz.Decision;
import io.hyperspot.authz.Decision.Code;
import io.hyperspot.authz.engine.Policy.Effect;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a tenant at one moment. What is cached is cached here: a change of the rules makes another
 * object, and nothing of what the old one knew is used again. Thread-safe.
 */
public final class TenantRules {
    /** No roles of its own, no bindings, no policies. */
    public static final TenantRules NONE = new TenantRules(new RuleSet(List.of(), List.of(), List.of()));

    private static final int MOST_CALLERS = 10_000;

    /** What a binding gives. */
    private record Grant(Binding binding, Role role, Set<Permission> permissions) {
        boolean has(Permission wanted) {
            for (Permission permission : permissions) {
                if (permission.implies(wanted)) {
                    return true;
                }
            }
            return false;
        }
    }

    private record Rule(Policy policy, @Nullable Condition condition, AddressList addresses) {}

    /**
     * A caller with its grants.
     *
     * @param until from then on they are to be found again
     */
    private record Known(SecurityContext context, Instant until, ConcurrentMap<Permission, Boolean> answers) {}

    /** The policies that can refuse one thing, their conditions aside. */
    private record Refusing(List<Rule> restricting, List<Rule> forbidding) {}

    private final RuleSet all;
    private final RoleGraph graph;
    private final Map<String, List<Grant>> grants = new HashMap<>();
    private final Map<Effect, List<Rule>> rules = new HashMap<>();
    private final ConcurrentMap<Permission, Refusing> refusing = new ConcurrentHashMap<>();
    private final ConcurrentMap<SecurityContext, Known> callers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, String> failures = new ConcurrentHashMap<>();

    /**
     * @throws IllegalArgumentException when a condition or an address is malformed
     */
    public TenantRules(RuleSet all) {
        this.all = all;
        graph = all.graph();
        Map<String, Set<Permission>> permissions = new HashMap<>();
        for (Binding binding : all.bindings()) {
            graph.find(binding.role()).ifPresent(role -> grants.computeIfAbsent(
                            binding.principal(), principal -> new ArrayList<>())
                    .add(new Grant(binding, role, permissions.computeIfAbsent(role.id(), id -> graph.permissions(role)))));
        }
        for (Policy policy : all.policies()) {
            rules.computeIfAbsent(policy.effect(), effect -> new ArrayList<>()).add(rule(policy));
        }
    }

    private static Rule rule(Policy policy) {
        return new Rule(
                policy,
                policy.condition().isEmpty() ? null : Condition.parse(policy.condition()),
                AddressList.of(policy.addresses()));
    }

    /**
     * Reads a policy's condition and addresses, for their errors.
     *
     * @throws IllegalArgumentException when one of them is malformed
     */
    public static void check(Policy policy) {
        rule(policy);
    }

    public List<Role> roles() {
        return all.roles();
    }

    public List<Binding> bindings() {
        return all.bindings();
    }

    public List<Policy> policies() {
        return all.policies();
    }

    public RoleGraph graph() {
        return graph;
    }

    /**
     * Whether a policy that forbids or restricts can concern something that the caller may want to do: its
     * condition aside.
     */
    public static boolean concerns(Policy policy, SecurityContext caller, Permission wanted) {
        return policy.effect() != Effect.PERMIT
                && Overlap.of(policy.target(), wanted)
                && isOf(policy, caller.subject(), caller.groups());
    }

    /** Policies whose condition could not be evaluated, by name, and why. */
    public Map<String, String> failures() {
        return Map.copyOf(failures);
    }

    /** The caller with what the whole tenant's bindings grant it. */
    public SecurityContext known(SecurityContext caller, Instant now) {
        return grants.isEmpty() ? caller : find(caller, now).context();
    }

    /** Whether the caller's grants allow it, policies aside. */
    public boolean grants(SecurityContext caller, Permission needed, Instant now) {
        if (grants.isEmpty()) {
            return caller.allows(needed);
        }
        Known known = find(caller, now);
        Boolean answer = known.answers().get(needed);
        if (answer == null) {
            answer = known.context().allows(needed);
            if (known.answers().size() < MOST_CALLERS) {
                known.answers().put(needed, answer);
            }
        }
        return answer;
    }

    public boolean hasPolicies() {
        return !rules.isEmpty();
    }

    private Known find(SecurityContext caller, Instant now) {
        Known known = callers.get(caller);
        if (known == null || !now.isBefore(known.until())) {
            known = collect(caller, now);
            if (callers.size() >= MOST_CALLERS) {
                callers.clear();
            }
            callers.put(caller, known);
        }
        return known;
    }

    private Known collect(SecurityContext caller, Instant now) {
        Set<Permission> all = new LinkedHashSet<>(caller.permissions());
        Instant until = Instant.MAX;
        for (Grant grant : grantsOf(caller.subject(), caller.groups())) {
            Binding binding = grant.binding();
            if (binding.resource() == null && binding.isValidAt(now)) {
                all.addAll(grant.permissions());
                Instant expires = binding.expiresAt();
                until = expires != null && expires.isBefore(until) ? expires : until;
            }
        }
        return new Known(caller.with(List.copyOf(all)), until, new ConcurrentHashMap<>());
    }

    private List<Grant> grantsOf(String subject, List<String> groups) {
        List<Grant> own = grants.getOrDefault(subject, List.of());
        if (groups.isEmpty()) {
            return own;
        }
        List<Grant> all = new ArrayList<>(own);
        groups.forEach(group -> all.addAll(grants.getOrDefault(Binding.GROUP + group, List.of())));
        return all;
    }

    /**
     * Decides. A policy that permits must cover all that is asked for; one that forbids or restricts counts as
     * soon as its target and what is asked for have anything in common, because an operation whose permission is
     * wide may reach what the narrower policy forbids.
     *
     * @param everywhere whether what is granted at single resources is not enough
     * @param inside whether the door has let the request in: its address is not asked for again
     */
    public Decision decide(AccessRequest request, boolean everywhere, boolean inside, Instant now) {
        Permission wanted = request.permission();
        Decision refused = refuse(request, wanted, inside, now);
        if (refused != null) {
            return refused;
        }
        if (request.context().scopes().stream().noneMatch(scope -> scope.implies(wanted))) {
            return Decision.deny(Code.OUT_OF_SCOPE, "the credential is limited to " + request.context().scopes());
        }
        for (Permission own : request.subject().permissions()) {
            if (own.implies(wanted)) {
                return permit(request, Code.CREDENTIAL, "permission " + own + " of the credential");
            }
        }
        Decision byRole = byRole(request, wanted, everywhere, now);
        if (byRole != null) {
            return byRole;
        }
        for (Rule rule : rules.getOrDefault(Effect.PERMIT, List.of())) {
            if (rule.policy().target().implies(wanted) && isOf(rule.policy(), request) && holds(rule, request, false, now)) {
                return permit(request, Code.POLICY, "policy " + rule.policy().name());
            }
        }
        return Decision.deny(
                Code.NOT_GRANTED,
                "no permission of the credential, no role that is bound to it and no policy grants " + wanted);
    }

    private @Nullable Decision refuse(AccessRequest request, Permission wanted, boolean inside, Instant now) {
        Refusing concerned = refusing(wanted);
        for (Rule rule : concerned.restricting()) {
            if (!inside
                    && isOf(rule.policy(), request)
                    && holds(rule, request, true, now)
                    && !rule.addresses().contains(request.context().address())) {
                return Decision.deny(Code.ADDRESS, "policy " + rule.policy().name());
            }
        }
        for (Rule rule : concerned.forbidding()) {
            if (isOf(rule.policy(), request) && holds(rule, request, true, now)) {
                String name = rule.policy().name();
                return Decision.deny(failures.containsKey(name) ? Code.POLICY_FAILED : Code.FORBIDDEN, "policy " + name);
            }
        }
        return null;
    }

    private Refusing refusing(Permission wanted) {
        Refusing known = refusing.get(wanted);
        if (known == null) {
            known = new Refusing(overlapping(Effect.RESTRICT, wanted), overlapping(Effect.FORBID, wanted));
            if (refusing.size() < MOST_CALLERS) {
                refusing.put(wanted, known);
            }
        }
        return known;
    }

    private List<Rule> overlapping(Effect effect, Permission wanted) {
        return rules.getOrDefault(effect, List.of()).stream()
                .filter(rule -> Overlap.of(rule.policy().target(), wanted))
                .toList();
    }

    private @Nullable Decision byRole(AccessRequest request, Permission wanted, boolean everywhere, Instant now) {
        Map<String, Grant> single = new LinkedHashMap<>();
        AccessRequest.Resource resource = request.resource();
        for (Grant grant : grantsOf(request.subject().id(), request.subject().groups())) {
            Binding.Target target = grant.binding().resource();
            if (!grant.binding().isValidAt(now) || !grant.has(wanted)) {
                continue;
            }
            if (target == null) {
                return permit(request, Code.ROLE, text(grant));
            }
            if (!everywhere
                    && target.type().covers(resource.type())
                    && (resource.id() == null || resource.id().equals(target.id()))) {
                single.put(target.id(), grant);
            }
        }
        if (single.isEmpty()) {
            return null;
        }
        Constraint.Predicate tenant = inTenant(request);
        Constraint.Predicate ids = new Constraint.In(AccessScope.ID, single.keySet());
        return new Decision(
                true,
                List.of(new Constraint(List.of(tenant, ids))),
                Code.ROLE,
                text(single.values().iterator().next()));
    }

    private static String text(Grant grant) {
        return "role " + grant.role().name() + " by binding " + grant.binding().id();
    }

    private static Constraint.Predicate inTenant(AccessRequest request) {
        return new Constraint.Eq(AccessScope.TENANT, request.context().tenant().toString());
    }

    private static Decision permit(AccessRequest request, Code code, String rule) {
        List<Constraint.Predicate> predicates = new ArrayList<>(List.of(inTenant(request)));
        String id = request.resource().id();
        if (id != null) {
            predicates.add(new Constraint.Eq(AccessScope.ID, id));
        }
        return new Decision(true, List.of(new Constraint(predicates)), code, rule);
    }

    private static boolean isOf(Policy policy, AccessRequest request) {
        return isOf(policy, request.subject().id(), request.subject().groups());
    }

    private static boolean isOf(Policy policy, String subject, List<String> groups) {
        String principal = policy.principal();
        return principal.isEmpty()
                || principal.equals(subject)
                || (principal.startsWith(Binding.GROUP) && groups.contains(principal.substring(Binding.GROUP.length())));
    }

    private boolean holds(Rule rule, AccessRequest request, boolean whenFailed, Instant now) {
        if (rule.condition() == null) {
            return true;
        }
        try {
            boolean holds = rule.condition().holds(request, now);
            if (!failures.isEmpty()) {
                failures.remove(rule.policy().name());
            }
            return holds;
        } catch (CelEvaluationException | RuntimeException e) {
            failures.put(rule.policy().name(), String.valueOf(e.getMessage()));
            return whenFailed;
        }
    }
}
