// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import static io.hyperspot.credentials.vault.Fixture.VALUE;
import static io.hyperspot.credentials.vault.Fixture.problem;
import static io.hyperspot.credentials.vault.Fixture.slot;
import static io.hyperspot.credentials.vault.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credstore.Secret;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins and the time of tokens, against a local server that answers as Vault's documentation says; not the real product. */
@Timeout(60)
class VaultLoginTest {
    private static final String LOGIN = "POST /v1/auth/approle/login";
    private static final String RENEWAL = "POST /v1/auth/token/renew-self";

    @TempDir
    private Path folder;

    private Fixture fixture;
    private FakeVault vault;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(folder);
        vault = fixture.vault;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void logsInOnceByAppRole() {
        VaultWorker worker = fixture.appRole();
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(vault.count(LOGIN)).isEqualTo(1);
    }

    @Test
    void logsInWithTheServiceAccountOfKubernetes() throws Exception {
        VaultWorker worker = fixture.kubernetes();
        worker.put(slot(1), Secret.of(VALUE));
        vault.jwt = "eyJ.jwt.2";
        Files.writeString(fixture.jwtFile, "eyJ.jwt.2\n");
        fixture.forward(Duration.ofSeconds(61));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(vault.count("POST /v1/auth/k8s/east/login")).isEqualTo(2);
    }

    @Test
    void logsInOnceForManyCallersAtOnce() throws Exception {
        VaultWorker worker = fixture.appRole();
        List<Future<Optional<String>>> reads = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                reads.add(threads.submit(() -> text(worker, 1)));
            }
            for (Future<Optional<String>> read : reads) {
                assertThat(read.get()).isEmpty();
            }
        }
        assertThat(vault.count(LOGIN)).isEqualTo(1);
    }

    @Test
    void renewsTheTokenBeforeItsTimeIsOver() {
        VaultWorker worker = fixture.appRole();
        text(worker, 1);
        fixture.forward(Duration.ofSeconds(30));
        text(worker, 1);
        assertThat(vault.count(RENEWAL)).isZero();
        fixture.forward(Duration.ofSeconds(15));
        text(worker, 1);
        for (int i = 2; i <= 4; i++) {
            fixture.forward(Duration.ofSeconds(45));
            text(worker, 1);
            assertThat(vault.count(RENEWAL)).isEqualTo(i);
        }
        assertThat(vault.count(LOGIN)).isEqualTo(1);
    }

    @Test
    void logsInAnewWhenTheTokenCannotBeRenewedForLong() {
        VaultWorker worker = fixture.appRole();
        text(worker, 1);
        vault.renewSeconds = 10;
        fixture.forward(Duration.ofSeconds(45));
        text(worker, 1);
        assertThat(vault.count(LOGIN)).isEqualTo(2);
    }

    @Test
    void logsInAnewWhenTheTokenIsNotRenewable() {
        vault.renewable = false;
        VaultWorker worker = fixture.appRole();
        text(worker, 1);
        fixture.forward(Duration.ofSeconds(45));
        text(worker, 1);
        assertThat(vault.count(RENEWAL)).isZero();
        assertThat(vault.count(LOGIN)).isEqualTo(2);
    }

    @Test
    void neverRenewsATokenWithoutAnEnd() {
        vault.loginSeconds = 0;
        VaultWorker worker = fixture.appRole();
        text(worker, 1);
        fixture.forward(Duration.ofDays(1000));
        text(worker, 1);
        assertThat(vault.requests).hasSize(3);
    }

    @Test
    void logsInAnewWhenTheTokenWasRevoked() {
        VaultWorker worker = fixture.appRole();
        worker.put(slot(1), Secret.of(VALUE));
        fixture.forward(Duration.ofSeconds(6));
        vault.revokeAll();
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(vault.count(LOGIN)).isEqualTo(2);
    }

    @Test
    void doesNotLogInAgainAndAgainWhenThePolicyRefuses() {
        VaultWorker worker = fixture.appRole();
        vault.policyAllows = false;
        for (int i = 0; i < 10; i++) {
            assertThat(problem(() -> worker.get(slot(1))).code()).isEqualTo("VAULT_DENIED");
        }
        assertThat(vault.count(LOGIN)).isEqualTo(1);
    }

    @Test
    void usesTheTokenToItsEndWhenItCannotBeRenewedNow() {
        VaultWorker worker = fixture.appRole();
        worker.put(slot(1), Secret.of(VALUE));
        vault.renewable = false;
        vault.secretId = "secret-id-2";
        fixture.forward(Duration.ofSeconds(45));
        for (int i = 0; i < 5; i++) {
            assertThat(text(worker, 1)).contains(VALUE);
        }
        assertThat(vault.count(RENEWAL)).isEqualTo(1);
        fixture.forward(Duration.ofSeconds(20));
        assertThat(problem(() -> worker.get(slot(1))).code()).isEqualTo("VAULT_DENIED");
    }

    /** Vault locks out who fails too often. */
    @Test
    void waitsAfterALoginThatWasRefusedAndFollowsTheNewSecretId() throws Exception {
        vault.secretId = "secret-id-2";
        VaultWorker worker = fixture.appRole();
        for (int i = 0; i < 5; i++) {
            ProblemException e = problem(() -> worker.get(slot(1)));
            assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
            assertThat(e.code()).isEqualTo("VAULT_DENIED");
        }
        assertThat(vault.count(LOGIN)).isEqualTo(1);
        Files.writeString(fixture.secretIdFile, "secret-id-2");
        fixture.forward(Duration.ofSeconds(6));
        assertThat(text(worker, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"auth\":null}", "{\"auth\":{\"client_token\":\"\",\"mfa_requirement\":{}}}"})
    void reportsALoginWithoutAToken(String body) {
        vault.body = body;
        VaultWorker worker = fixture.appRole();
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503, -1})
    void reportsThatVaultDoesNotAnswerALogin(int status) {
        vault.broken = status;
        VaultWorker worker = fixture.appRole();
        assertThat(problem(() -> worker.get(slot(1))).category())
                .isEqualTo(status < 0 ? ErrorCategory.DEADLINE_EXCEEDED : ErrorCategory.UNAVAILABLE);
    }
}
