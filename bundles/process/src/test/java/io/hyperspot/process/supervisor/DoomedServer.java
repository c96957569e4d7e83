// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcesses.Spec;
import io.hyperspot.process.Command;
import io.hyperspot.process.SupervisedProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that starts a child by the command it is given, says the child's pid, and waits to be killed. */
public final class DoomedServer {
    private DoomedServer() {}

    public static void main(String[] command) throws Exception {
        ProcessSupervisor supervisor = new ProcessSupervisor(Path.of("logs"));
        if (command[0].equals("command")) {
            run(supervisor, Command.builder("command", command[1], Path.of(".")).arguments(command[2]).build());
        }
        ChildProcess child = supervisor.supervise(
                "acme.test",
                new Spec(
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

    private static void run(ProcessSupervisor supervisor, Command command) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        SupervisedProcess process = supervisor.supervise("acme.test", command);
        process.onState(state -> ready.countDown());
        while (process.state() != SupervisedProcess.State.READY) {
            var _ = ready.await(50, TimeUnit.MILLISECONDS);
        }
        System.out.println("child " + process.pid());
        new CountDownLatch(1).await();
    }
}
