// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.MessageHandler.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the messages of a topic to its handler, on a virtual thread of its own. */
final class Relay implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(2);

    private final Outbox outbox;
    private final MessageHandler handler;
    private final Duration look;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param look how often to look for messages that nobody told of
     */
    Relay(Outbox outbox, MessageHandler handler, Duration look) {
        this.outbox = outbox;
        this.handler = handler;
        this.look = look;
        this.thread = Thread.ofVirtual().name("outbox-" + handler.topic()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** There is something to handle. */
    void wake() {
        news.release();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            Duration rest = look;
            try {
                if (handleSome()) {
                    rest = Duration.ZERO;
                }
                pause = FIRST_PAUSE;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                log.warn("messages of {} could not be handled; again in {} ms", handler.topic(), pause.toMillis(), e);
                rest = pause;
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
            try {
                if (news.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Whether there may be more. */
    private boolean handleSome() {
        List<Delivery> deliveries = outbox.pending(handler.topic());
        if (deliveries.isEmpty() || !outbox.lease(handler.topic())) {
            return false;
        }
        handler.handle(deliveries);
        outbox.handled(deliveries);
        return true;
    }

    /** Ends within two seconds; what is not handled stays for the next one. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        outbox.forget(this);
        news.release();
        try {
            // what is being handled is not cut off: it would come again
            if (thread.join(END)) {
                outbox.release(handler.topic());
            } else {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.debug("the lease of {} ends by itself", handler.topic(), e);
        }
    }
}
