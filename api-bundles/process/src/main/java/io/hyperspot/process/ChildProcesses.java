// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Starts supervised processes. An OSGi service, thread-safe. Each bundle has its own: when it gives the
 * service back, because its components end, what it has started is ended.
 */
@ProviderType
public interface ChildProcesses {
    /**
     * A child that speaks JSON lines, and how to look after it.
     *
     * @param name for logs, health and the API; letters, digits, dots, dashes
     * @param command gives program and arguments; called before each start, and may prepare files
     * @param environment the whole environment: nothing is inherited but PATH, HOME, LANG and TMPDIR
     * @param workDirectory made when it does not exist
     * @param startTimeout until the child says that it is ready
     * @param stopGrace between the request to stop and the kill
     * @param idleStop stops a child that has had no call for so long; zero: never
     * @param maxPending calls that may wait or run at once; more are refused as overloaded
     */
    record Spec(
            String name,
            Callable<List<String>> command,
            Map<String, String> environment,
            Path workDirectory,
            Duration startTimeout,
            Duration stopGrace,
            Duration idleStop,
            int maxPending) {
        public Spec {
            environment = Map.copyOf(environment);
            if (maxPending < 1) {
                throw new IllegalArgumentException("maxPending must be at least 1; got " + maxPending);
            }
        }

        /** Says no values of the environment. */
        @Override
        public String toString() {
            return "Spec[" + name + ", environment " + new TreeMap<>(environment).keySet() + "]";
        }
    }

    /** Registers a child; its process starts at the first call. Close it to end the process. */
    ChildProcess supervise(Spec spec);

    /** Starts a command, without waiting until it is ready. Close it to end the process. */
    SupervisedProcess supervise(Command command);
}
