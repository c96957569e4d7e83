// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz;

import io.hyperspot.security.TenantId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a repository may touch, read off a decision. What it does not understand reaches nothing.
 *
 * @param tenants whose rows; a {@code TenantScope} is made of them
 * @param ids only these rows of theirs; absent: all
 */
public record AccessScope(Set<TenantId> tenants, Optional<Set<String>> ids) {
    /** The property of a resource that holds its tenant. */
    public static final String TENANT = "tenant_id";

    /** The property of a resource that holds its id. */
    public static final String ID = "id";

    /** Reaches nothing. */
    public static final AccessScope NOTHING = new AccessScope(Set.of(), Optional.empty());

    public AccessScope {
        tenants = Set.copyOf(tenants);
        ids = ids.map(Set::copyOf);
    }

    /** The constraints must be of one tenant: what the rest would reach is left out. */
    public static AccessScope of(Decision decision, TenantId own) {
        if (!decision.allowed()) {
            return NOTHING;
        }
        Set<String> ids = new HashSet<>();
        for (Constraint constraint : decision.constraints()) {
            Optional<Set<String>> reached = idsOf(constraint.predicates(), own);
            if (reached.isEmpty()) {
                continue;
            }
            if (reached.get().isEmpty()) {
                return new AccessScope(Set.of(own), Optional.empty());
            }
            ids.addAll(reached.get());
        }
        return ids.isEmpty() ? NOTHING : new AccessScope(Set.of(own), Optional.of(ids));
    }

    /** Empty: it reaches nothing of the tenant; no ids: all of the tenant. */
    private static Optional<Set<String>> idsOf(List<Constraint.Predicate> predicates, TenantId own) {
        boolean inTenant = false;
        Set<String> ids = new HashSet<>();
        for (Constraint.Predicate predicate : predicates) {
            switch (predicate) {
                case Constraint.Eq(String property, String value) when property.equals(TENANT) ->
                    inTenant = value.equals(own.toString());
                case Constraint.InTenantSubtree(TenantId root) when root.equals(own) -> inTenant = true;
                case Constraint.Eq(String property, String value) when property.equals(ID) -> ids.add(value);
                case Constraint.In(String property, Set<String> values) when property.equals(ID) -> ids.addAll(values);
                case Constraint.Eq eq -> {
                    return Optional.empty();
                }
                case Constraint.In in -> {
                    return Optional.empty();
                }
                case Constraint.InTenantSubtree subtree -> {
                    return Optional.empty();
                }
            }
        }
        return inTenant ? Optional.of(ids) : Optional.empty();
    }

    public boolean isNothing() {
        return tenants.isEmpty();
    }
}
