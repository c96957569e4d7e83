// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ProviderType;

/** Starts supervised child processes. An OSGi service, thread-safe. */
@ProviderType
public interface ChildProcesses {
    /**
     * What to run and how to look after it.
     *
     * @param name for logs and health, unique
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
    }

    /** Registers a child; its process starts at the first call. Close it to end the process. */
    ChildProcess supervise(Spec spec);
}
