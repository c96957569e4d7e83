// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs actions one after the other, and independently of other lanes. Thread-safe. */
final class Lane {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final ExecutorService threads;
    private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);

    Lane(ExecutorService threads) {
        this.threads = threads;
    }

    synchronized void run(Runnable action) {
        tail = tail.thenRunAsync(action, threads).exceptionally(failure -> {
            log.error("handling a plugin failed", failure);
            return null;
        });
    }
}
