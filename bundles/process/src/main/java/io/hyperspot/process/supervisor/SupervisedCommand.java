// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.Command;
import io.hyperspot.process.Limits;
import io.hyperspot.process.RestartPolicy;
import io.hyperspot.process.RestartPolicy.Mode;
import io.hyperspot.process.supervisor.CommandRun.End;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command over its runs. */
final class SupervisedCommand extends Supervised implements CommandRun.Owner {
    private static final Logger log = LoggerFactory.getLogger(SupervisedCommand.class);

    private final Command command;
    private final ReentrantLock lock = new ReentrantLock();
    private final Backoff backoff;
    private @Nullable CommandRun run;
    /** Whether it is to run, now or when the run that is about to end has ended. */
    private boolean wanted;
    /** Counts what cuts a backoff short. */
    private int decisions;
    private boolean closed;
    private boolean failed;
    private int restarts;
    private String lastFailure = "";
    private Limits.Status limits = Limits.Status.NONE;

    SupervisedCommand(Command command, Identity identity, Surroundings surroundings, Consumer<Supervised> onClose) {
        super(identity, surroundings, onClose);
        this.command = command;
        this.backoff = new Backoff(command.restart().firstDelay(), command.restart().longestDelay());
    }

    @Override
    public Kind kind() {
        return Kind.COMMAND;
    }

    @Override
    public String program() {
        return command.program();
    }

    @Override
    public List<String> environment() {
        return command.environment().keySet().stream().sorted().toList();
    }

    @Override
    public State state() {
        lock.lock();
        try {
            if (closed) {
                return State.CLOSED;
            }
            if (run != null) {
                return run.state();
            }
            return wanted ? State.BACKOFF : failed ? State.FAILED : State.STOPPED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long pid() {
        lock.lock();
        try {
            return run == null ? -1 : run.pid();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int restarts() {
        lock.lock();
        try {
            return restarts;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String lastFailure() {
        lock.lock();
        try {
            return run != null && isProven(run) ? "" : lastFailure;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Limits.Status limits() {
        lock.lock();
        try {
            return limits;
        } finally {
            lock.unlock();
        }
    }

    @Override
    String complaint() {
        String failure = lastFailure();
        return switch (state()) {
            case BACKOFF, STARTING -> failure.isEmpty() ? "" : name() + " failed: " + failure + "; it is started again";
            case FAILED -> name() + " failed: " + failure + "; it is not started again before somebody does";
            case STOPPED, READY, STOPPING, CLOSED -> "";
        };
    }

    /** It has served for so long that what was before does not count. */
    private boolean isProven(CommandRun candidate) {
        return candidate.served().compareTo(command.restart().longestDelay()) >= 0;
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(command.name() + " is closed");
            }
            decisions++;
            wanted = true;
            failed = false;
            backoff.succeeded();
            launchWhenIdle();
        } finally {
            lock.unlock();
        }
        changed();
    }

    private void launchWhenIdle() {
        if (run == null) {
            CommandRun next = new CommandRun(command, surroundings, output, this);
            run = next;
            next.start();
        }
    }

    @Override
    public void stop() {
        await(end(false));
        changed();
    }

    @Override
    Duration stopGrace() {
        return command.stopGrace();
    }

    @Override
    List<CommandRun> end() {
        List<CommandRun> last = end(true);
        closed();
        return last;
    }

    private List<CommandRun> end(boolean forGood) {
        List<CommandRun> last;
        lock.lock();
        try {
            decisions++;
            wanted = false;
            failed = false;
            lastFailure = "";
            closed |= forGood;
            last = run == null ? List.of() : List.of(run);
        } finally {
            lock.unlock();
        }
        last.forEach(CommandRun::stop);
        changed();
        return last;
    }

    @Override
    public void confined(Limits.Status status) {
        boolean news;
        lock.lock();
        try {
            news = !status.equals(limits);
            limits = status;
        } finally {
            lock.unlock();
        }
        if (news && !status.notEnforced().isEmpty()) {
            log.atWarn().addKeyValue("process", name()).log("limits are not enforced: {}", status.notEnforced());
        }
    }

    @Override
    public void ready(CommandRun ready) {
        log.atInfo().addKeyValue("process", name()).addKeyValue("pid", ready.pid()).log("process is ready");
        changed();
    }

    @Override
    public void ended(CommandRun gone, End end) {
        lock.lock();
        try {
            if (isProven(gone)) {
                backoff.succeeded();
            }
            run = null;
            failed = false;
            switch (end) {
                case End.Asked() -> {
                    if (wanted && !closed) {
                        launchWhenIdle();
                    }
                }
                case End.Well() -> again(command.restart().mode() == Mode.ALWAYS, "it ended by itself");
                case End.Failed(String why, boolean lasting) -> {
                    failed = wanted;
                    again(command.restart().mode() != Mode.NEVER && !lasting, why);
                }
            }
        } finally {
            lock.unlock();
        }
        if (end instanceof End.Failed(String why, boolean _)) {
            log.atWarn().addKeyValue("process", name()).log("process failed: {}; the last it said:\n{}", why, output.lastWords());
        }
        changed();
    }

    private void again(boolean restart, String why) {
        RestartPolicy policy = command.restart();
        lastFailure = restart || failed ? why : "";
        if (closed || !wanted || !restart || backoff.failures() >= policy.maxRestarts()) {
            failed |= restart && wanted;
            wanted = false;
            return;
        }
        backoff.failed();
        int decision = ++decisions;
        surroundings.after(backoff.remaining(), () -> {
            lock.lock();
            try {
                if (wanted && decision == decisions) {
                    restarts++;
                    launchWhenIdle();
                }
            } finally {
                lock.unlock();
            }
            changed();
        });
    }
}
