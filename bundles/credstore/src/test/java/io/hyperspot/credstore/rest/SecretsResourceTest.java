// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import static io.hyperspot.credstore.gateway.Installation.A;
import static io.hyperspot.credstore.gateway.Installation.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.credstore.gateway.Installation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.query.Cursors;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SecretsResourceTest {
    private static final ValueRequest NEXT = new ValueRequest("v2", null, null);

    @TempDir
    private Path home;

    private Installation installation;
    private final List<AuditEvent> acts = new ArrayList<>();
    private SecretsResource resource;
    private KeysResource keys;

    @BeforeEach
    void start() throws Exception {
        installation = new Installation(home, Map.of("dsn", "sqlite"), Clock.systemUTC()).ready();
        resource = new SecretsResource(installation.credentials(), new Cursors(new byte[32]), trail());
        keys = new KeysResource(installation.module);
    }

    private AuditTrail trail() {
        return new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                acts.add(event);
            }

            @Override
            public void notice(AuditEvent event) {
                acts.add(event);
            }
        };
    }

    @AfterEach
    void stop() throws Exception {
        installation.close();
    }

    private static SecretRequest request(@Nullable String reference, @Nullable String value, @Nullable String sharing) {
        return new SecretRequest(reference, value, sharing, null, null, null);
    }

    /** Makes the secret {@code openai} of tenant A. */
    private String made() {
        var response = resource.create(A, request("openai", "v1", null));
        assertThat(response.getStatus()).isEqualTo(201);
        assertThat(response.getHeaderString("Cache-Control")).isEqualTo("no-store");
        return "\"" + response.getEntityTag().getValue() + "\"";
    }

    private static void assertProblem(ErrorCategory category, String reason, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).as(e.detail()).isEqualTo(category);
        assertThat(e.code()).isEqualTo(reason);
    }

    private void assertValue(String value) {
        assertThat(((ValueDto) resource.value(A, "openai", null).getEntity()).value()).isEqualTo(value);
        assertThat(acts).extracting(AuditEvent::action).containsExactly("secret.reveal");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " "})
    void demandsIfMatchForEveryChange(@Nullable String ifMatch) {
        made();
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT, "IF_MATCH_REQUIRED", () -> resource.put(A, "openai", ifMatch, NEXT));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "IF_MATCH_REQUIRED", () -> resource.delete(A, "openai", ifMatch));
        assertValue("v1");
    }

    @Test
    void refusesAStaleTag() {
        String first = made();
        resource.put(A, "openai", first, NEXT);
        ValueRequest third = new ValueRequest("v3", null, null);
        assertProblem(ErrorCategory.ABORTED, "OPTIMISTIC_LOCK_FAILURE", () -> resource.put(A, "openai", first, third));
        assertProblem(ErrorCategory.ABORTED, "OPTIMISTIC_LOCK_FAILURE", () -> resource.delete(A, "openai", first));
        assertProblem(ErrorCategory.ABORTED, "OPTIMISTIC_LOCK_FAILURE", () -> resource.delete(A, "openai", "*"));
        assertValue("v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", "a b", "über"})
    void refusesABadReference(String reference) {
        String detail = "INVALID_SECRET_REQUEST";
        assertProblem(ErrorCategory.INVALID_ARGUMENT, detail, () -> resource.create(A, request(reference, "v", null)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, detail, () -> resource.get(A, reference));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, detail, () -> resource.put(A, reference, "\"x.1\"", NEXT));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, detail, () -> resource.delete(A, reference, "\"x.1\""));
    }

    @Test
    void refusesWhatIsMissingOrTooLong() {
        String tag = made();
        String tooLong = "x".repeat((64 << 10) + 1);
        String reason = "INVALID_SECRET_REQUEST";
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, request(null, "v", null)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, request("two", null, null)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, request("two", "", null)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, request("two", tooLong, null)));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.create(A, request("two", "v", "world")));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.put(A, "openai", tag, null));
        ValueRequest over = new ValueRequest(tooLong, null, null);
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.put(A, "openai", tag, over));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, reason, () -> resource.value(A, "openai", 0L));
        assertProblem(ErrorCategory.ALREADY_EXISTS, "SECRET_EXISTS", () -> resource.create(A, request("openai", "v", null)));
        assertValue("v1");
    }

    @Test
    void hidesTheSecretsOfAnotherTenant() {
        String tag = made();
        String reason = "SECRET_NOT_FOUND";
        assertProblem(ErrorCategory.NOT_FOUND, reason, () -> resource.get(B, "openai"));
        assertProblem(ErrorCategory.NOT_FOUND, reason, () -> resource.value(B, "openai", null));
        assertProblem(ErrorCategory.NOT_FOUND, reason, () -> resource.versions(B, "openai"));
        assertProblem(ErrorCategory.NOT_FOUND, reason, () -> resource.put(B, "openai", tag, NEXT));
        assertProblem(ErrorCategory.NOT_FOUND, reason, () -> resource.delete(B, "openai", tag));
        assertValue("v1");
    }

    @Test
    void rotatesKeysForTheRootTenantOnly() {
        RotationRequest data = new RotationRequest("data");
        assertProblem(ErrorCategory.PERMISSION_DENIED, "ROOT_TENANT_ONLY", () -> keys.rotate(A, data));
        assertProblem(ErrorCategory.PERMISSION_DENIED, "ROOT_TENANT_ONLY", () -> keys.progress(A, "data"));
        assertProblem(
                ErrorCategory.NOT_FOUND, "KEY_ROTATION_NOT_FOUND", () -> keys.progress(Installation.ROOT, "data"));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_SECRET_REQUEST", () -> keys.progress(Installation.ROOT, "all"));
        assertThat(keys.rotate(Installation.ROOT, data).getStatus()).isEqualTo(202);
        assertThat(keys.progress(Installation.ROOT, "data").kind()).isEqualTo("data");
    }
}
