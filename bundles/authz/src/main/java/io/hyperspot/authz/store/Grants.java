// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import io.hyperspot.authz.engine.Policy;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.authz.engine.RoleGraph;
import io.hyperspot.authz.engine.RuleSet;
import io.hyperspot.authz.engine.TenantRules;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Nobody grants more than they hold, and rules make sense together. */
final class Grants {
    private static final Permission ADMINISTRATION = Permission.parse("gts.hyperspot.core.authz.*:write");

    private Grants() {}

    static void checkHeld(SecurityContext ctx, Collection<Permission> permissions) {
        for (Permission permission : permissions) {
            if (!ctx.allows(permission)) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED,
                        "GRANT_NOT_HELD",
                        "the permission " + permission + " is more than the caller may do; nobody grants what they do not hold");
            }
        }
    }

    static void check(SecurityContext ctx, Role role, RuleSet known) {
        RoleGraph before = known.graph();
        for (String parent : role.parents()) {
            Role above = before.find(parent).orElseThrow(() -> invalid("there is no role '" + parent + "' to be a parent"));
            if (parent.equals(role.id()) || before.lineage(above).stream().anyMatch(one -> one.id().equals(role.id()))) {
                throw invalid("the parent '" + parent + "' has this role above it: roles must not go round in circles");
            }
        }
        for (Role other : known.roles()) {
            taken(other.name().equals(role.name()) && !other.id().equals(role.id()), role.name());
        }
        taken(before.find(role.name()).isPresent() && !role.name().equals(role.id()), role.name());
        List<Role> after = new ArrayList<>(known.roles());
        after.removeIf(one -> one.id().equals(role.id()));
        after.add(role);
        RoleGraph graph = new RoleGraph(after);
        checkHeld(ctx, graph.permissions(role));
    }

    /** What needs no look at the other rules: conditions are compiled here, outside of any transaction. */
    static void check(SecurityContext ctx, Policy policy, boolean force) {
        try {
            TenantRules.check(policy);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        if (policy.effect() == Policy.Effect.PERMIT) {
            checkHeld(ctx, List.of(policy.target()));
        }
        if (!force && TenantRules.concerns(policy, ctx, ADMINISTRATION)) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    "POLICY_CONCERNS_CALLER",
                    "this policy can shut out " + ctx.subject() + ", its author, from " + ADMINISTRATION
                            + ", which removing it needs; narrow its target or principal, or send it with \"force\": true");
        }
    }

    static void check(Policy policy, RuleSet known) {
        for (Policy other : known.policies()) {
            taken(other.name().equals(policy.name()) && !other.id().equals(policy.id()), policy.name());
        }
    }

    private static void taken(boolean taken, String name) {
        if (taken) {
            throw new ProblemException(ErrorCategory.ALREADY_EXISTS, "NAME_TAKEN", "the name '" + name + "' is taken");
        }
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_RULE", detail);
    }
}
