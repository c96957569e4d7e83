// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcesses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The service, and what all its processes share: one thread for deadlines. */
@Component(service = {ChildProcesses.class, HealthContributor.class})
public final class ProcessSupervisor implements ChildProcesses, HealthContributor {
    /** The server has ten seconds for its whole stop. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(3);

    private final ScheduledThreadPoolExecutor timer;
    private final Set<SupervisedProcess> processes = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    @Activate
    public ProcessSupervisor() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("process-timer").factory());
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        // A deadline of a process that ended while the service stops is of no interest.
        timer.setRejectedExecutionHandler((task, executor) -> {});
    }

    @Override
    public ChildProcess supervise(Spec spec) {
        SupervisedProcess process = new SupervisedProcess(spec, timer, processes::remove);
        processes.add(process);
        if (stopped) {
            process.close();
        }
        return process;
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public Health health() {
        StringJoiner failing = new StringJoiner("; ");
        for (SupervisedProcess process : processes) {
            String failure = process.lastFailure();
            if (!failure.isEmpty()) {
                failing.add(process.name() + " failed: " + failure + "; it is started again when it is needed");
            }
        }
        return failing.length() == 0 ? Health.up() : Health.degraded(failing.toString());
    }

    @Deactivate
    public void stop() {
        stopped = true;
        List<ProcessRun> ending = new ArrayList<>();
        for (SupervisedProcess process : processes) {
            ending.addAll(process.end());
        }
        long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
        for (ProcessRun run : ending) {
            SupervisedProcess.awaitEnd(run, Duration.ofNanos(deadline - System.nanoTime()));
        }
        timer.shutdownNow();
    }
}
