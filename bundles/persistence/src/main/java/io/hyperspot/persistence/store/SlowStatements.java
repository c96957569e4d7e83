// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.time.Duration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs statements that took long, with a question mark for each value. */
final class SlowStatements implements ExecuteListener {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(SlowStatements.class);

    private final long limitNanos;
    // one listener sees one transaction, whose statements come one after the other
    private transient long begun;

    SlowStatements(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    @Override
    public void executeStart(ExecuteContext ctx) {
        begun = System.nanoTime();
    }

    @Override
    public void executeEnd(ExecuteContext ctx) {
        long took = System.nanoTime() - begun;
        if (took >= limitNanos) {
            log.warn("slow statement, {} ms: {}", took / 1_000_000, ctx.sql());
        }
    }
}
