// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.process.Processes;
import io.hyperspot.process.SupervisedProcess;
import io.hyperspot.process.SupervisedProcess.State;
import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Shows, starts and stops the processes that bundles have defined; it defines none. Thread-safe. */
@Component(service = ProcessControl.class)
public final class ProcessControl {
    /** What may be done with a process. */
    public enum Action {
        START,
        STOP,
        RESTART
    }

    private final @Nullable Processes processes;
    private final AuditTrail audit;

    /**
     * @param processes null while the process module is stopped: not needed, so that it can be
     */
    @Activate
    public ProcessControl(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable Processes processes,
            @Reference AuditTrail audit) {
        this.audit = audit;
        this.processes = processes;
    }

    /** All processes, ordered by name. */
    public List<SupervisedProcess> list() {
        return processes == null ? List.of() : processes.list();
    }

    /**
     * @throws ProblemException NOT_FOUND
     */
    public SupervisedProcess find(String name) {
        return list().stream()
                .filter(process -> process.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "PROCESS_NOT_FOUND",
                        "no process '" + name + "'; GET /process-manager/v1/processes lists all"));
    }

    /**
     * Does it, and returns the process: ended, when it was to be stopped; else on its start.
     *
     * @throws ProblemException NOT_FOUND; FAILED_PRECONDITION when it is in that state already
     */
    public SupervisedProcess act(String name, Action action, String actor) {
        SupervisedProcess process = find(name);
        State state = process.state();
        switch (action) {
            case START -> refuse(process, state, List.of(State.STARTING, State.READY), "PROCESS_RUNNING");
            case STOP -> refuse(process, state, List.of(State.STOPPED, State.FAILED), "PROCESS_NOT_RUNNING");
            case RESTART -> {}
        }
        audit.report(new AuditEvent(
                TenantId.ROOT, actor, "process." + action.name().toLowerCase(Locale.ROOT), name, AuditEvent.Outcome.DONE, Map.of()));
        try {
            switch (action) {
                case START -> process.start();
                case STOP -> process.stop();
                case RESTART -> process.restart();
            }
        } catch (IllegalStateException e) {
            throw new ProblemException(
                    ErrorCategory.ABORTED, "PROCESS_GONE", "its owner has just ended the process '" + name + "'", Map.of(), e);
        }
        return process;
    }

    private static void refuse(SupervisedProcess process, State state, List<State> wrong, String code) {
        if (wrong.contains(state)) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    code,
                    "the process '" + process.name() + "' is " + state + " since " + process.since(),
                    Map.of("state", state.name()),
                    null);
        }
    }
}
