// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all deadlines: a timer for each read would cost more than the read. A platform thread, so
 * that it comes in time however busy the carriers of virtual threads are.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration TICK = Duration.ofMillis(50);

    private final LongConsumer sweep;
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param sweep gets the current nano time
     */
    Sweeper(LongConsumer sweep) {
        this.sweep = sweep;
        thread = Thread.ofPlatform().daemon().name("http-client-sweeper").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopped) {
            LockSupport.parkNanos(this, TICK.toNanos());
            try {
                sweep.accept(System.nanoTime());
            } catch (RuntimeException e) {
                log.error("a sweep failed; the next one goes on", e);
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
