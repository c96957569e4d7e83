// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import io.hyperspot.modkit.worker.Rollouts.Share;
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
        /** Made and ready, while another version of it has the requests. */
        STANDBY,
        /** Offered, but a part of its code is missing: calls that need it fail. */
        BROKEN,
        /** Takes no new leases and finishes those it has. */
        DRAINING;

        /** Whether a worker in this state gets requests. */
        public boolean serves() {
            return this == ADMITTED || this == BROKEN;
        }

        /** Whether an operator should look at a worker in this state. */
        public boolean needsAttention() {
            return switch (this) {
                case PENDING, REJECTED, CONFLICT, BROKEN -> true;
                case ADMITTED, STANDBY, DRAINING -> false;
            };
        }
    }

    /**
     * One worker.
     *
     * @param origin symbolic name and version of its bundle
     * @param bundle the id of its bundle
     * @param reason empty when all is well, else what is wrong and what would mend it
     * @param share what it gets of the requests for its instance id: all, unless another version of it is
     *     there
     */
    record Entry(
            String type,
            String instance,
            int priority,
            String origin,
            long bundle,
            State state,
            String reason,
            Share share,
            int inFlight) {

        /** One that no other version of it shares requests with. */
        public Entry(
                String type,
                String instance,
                int priority,
                String origin,
                long bundle,
                State state,
                String reason,
                int inFlight) {
            this(type, instance, priority, origin, bundle, state, reason, state.serves() ? Share.ALL : Share.NONE, inFlight);
        }

        /** Whether it is a version that is being tried: it serves a part of the requests. */
        public boolean isTried() {
            return state.serves() && !share.isAll() && !share.isNone();
        }
    }

    /** All workers, by type and then by order of selection. */
    List<Entry> entries();
}
