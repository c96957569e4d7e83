// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import static io.hyperspot.credentials.vault.Fixture.ID;
import static io.hyperspot.credentials.vault.Fixture.TENANT;
import static io.hyperspot.credentials.vault.Fixture.TOKEN;
import static io.hyperspot.credentials.vault.Fixture.VALUE;
import static io.hyperspot.credentials.vault.Fixture.path;
import static io.hyperspot.credentials.vault.Fixture.problem;
import static io.hyperspot.credentials.vault.Fixture.slot;
import static io.hyperspot.credentials.vault.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, versions and refusals, against a local server that answers as Vault's documentation says; not the real product. */
@Timeout(60)
class VaultWorkerTest {
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
    void keepsEachVersionAtItsOwnPath() {
        VaultWorker worker = fixture.worker();
        assertThat(worker.store()).isEqualTo("vault");
        assertThat(worker.isWritable()).isTrue();
        assertThat(text(worker, 1)).isEmpty();
        worker.put(slot(1), Secret.of(VALUE));
        worker.put(slot(2), Secret.of("second"));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(text(worker, 2)).contains("second");
        assertThat(text(worker, 3)).isEmpty();
        assertThat(vault.paths()).containsExactly(path(1), path(2));
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void keepsAnyBytesOfTheLargestSize() {
        VaultWorker worker = fixture.worker();
        byte[] value = new byte[64 << 10];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        worker.put(slot(1), Secret.of(value));
        assertThat(worker.get(slot(1)).map(Secret::bytes).orElseThrow()).isEqualTo(value);
    }

    @Test
    void showsATenantNothingOfAnother() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(worker.get(new Slot(TenantId.ROOT, "open-ai", ID, 1))).isEmpty();
    }

    /** CWE-22: an id that leads to another path is none. */
    @ParameterizedTest
    @ValueSource(strings = {"..", "../../sys", "a/b", "a%2fb", "a?list=true", "", "a#b", "a b"})
    void refusesAnIdThatIsNoSegment(String id) {
        VaultWorker worker = fixture.worker();
        Slot slot = new Slot(TENANT, "open-ai", id, 1);
        assertThat(problem(() -> worker.get(slot)).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(problem(() -> worker.put(slot, Secret.of("v"))).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(problem(() -> worker.delete(slot)).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(vault.requests).isEmpty();
    }

    @Test
    void takesTheSameValueOfAVersionTwice() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(vault.entries(path(1))).hasSize(1);
    }

    @Test
    void writesOnceWhenTheAnswerIsLost() {
        VaultWorker worker = fixture.worker();
        vault.losing.set(true);
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(vault.entries(path(1))).hasSize(1);
        assertThat(vault.count("POST /v1/" + FakeVault.MOUNT)).isEqualTo(2);
    }

    @Test
    void doesNotReplaceWhatAnotherServerMayBeAboutToCommit() {
        VaultWorker worker = fixture.worker();
        VaultWorker other = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        ProblemException e = problem(() -> other.put(slot(1), Secret.of("other")));
        assertThat(e.category()).isEqualTo(ErrorCategory.ABORTED);
        assertThat(e.code()).isEqualTo("SECRET_VERSION_TAKEN");
        assertThat(text(other, 1)).contains(VALUE);
        assertThat(other.health().state()).isEqualTo(State.UP);
    }

    @Test
    void replacesWhatAWriteThatFailedLongAgoHasLeft() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("left"));
        vault.age(path(1), Duration.ofSeconds(121));
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(vault.entries(path(1))).hasSize(2);
    }

