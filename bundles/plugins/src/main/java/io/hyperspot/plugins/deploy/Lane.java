// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /** The result; fails with what the action throws. */
    synchronized <T> CompletableFuture<T> call(Callable<T> action) {
        CompletableFuture<T> result = tail.thenApplyAsync(
                nothing -> {
                    try {
                        return action.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
        tail = result.handle((done, failure) -> null);
        return result;
    }
}
