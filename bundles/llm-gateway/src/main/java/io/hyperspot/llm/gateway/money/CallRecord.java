// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.security.SecurityContext;
import java.time.Instant;

/**
 * What became of one call.
 *
 * @param operation as in metrics
 * @param estimated the provider has not told what was used, so that it is told by what was sent
 */
public record CallRecord(
        SecurityContext caller,
        ModelId model,
        String protocol,
        String operation,
        Instant begin,
        Outcome outcome,
        Usage usage,
        boolean estimated) {
    /** How a call ended. */
    public enum Outcome {
        SUCCESS,
        ERROR,
        /** The client left. */
        CANCELLED
    }
}
