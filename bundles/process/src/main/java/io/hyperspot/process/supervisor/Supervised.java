// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.LogLine;
import io.hyperspot.process.SupervisedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a child and a command have in common: a name, a log, and listeners to a state that others change. */
abstract class Supervised implements SupervisedProcess {
    /**
     * Who it is.
     *
     * @param name unique
     */
    record Identity(String name, String owner) {}

    private static final Logger log = LoggerFactory.getLogger(Supervised.class);

    final Identity identity;
    final Surroundings surroundings;
    final ProcessLog output;
    private final Consumer<Supervised> onClose;
    private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
    private State told = State.STOPPED;
    private Instant since = Instant.now();

    Supervised(Identity identity, Surroundings surroundings, Consumer<Supervised> onClose) {
        this.identity = identity;
        this.surroundings = surroundings;
        this.onClose = onClose;
        this.output = new ProcessLog(identity.name(), surroundings.logs(), System::nanoTime);
    }

    /** Asks its processes to end for good, and returns the runs to wait for. */
    abstract List<? extends Run> end();

    abstract Duration stopGrace();

    /** What an operator should know, or empty. */
    abstract String complaint();

    @Override
    public final String name() {
        return identity.name();
    }

    @Override
    public final String owner() {
        return identity.owner();
    }

    @Override
    public final List<LogLine> log(int lines) {
        return output.last(lines);
    }

    @Override
    public final Instant since() {
        changed();
        synchronized (listeners) {
            return since;
        }
    }

    @Override
    public final Listening onState(Consumer<State> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells when the state is another than the last told. Called without a lock. */
    final void changed() {
        State now = state();
        synchronized (listeners) {
            if (now == told) {
                return;
            }
            told = now;
            since = Instant.now();
        }
        for (Consumer<State> listener : listeners) {
            try {
                listener.accept(now);
            } catch (RuntimeException e) {
                log.warn("a listener to the state of {} failed", name(), e);
            }
        }
    }

    @Override
    public final void close() {
        await(end());
        output.close();
    }

    /** Kills those that do not end in time. */
    final void await(List<? extends Run> runs) {
        Run.await(runs, surroundings.budget().of(stopGrace()).plusSeconds(2));
    }

    /** Gives its name free and tells for the last time. */
    final void closed() {
        onClose.accept(this);
        changed();
        listeners.clear();
    }
}
