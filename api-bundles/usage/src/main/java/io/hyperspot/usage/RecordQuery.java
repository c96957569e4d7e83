// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records are wanted, the latest first. What is null does not narrow the question.
 *
 * @param from the first moment
 * @param to the first moment that is not meant any more
 * @param after where to go on: the last record that was given
 * @param backward whether to give those before {@code after}, beginning with the nearest
 */
public record RecordQuery(
        TenantId tenant,
        @Nullable String type,
        @Nullable String subject,
        @Nullable String resource,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Position after,
        boolean backward,
        int limit) {
    /** A record's place in the order. */
    public record Position(Instant at, String id) {}
}
