// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.types.registry.engine.Document;
import java.time.Instant;

/**
 * A document in the registry.
 *
 * @param changedAt when it got this status
 */
public record Registered(Document document, Owner owner, Status status, Instant changedAt) {
    public Registered with(Status next, Instant at) {
        return new Registered(document, owner, next, at);
    }
}
