// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import java.util.List;

/** The rules of a tenant as they are stored: conditions and addresses are not read yet. */
public record RuleSet(List<Role> roles, List<Binding> bindings, List<Policy> policies) {
    public RuleSet {
        roles = List.copyOf(roles);
        bindings = List.copyOf(bindings);
        policies = List.copyOf(policies);
    }

    public RoleGraph graph() {
        return new RoleGraph(roles);
    }
}
