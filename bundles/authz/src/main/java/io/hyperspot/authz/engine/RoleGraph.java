// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.security.Permission;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The roles of a tenant, the built-in ones included, and what each has by its parents. Immutable. */
public final class RoleGraph {
    private final Map<String, Role> roles = new HashMap<>();

    public RoleGraph(Collection<Role> own) {
        BuiltInRoles.ALL.forEach(role -> roles.put(role.id(), role));
        own.forEach(role -> roles.put(role.id(), role));
    }

    public Optional<Role> find(String id) {
        return Optional.ofNullable(roles.get(id));
    }

    /** The role and all above it. */
    public Set<Role> lineage(Role role) {
        Set<Role> seen = new LinkedHashSet<>();
        Deque<Role> open = new ArrayDeque<>(List.of(role));
        while (!open.isEmpty()) {
            Role next = open.pop();
            if (seen.add(next)) {
                next.parents().forEach(parent -> find(parent).ifPresent(open::add));
            }
        }
        return seen;
    }

    /** What the role has, by itself and by its parents. */
    public Set<Permission> permissions(Role role) {
        Set<Permission> all = new LinkedHashSet<>();
        lineage(role).forEach(one -> all.addAll(one.permissions()));
        return all;
    }
}
