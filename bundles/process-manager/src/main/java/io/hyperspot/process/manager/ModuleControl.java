// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.BoundedStep;
import io.hyperspot.modkit.lifecycle.BoundedStep.Outcome;
import io.hyperspot.process.manager.Module.Kind;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops modules. What their code does is bounded: one that hangs is left behind. Thread-safe. */
@Component(service = ModuleControl.class)
public final class ModuleControl {
    private static final Logger log = LoggerFactory.getLogger(ModuleControl.class);

    /** Above the drain timeout of workers, which finish their calls before their module stops. */
    private static final Duration DEADLINE = Duration.ofSeconds(50);

    /** What may be done with a module. */
    public enum Action {
        START,
        STOP,
        RESTART
    }

    private final ModuleDirectory directory;
    private final AuditTrail audit;

    @Activate
    public ModuleControl(@Reference ModuleDirectory directory, @Reference AuditTrail audit) {
        this.audit = audit;
        this.directory = directory;
    }

    /**
     * Does it, and returns the module as it is then.
     *
     * @param confirmed that the caller knows what else stops
     * @throws ProblemException NOT_FOUND; FAILED_PRECONDITION when the module must not be stopped, or the
     *     caller has not confirmed; INTERNAL when its code fails; DEADLINE_EXCEEDED when it hangs
     */
    public Module act(String id, Action action, boolean confirmed, String actor) {
        Module module = directory.find(id).orElseThrow(() -> unknown(id));
        Bundle bundle = directory.bundle(id).orElseThrow(() -> unknown(id));
        if (action != Action.START) {
            allow(module, action);
            List<String> affected = directory.affectedBy(id);
            if (!confirmed) {
                throw new ProblemException(
                        ErrorCategory.FAILED_PRECONDITION,
                        "CONFIRMATION_REQUIRED",
                        impact(module, action, affected) + " Send {\"confirm\": true} to do it.",
                        Map.of("affected", affected),
                        null);
            }
        }
        audit.report(new AuditEvent(
                TenantId.ROOT, actor, "module." + action.name().toLowerCase(Locale.ROOT), id, AuditEvent.Outcome.DONE, Map.of()));
        if (action != Action.START) {
            bounded(id, "stop", bundle::stop);
        }
        if (action != Action.STOP) {
            bounded(id, "start", () -> bundle.start(Bundle.START_TRANSIENT));
        }
        return directory.find(id).orElseThrow(() -> unknown(id));
    }

    /** What stopping a module means, in words. */
    public static String impact(Module module, Action action, List<String> affected) {
        StringBuilder text = new StringBuilder();
        text.append(action == Action.RESTART ? "While " + module.id() + " restarts" : "While " + module.id() + " is stopped");
        text.append(module.workers().isEmpty() ? "" : ", its workers take no requests: " + String.join(", ", module.workers()) + ";");
        text.append(affected.isEmpty() ? " no other module stops." : " these do not work: " + String.join(", ", affected) + ".");
        return text.toString();
    }

    private static void allow(Module module, Action action) {
        if (module.kind() == Kind.ESSENTIAL) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    "MODULE_ESSENTIAL",
                    module.id() + " carries this very request; to " + action.name().toLowerCase(Locale.ROOT)
                            + " it, restart the server");
        }
        if (module.kind() == Kind.PLUGIN) {
            throw new ProblemException(
                    ErrorCategory.FAILED_PRECONDITION,
                    "MODULE_IS_PLUGIN",
                    module.id() + " is a plugin: use /plugins/v1/plugins/" + module.id()
                            + ", where it is replaced without a gap");
        }
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(
                ErrorCategory.NOT_FOUND, "MODULE_NOT_FOUND", "no module '" + id + "'; GET /process-manager/v1/modules lists all");
    }

    private static void bounded(String id, String verb, BoundedStep step) {
        switch (BoundedStep.run("module-" + verb + "-" + id, DEADLINE, step)) {
            case Outcome.Done() -> {}
            case Outcome.Failed(Throwable cause) -> {
                log.error("module {} did not {}", id, verb, cause);
                throw new ProblemException(
                        ErrorCategory.INTERNAL, "MODULE_FAILED", id + " did not " + verb + ": " + cause, Map.of(), cause);
            }
            case Outcome.Hanging(String place) ->
                throw new ProblemException(
                        ErrorCategory.DEADLINE_EXCEEDED,
                        "MODULE_HANGS",
                        id + " did not " + verb + " within " + DEADLINE.toSeconds() + " s and is left behind; it waits at " + place);
            case Outcome.Interrupted() ->
                throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "nobody waits any more");
        }
    }
}
