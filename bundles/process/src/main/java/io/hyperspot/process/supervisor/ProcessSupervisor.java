// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcesses.Spec;
import io.hyperspot.process.Command;
import io.hyperspot.process.Processes;
import io.hyperspot.process.SupervisedProcess;
import io.hyperspot.process.supervisor.Supervised.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** All processes, whoever owns them, and what they share. */
@Component(service = {ProcessSupervisor.class, Processes.class, HealthContributor.class})
public final class ProcessSupervisor implements Processes, HealthContributor {
    private final ScheduledThreadPoolExecutor timer;
    private final Surroundings surroundings;
    private final ConcurrentSkipListMap<String, Supervised> processes = new ConcurrentSkipListMap<>();
    private volatile boolean stopped;

    @Activate
    public ProcessSupervisor(BundleContext context) {
        this(logs(context), Tools.ofThisMachine(), serverStops(context.getBundle(0)));
    }

    /** One without a server around it. */
    public ProcessSupervisor(Path logs) {
        this(logs, Tools.ofThisMachine(), () -> false);
    }

    ProcessSupervisor(Path logs, Tools tools, BooleanSupplier serverStops) {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("process-timer").factory());
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        // A deadline of a process that ended while the service stops is of no interest.
        timer.setRejectedExecutionHandler((task, executor) -> {});
        surroundings = new Surroundings(timer, logs, tools, new StopBudget(serverStops));
    }

    private static Path logs(BundleContext context) {
        String home = context.getProperty("hyperspot.home");
        return Path.of(home == null ? "." : home, "logs", "processes");
    }

    private static BooleanSupplier serverStops(Bundle system) {
        return () -> system.getState() == Bundle.STOPPING;
    }

    ChildProcess supervise(String owner, Spec spec) {
        return register(spec.name(), owner, identity -> new SupervisedChild(spec, identity, surroundings, this::forget));
    }

    SupervisedProcess supervise(String owner, Command command) {
        SupervisedCommand process = register(
                command.name(), owner, identity -> new SupervisedCommand(command, identity, surroundings, this::forget));
        if (!stopped) {
            process.start();
        }
        return process;
    }

    /** Under its name, or that with a number: during an upgrade two versions of a bundle have processes. */
    private <T extends Supervised> T register(String name, String owner, Function<Identity, T> make) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "a process's name has 1 to 64 letters, digits, dots and dashes; got '" + name + "'");
        }
        for (int number = 1; ; number++) {
            String unique = number == 1 ? name : name + "-" + number;
            T process = make.apply(new Identity(unique, owner));
            if (processes.putIfAbsent(unique, process) == null) {
                if (stopped) {
                    process.close();
                }
                return process;
            }
        }
    }

    private void forget(Supervised process) {
        processes.remove(process.name(), process);
    }

    @Override
    public List<SupervisedProcess> list() {
        return List.copyOf(processes.values());
    }

    @Override
    public Optional<SupervisedProcess> find(String name) {
        return Optional.ofNullable(processes.get(name));
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public Health health() {
        StringJoiner failing = new StringJoiner("; ");
        for (Supervised process : processes.values()) {
            String complaint = process.complaint();
            if (!complaint.isEmpty()) {
                failing.add(complaint);
            }
        }
        return failing.length() == 0 ? Health.up() : Health.degraded(failing.toString());
    }

    /** Ends the processes of an owner that is gone, all at once. */
    void end(Collection<? extends Supervised> ending) {
        Duration longest = ending.stream().map(Supervised::stopGrace).max(Duration::compareTo).orElse(Duration.ZERO);
        end(ending, surroundings.budget().of(longest).plusSeconds(1));
    }

    private static void end(Collection<? extends Supervised> ending, Duration time) {
        List<Run> runs = new ArrayList<>();
        ending.forEach(process -> runs.addAll(process.end()));
        Run.await(runs, time);
        ending.forEach(process -> process.output.close());
    }

    @Deactivate
    public void stop() {
        stopped = true;
        end(List.copyOf(processes.values()), StopBudget.ALL);
        timer.shutdownNow();
    }
}
