// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.spi;

import java.time.Instant;

/** What a worker makes of a credential. */
public sealed interface Recognition {
    /**
     * The credential is good.
     *
     * @param until when it ends by itself; {@link Instant#MAX}: never
     */
    record Recognized(Identity identity, Instant until) implements Recognition {}

    /**
     * The credential is wrong, expired, or somebody's who may not come in.
     *
     * @param reason a sentence for the caller; tells nothing that helps to guess
     */
    record Refused(String reason) implements Recognition {}

    /**
     * The password is right, and a one-time code is needed too.
     *
     * @param reason a sentence for the caller
     */
    record CodeNeeded(String reason) implements Recognition {}

    /**
     * Whoever knows cannot be asked now: never answered as refused.
     *
     * @param reason a sentence for the caller
     */
    record Undecided(String reason) implements Recognition {}
}
