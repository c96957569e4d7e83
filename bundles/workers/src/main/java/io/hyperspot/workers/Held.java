// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * A worker object that was got from the framework and must be given back once.
 *
 * @param <T> the worker interface
 */
final class Held<T> {
    private final BundleContext context;
    private final ServiceReference<T> reference;
    private final T worker;
    private final String key;
    private final Gate gate = new Gate();
    private final WorkTally tally = new WorkTally();
    private final AtomicBoolean released = new AtomicBoolean();

    Held(BundleContext context, ServiceReference<T> reference, T worker, String key) {
        this.context = context;
        this.reference = reference;
        this.worker = worker;
        this.key = key;
    }

    T worker() {
        return worker;
    }

    /** Where the worker's libraries look for their classes. */
    ClassLoader loader() {
        return worker.getClass().getClassLoader();
    }

    String key() {
        return key;
    }

    Gate gate() {
        return gate;
    }

    WorkTally tally() {
        return tally;
    }

    /** Gives the worker back now, whoever still uses it. Idempotent. */
    void release() {
        if (released.compareAndSet(false, true)) {
            unget(context, reference);
        }
    }

    static void unget(BundleContext context, ServiceReference<?> reference) {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            // The bundle that used it has stopped: the framework gave everything back by itself.
            return;
        }
    }
}
