// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz;

import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Set;

/** Which resources a permit reaches: those that satisfy all of its predicates. */
public record Constraint(List<Predicate> predicates) {
    /** A condition on a resource's property. */
    public sealed interface Predicate permits Eq, In, InTenantSubtree {}

    /** The property has this value. */
    public record Eq(String property, String value) implements Predicate {}

    /** The property has one of these values. */
    public record In(String property, Set<String> values) implements Predicate {
        public In {
            values = Set.copyOf(values);
        }
    }

    /** The resource belongs to this tenant or one below it. */
    public record InTenantSubtree(TenantId root) implements Predicate {}

    public Constraint {
        predicates = List.copyOf(predicates);
    }
}
