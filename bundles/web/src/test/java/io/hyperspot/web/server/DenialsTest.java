// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.security.TenantId;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which requests the audit trail hears of. */
class DenialsTest extends WebFixture {
    private final List<AuditEvent> told = new CopyOnWriteArrayList<>();
    private final AuditTrail trail = new AuditTrail() {
        @Override
        public void record(AuditEvent event) {
            throw new AssertionError("a denial must cost no I/O");
        }

        @Override
        public void notice(AuditEvent event) {
            told.add(event);
        }
    };

    @BeforeEach
    void startServer() throws Exception {
        start(Map.of()).bindAudit(trail);
    }

    private HttpResponse<String> by(String key) throws Exception {
        return send(request("/p/hello").setHeader("Authorization", "Bearer " + key));
    }

    private AuditEvent only() {
        await().until(() -> !told.isEmpty());
        assertThat(told).hasSize(1);
        return told.getFirst();
    }

    @Test
    void tellsWhoWasNotAllowedWhat() throws Exception {
        HttpResponse<String> answer = by("weak");
        problem(answer, 403, "PERMISSION_DENIED");
        AuditEvent event = only();
        assertThat(event.tenant()).isEqualTo(TenantId.ROOT);
        assertThat(event.actor()).isEqualTo("key:weak");
        assertThat(event.action()).isEqualTo("operation.call");
        assertThat(event.target()).isEqualTo("GET /p/hello");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.details())
                .containsEntry("code", "PERMISSION_DENIED")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("request_id", header(answer, "x-request-id"));
        assertThat(accessLine(header(answer, "x-request-id"))).contains("subject=key:weak");
    }

    @Test
    void tellsOfAWrongCredentialButNotWhatItWas() throws Exception {
        problem(by("hsk_guessed"), 401, "UNAUTHENTICATED");
        AuditEvent event = only();
        assertThat(event.actor()).isEqualTo("anonymous");
        assertThat(event.action()).isEqualTo("credential.check");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.toString()).doesNotContain("guessed");
    }

    @Test
    void tellsNothingOfWhatIsAllowedOrComesWithoutCredential() throws Exception {
        assertThat(by("good").statusCode()).isEqualTo(200);
        problem(send(anonymous("/p/hello")), 401, "UNAUTHENTICATED");
        problem(by("down"), 503, "CREDENTIAL_STORE_UNAVAILABLE");
        problem(by("weak"), 403, "PERMISSION_DENIED");
        assertThat(only().actor()).isEqualTo("key:weak");
    }

    @Test
    void goesOnWithoutATrail() throws Exception {
        server().unbindAudit(trail);
        problem(by("weak"), 403, "PERMISSION_DENIED");
        assertThat(told).isEmpty();
    }
}
