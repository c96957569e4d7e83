// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;

/** Has a worker answer by its own contract, and translates its answer for the client, to its end. */
@FunctionalInterface
public interface Translation {
    /**
     * @param model the name within its provider
     * @param tally is told what was used, also when this throws
     */
    void run(Exchange exchange, Lease<LlmWorker> lease, String model, Tally tally) throws Exception;
}
