// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be summed. What is null does not narrow the question.
 *
 * @param below whether the tenants below count too, as far as no barrier hides them
 * @param from the first moment; of a period that it falls into, the whole period is meant
 * @param to the first moment that is not meant any more, likewise
 * @param period one sum for each; TOTAL: one for the whole time
 * @param groups what else gives a sum of its own, besides the type
 */
public record AggregateQuery(
        TenantId tenant,
        boolean below,
        @Nullable String type,
        @Nullable String subject,
        @Nullable String resource,
        Instant from,
        Instant to,
        Period period,
        Set<Group> groups) {
    /** By what sums can be told apart. */
    public enum Group {
        TENANT,
        SUBJECT,
        RESOURCE
    }

    public AggregateQuery {
        groups = Set.copyOf(groups);
    }
}
