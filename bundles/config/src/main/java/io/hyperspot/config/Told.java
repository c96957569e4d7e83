// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.security.TenantId;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the audit trail is told of the configuration. What happens before there is a trail waits for it.
 * Names only: values may be secrets.
 */
final class Told {
    /** A start applies the file again as bundles come; more than these would tell nothing new. */
    private static final int MOST_WAITING = 64;

    private final Path file;
    private final Queue<AuditEvent> waiting = new ArrayDeque<>();
    private @Nullable AuditTrail trail;
    private String lastRefusal = "";

    Told(Path file) {
        this.file = file;
    }

    synchronized void use(AuditTrail next) {
        trail = next;
        waiting.forEach(next::notice);
        waiting.clear();
    }

    synchronized void release(AuditTrail gone) {
        if (gone.equals(trail)) {
            trail = null;
        }
    }

    void applied(List<String> changed) {
        tell(Outcome.DONE, Map.of("changed", String.join(" ", changed)));
    }

    /** A file that stays bad is told once. */
    synchronized void refused(ConfigException refusal) {
        String reason = refusal.problems().stream().map(Told::where).collect(Collectors.joining(", "));
        if (!reason.equals(lastRefusal)) {
            lastRefusal = reason;
            tell(Outcome.FAILED, Map.of("refused", reason));
        }
    }

    private static String where(ConfigProblem problem) {
        return problem.key().isEmpty() ? "line " + problem.line() : problem.key();
    }

    private synchronized void tell(Outcome outcome, Map<String, String> details) {
        if (outcome == Outcome.DONE) {
            lastRefusal = "";
        }
        AuditEvent event =
                new AuditEvent(TenantId.ROOT, "system:config", "config.apply", String.valueOf(file.getFileName()), outcome, details);
        if (trail != null) {
            trail.notice(event);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(event);
        }
    }
}
