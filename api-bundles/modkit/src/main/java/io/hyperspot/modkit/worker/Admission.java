// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Every worker service of the system and what became of it, for people. Thread-safe. */
@ProviderType
public interface Admission {
    /** Where a worker stands. */
    enum State {
        /** Offered to its gateway. */
        ADMITTED,
        /** Its type is not known yet; admitted as soon as the schema arrives. */
        PENDING,
        /** Its id is malformed, its type abstract or its instance id not of its type. */
        REJECTED,
        /** Another worker has the same instance id. */
        CONFLICT,
        /** Takes no new leases and finishes those it has. */
        DRAINING
    }

    /**
     * One worker.
     *
     * @param reason empty when admitted, else what is wrong and what would mend it
     */
    record Entry(
            String type, String instance, int priority, String origin, State state, String reason, int inFlight) {}

    /** All workers, by type and then by order of selection. */
    List<Entry> entries();
}
