// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the audit trail of requests that were not allowed, and of credentials that were no good. */
final class Denials {
    private volatile @Nullable AuditTrail trail;

    void use(AuditTrail next) {
        trail = next;
    }

    void release(AuditTrail gone) {
        if (gone.equals(trail)) {
            trail = null;
        }
    }

    /** Costs no I/O: anybody can cause these. */
    void tell(Visit visit, int status, RequestClient client) {
        AuditTrail to = trail;
        if (to == null) {
            return;
        }
        if (status == 403) {
            to.notice(denied(visit, "operation.call", client.address()));
        } else if (status == 401 && client.headerCredential() != null) {
            to.notice(denied(visit, "credential.check", client.address()));
        }
    }

    private static AuditEvent denied(Visit visit, String action, @Nullable InetAddress from) {
        SecurityContext caller = visit.caller;
        Map<String, String> details = new HashMap<>();
        details.put("request_id", visit.exchange.requestId());
        details.put("code", visit.problem == null ? "" : visit.problem);
        details.put("address", from == null ? "" : from.getHostAddress());
        return new AuditEvent(
                caller == null ? TenantId.ROOT : caller.tenant(),
                caller == null ? "anonymous" : caller.subject(),
                action,
                visit.exchange.method() + " " + visit.operation,
                Outcome.DENIED,
                details);
    }
}