    @Test
    void letsOneOfManyWritersOfAVersionWin() throws Exception {
        List<Future<Boolean>> outcomes = new ArrayList<>();
        int wins = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                String value = "value-" + i;
                VaultWorker worker = fixture.worker();
                Callable<Boolean> call = () -> {
                    try {
                        worker.put(slot(1), Secret.of(value));
                        return true;
                    } catch (ProblemException e) {
                        assertThat(e.category()).isEqualTo(ErrorCategory.ABORTED);
                        return false;
                    }
                };
                outcomes.add(threads.submit(call));
            }
            for (Future<Boolean> outcome : outcomes) {
                wins += outcome.get() ? 1 : 0;
            }
        }
        assertThat(wins).isEqualTo(1);
        assertThat(vault.entries(path(1))).hasSize(1);
    }

    @Test
    void losesAgainstAWriterThatReplacesTheSameLeftover() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("left"));
        vault.age(path(1), Duration.ofSeconds(121));
        VaultWorker other = fixture.worker();
        vault.beforeWrite = () -> {
            if (vault.count("POST /v1/" + FakeVault.MOUNT) == 3) {
                vault.beforeWrite = () -> {};
                other.put(slot(1), Secret.of("faster"));
            }
        };
        assertThat(problem(() -> worker.put(slot(1), Secret.of(VALUE))).category()).isEqualTo(ErrorCategory.ABORTED);
        assertThat(text(worker, 1)).contains("faster");
    }

    @Test
    void writesAnewWhereTheValueWasDeletedInVault() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("old"));
        vault.entries(path(1)).getLast().deleted = true;
        assertThat(text(worker, 1)).isEmpty();
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(text(worker, 1)).contains(VALUE);
    }

    @Test
    void deletesAllVersionsAndNothingElse() throws Exception {
        VaultWorker worker = fixture.worker();
        String beside = "apps/hs/" + TENANT + "/" + ID + "-beside/1";
        vault.write(beside, "{}");
        for (int version = 1; version <= 12; version++) {
            worker.put(slot(version), Secret.of(VALUE));
        }
        worker.delete(slot(12));
        assertThat(vault.paths()).containsExactly(beside);
        worker.delete(slot(12));
        assertThat(text(worker, 12)).isEmpty();
    }

    @Test
    void takesNoDocumentThatWasCopiedFromAnotherSecret() throws Exception {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        vault.write(path(2), vault.entries(path(1)).getLast().data.toString());
        assertThat(problem(() -> worker.get(slot(2))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    @Test
    void followsTheTokenFileThatAnAgentRenews() throws Exception {
        VaultWorker worker = fixture.worker();
        assertThat(text(worker, 1)).isEmpty();
        vault.revokeAll();
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(e.code()).isEqualTo("VAULT_DENIED");
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        vault.token("hvs.next-7731", Duration.ofHours(1));
        Files.writeString(fixture.tokenFile, "hvs.next-7731");
        assertThat(text(worker, 1)).isEmpty();
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "with\u0001control-7731"})
    void saysThatTheTokenFileHoldsNoToken(String text) throws Exception {
        Files.writeString(fixture.tokenFile, text);
        VaultWorker worker = fixture.worker();
        assertThat(problem(() -> worker.get(slot(1))).code()).isEqualTo("VAULT_DENIED");
        assertThat(vault.requests).isEmpty();
    }

    @Test
    void saysThatTheTokenFileIsMissing() throws Exception {
        Files.delete(fixture.tokenFile);
        VaultWorker worker = fixture.worker();
        assertThat(problem(() -> worker.get(slot(1)))).hasRootCauseMessage("the file " + fixture.tokenFile + " cannot be read (NoSuchFileException)");
    }

    @ParameterizedTest
    @CsvSource({
        "307, UNAVAILABLE, VAULT_UNAVAILABLE",
        "403, UNAVAILABLE, VAULT_DENIED",
        "405, BAD_UPSTREAM, VAULT_BAD_ANSWER",
        "412, UNAVAILABLE, VAULT_UNAVAILABLE",
        "429, UNAVAILABLE, VAULT_UNAVAILABLE",
        "472, UNAVAILABLE, VAULT_UNAVAILABLE",
        "473, UNAVAILABLE, VAULT_UNAVAILABLE",
        "500, UNAVAILABLE, VAULT_UNAVAILABLE",
        "502, UNAVAILABLE, VAULT_UNAVAILABLE",
        "503, UNAVAILABLE, VAULT_UNAVAILABLE",
        "-1, DEADLINE_EXCEEDED, VAULT_TIMEOUT"
    })
    void reportsThatVaultCannotBeUsed(int status, ErrorCategory category, String code) {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        vault.broken = status;
        for (ProblemException e : List.of(
                problem(() -> worker.get(slot(1))),
                problem(() -> worker.put(slot(2), Secret.of(VALUE))),
                problem(() -> worker.delete(slot(1))))) {
            assertThat(e.category()).isEqualTo(category);
            assertThat(e.code()).isEqualTo(code);
        }
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).doesNotContain("7731");
        vault.broken = 0;
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void reportsThatNobodyListens() {
        VaultWorker worker = fixture.worker();
        vault.close();
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "value-7731",
                "<html>value-7731</html>",
                "[]",
                "null",
                "{\"data\":{}}",
                "{\"data\":{\"data\":null,\"metadata\":{\"version\":1}}}",
                "{\"data\":{\"data\":{\"value\":\"value-7731\"},\"metadata\":{\"version\":1}}}",
                "{\"data\":{\"data\":{\"value\":\"value-7731%\",\"secret\":\"" + ID
                        + "\",\"version\":1},\"metadata\":{\"version\":1,\"created_time\":\"2026-01-01T00:00:00Z\"}}}",
                "{\"data\":{\"data\":{\"value\":\"\",\"secret\":\"" + ID
                        + "\",\"version\":1},\"metadata\":{\"version\":1,\"created_time\":\"2026-01-01T00:00:00Z\"}}}",
                "{\"data\":{\"data\":{\"value\":\"djc3MzE=\",\"secret\":\"" + ID
                        + "\",\"version\":1},\"metadata\":{\"version\":1,\"created_time\":\"never-7731\"}}}"
            })
    void reportsAnAnswerThatMakesNoSenseWithoutQuotingIt(String body) {
        VaultWorker worker = fixture.worker();
        vault.body = body;
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
        assertThat(problem(() -> worker.delete(slot(1))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    /** Of an engine of version 1, which takes everything and has no versions. */
    @Test
    void reportsAWriteThatNoEngineOfVersion2HasDone() {
        VaultWorker worker = fixture.worker();
        vault.body = "{\"request_id\":\"1\"}";
        assertThat(problem(() -> worker.put(slot(1), Secret.of(VALUE))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    @Test
    void takesAnAnswerThatNeverEndsForNone() {
        VaultWorker worker = fixture.worker();
        vault.body = " ".repeat(1 << 20);
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    @ParameterizedTest
    @CsvSource({"mount, elsewhere", "namespace, team/red", "namespace, ''"})
    void doesNotTakeAMissingEngineForAMissingSecret(String key, String value) {
        VaultWorker worker = fixture.worker(Map.of(key, value));
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(problem(() -> worker.put(slot(1), Secret.of(VALUE))).category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(problem(() -> worker.delete(slot(1))).category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "address, http://vault.example.com:8200, 'address'",
        "address, https://user:pass-7731@vault.example.com, 'address'",
        "address, https://vault.example.com/?token=7731, 'address'",
        "address, https://vault^7731, 'address'",
        "address, ftp://127.0.0.1, 'address'",
        "mount, ../sys, 'mount'",
        "mount, '', 'mount'",
        "prefix, a//b, 'prefix'",
        "prefix, a/./b, 'prefix'",
        "prefix, a?b, 'prefix'",
        "namespace, a b, 'namespace'",
        "auth, ldap, 'auth'",
        "auth, approle, 'role_id'",
        "auth, kubernetes, 'role'",
        "token_file, '', 'token_file'"
    })
    void saysWhatIsWrongWithItsConfiguration(String key, String value, String named) {
        VaultWorker worker = fixture.worker(Map.of(key, value));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).contains(named).contains("modules.credentials-vault.instances.vault").doesNotContain("7731");
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(e.code()).isEqualTo("VAULT_MISCONFIGURED");
        assertThat(vault.requests).isEmpty();
    }

    @Test
    void showsNothingOfWhatItHolds() {
        VaultWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        Optional<Secret> read = worker.get(slot(1));
        assertThat(worker + " " + read + " " + worker.name()).doesNotContain("7731").doesNotContain(TOKEN);
    }
}
