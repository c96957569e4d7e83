// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcesses.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A server that starts a child by the command it is given, says the child's pid, and waits to be killed. */
public final class DoomedServer {
    private DoomedServer() {}

    public static void main(String[] command) throws Exception {
        ChildProcess child = new ProcessSupervisor()
                .supervise(new Spec(
                        "child",
                        () -> Arrays.asList(command),
                        Map.of(),
                        Path.of("."),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        1));
        byte[] request = "{\"op\":\"stuck\"}".getBytes(StandardCharsets.UTF_8);
        child.call(request, event -> System.out.println("child " + child.pid()), new Cancellation());
        throw new IllegalStateException("it was to be killed " + List.of(command));
    }
}
