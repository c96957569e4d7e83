// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A process that is looked after: started again when it fails, its output kept, ended with all that it
 * has started when its owner goes. Either a {@link Command} or a {@link ChildProcess}. Thread-safe.
 */
@ProviderType
public interface SupervisedProcess extends AutoCloseable {
    /** What it is. */
    enum Kind {
        /** A program that serves in its own way, for example on a port. Runs from the start on. */
        COMMAND,
        /** A {@link ChildProcess}. Runs when it is called. */
        JSON_LINES
    }

    /** The life of the process. */
    enum State {
        /** Not running. A child is started by its next call, unless it was stopped by {@link #stop}. */
        STOPPED,
        /** Started, and not ready yet. */
        STARTING,
        READY,
        /** Asked to end. */
        STOPPING,
        /** Failed more than once in a row; it is started again later. */
        BACKOFF,
        /** Failed, and is not started again unless somebody does. */
        FAILED,
        /** For good. */
        CLOSED
    }

    /** Unique: what its owner calls it, with a number behind when that is taken. */
    String name();

    /** The symbolic name of the bundle that it belongs to. */
    String owner();

    Kind kind();

    /** The program, without arguments; empty when it is found out at each start. */
    String program();

    /** The names of the variables that its owner has set, ordered. */
    List<String> environment();

    State state();

    /** Since when it is in its state. */
    Instant since();

    /** The operating system's id of the running process, or -1. */
    long pid();

    /** How often it was started again by itself. */
    int restarts();

    /** Why the last start or run failed, in words; empty when none did, or when it works again. */
    String lastFailure();

    /** What became of the limits at the last start. */
    Limits.Status limits();

    /** The last lines of its output, oldest first; at most 1000 lines and 256 KiB are kept, of all its runs. */
    List<LogLine> log(int lines);

    /**
     * Starts it unless it runs, without waiting until it is ready; a backoff is cut short.
     *
     * @throws IllegalStateException when it is closed
     */
    void start();

    /**
     * Ends it: asked first, then killed after the grace. Returns when it has ended; then it stays
     * stopped until it is started. Calls of a child are refused meanwhile.
     */
    void stop();

    /** Stops and starts it. */
    default void restart() {
        stop();
        start();
    }

    /** Tells of each change of state until it is closed, on any thread; a listener must not wait. */
    Listening onState(Consumer<State> listener);

    /** Ends the telling. */
    @FunctionalInterface
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends the process for good: asked first, then killed after the grace. Returns when it has ended. */
    @Override
    void close();
}
