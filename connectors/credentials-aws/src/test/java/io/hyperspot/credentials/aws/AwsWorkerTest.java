// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import static io.hyperspot.credentials.aws.Fixture.ID;
import static io.hyperspot.credentials.aws.Fixture.KEY;
import static io.hyperspot.credentials.aws.Fixture.NAME;
import static io.hyperspot.credentials.aws.Fixture.TENANT;
import static io.hyperspot.credentials.aws.Fixture.VALUE;
import static io.hyperspot.credentials.aws.Fixture.problem;
import static io.hyperspot.credentials.aws.Fixture.slot;
import static io.hyperspot.credentials.aws.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.spi.CredentialWorker.Slot;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, versions and refusals, against a local server that answers as AWS's API reference says; not the real product. */
@Timeout(60)
class AwsWorkerTest {
    private Fixture fixture;
    private FakeAws aws;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        aws = fixture.aws;
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void keepsTheVersionsOfASecretInOneOfAws() {
        AwsWorker worker = fixture.worker();
        assertThat(worker.store()).isEqualTo("aws");
        assertThat(worker.isWritable()).isTrue();
        assertThat(text(worker, 1)).isEmpty();
        worker.put(slot(1), Secret.of(VALUE));
        worker.put(slot(2), Secret.of("second"));
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(text(worker, 2)).contains("second");
        assertThat(text(worker, 3)).isEmpty();
        assertThat(aws.names()).containsExactly(NAME);
        assertThat(aws.labels(NAME)).containsExactlyInAnyOrder("AWSPREVIOUS", "hyperspot-1", "AWSCURRENT", "hyperspot-2");
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void keepsAnyBytesOfTheLargestSize() {
        AwsWorker worker = fixture.worker();
        byte[] value = new byte[64 << 10];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        worker.put(slot(1), Secret.of(value));
        assertThat(worker.get(slot(1)).map(Secret::bytes).orElseThrow()).isEqualTo(value);
    }

    @Test
    void encryptsUnderTheConfiguredKey() {
        fixture.worker(Map.of("kms_key", "alias/hyperspot")).put(slot(1), Secret.of(VALUE));
        assertThat(aws.secret(NAME).kmsKey).isEqualTo("alias/hyperspot");
    }

    @Test
    void readsTheTextThatSomebodySetInTheConsole() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        aws.body = "{\"VersionId\":\"v\",\"CreatedDate\":1.5E9,\"SecretString\":\"t\u00e4xt\"}";
        assertThat(text(worker, 1)).contains("t\u00e4xt");
    }

    @Test
    void showsATenantNothingOfAnother() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(worker.get(new Slot(TenantId.ROOT, "open-ai", ID, 1))).isEmpty();
    }

    /** CWE-22: an id that leads to another name is none. */
    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", "", "a b", "arn:aws:secretsmanager:eu-central-1:1:secret:x"})
    void refusesAnIdThatIsNoSegment(String id) {
        AwsWorker worker = fixture.worker();
        Slot slot = new Slot(TENANT, "open-ai", id, 1);
        assertThat(problem(() -> worker.get(slot)).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(problem(() -> worker.put(slot, Secret.of("v"))).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(problem(() -> worker.delete(slot)).category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
        assertThat(aws.actions).isEmpty();
    }

    @Test
    void takesTheSameValueOfAVersionTwice() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(aws.secret(NAME).versions).hasSize(1);
    }

    @Test
    void writesOnceWhenTheAnswerIsLost() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("first"));
        aws.status = 500;
        aws.failure = "InternalServiceError";
        aws.doneAllTheSame = true;
        aws.beforeWrite = () -> {
            aws.beforeWrite = () -> {};
            aws.failing.set(1);
        };
        worker.put(slot(2), Secret.of(VALUE));
        assertThat(text(worker, 2)).contains(VALUE);
        assertThat(aws.secret(NAME).versions).hasSize(2);
        assertThat(aws.count("PutSecretValue")).isEqualTo(4);
    }

    @Test
    void doesNotReplaceWhatAnotherServerMayBeAboutToCommit() {
        AwsWorker worker = fixture.worker();
        AwsWorker other = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        ProblemException e = problem(() -> other.put(slot(1), Secret.of("other")));
        assertThat(e.category()).isEqualTo(ErrorCategory.ABORTED);
        assertThat(e.code()).isEqualTo("SECRET_VERSION_TAKEN");
        assertThat(text(other, 1)).contains(VALUE);
        assertThat(other.health().state()).isEqualTo(State.UP);
    }

    @Test
    void replacesWhatAWriteThatFailedLongAgoHasLeft() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("left"));
        aws.age(NAME, Duration.ofSeconds(121));
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(text(worker, 1)).contains(VALUE);
        aws.age(NAME, Duration.ofSeconds(121));
        worker.put(slot(1), Secret.of("left"));
        assertThat(text(worker, 1)).contains("left");
    }

    @Test
    void losesAgainstAWriterThatReplacesTheSameLeftover() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of("left"));
        aws.age(NAME, Duration.ofSeconds(121));
        AwsWorker other = fixture.worker();
        aws.beforeWrite = () -> {
            aws.beforeWrite = () -> {};
            other.put(slot(1), Secret.of("faster"));
        };
        assertThat(problem(() -> worker.put(slot(1), Secret.of(VALUE))).category()).isEqualTo(ErrorCategory.ABORTED);
        assertThat(text(worker, 1)).contains("faster");
    }

    @Test
    void letsOneOfManyWritersOfAVersionWin() throws Exception {
        List<Future<Boolean>> outcomes = new ArrayList<>();
        int wins = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                String value = "value-" + i;
                AwsWorker worker = fixture.worker();
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
        assertThat(aws.secret(NAME).versions).hasSize(1);
    }

    /** AWS allows 20 staging labels a secret. */
    @Test
    void keepsTheLastSixteenVersions() {
        AwsWorker worker = fixture.worker();
        for (int version = 1; version <= 40; version++) {
            worker.put(slot(version), Secret.of("value-" + version));
        }
        assertThat(text(worker, 24)).isEmpty();
        for (int version = 25; version <= 40; version++) {
            assertThat(text(worker, version)).contains("value-" + version);
        }
    }

    @Test
    void deletesWithTimeToRecover() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        worker.delete(slot(1));
        worker.delete(slot(1));
        assertThat(aws.secret(NAME).recoveryDays).isEqualTo(7);
        assertThat(text(worker, 1)).isEmpty();
        ProblemException e = problem(() -> worker.put(slot(2), Secret.of(VALUE)));
        assertThat(e.category()).isEqualTo(ErrorCategory.FAILED_PRECONDITION);
        assertThat(e.code()).isEqualTo("AWS_SECRET_DELETED");
    }

    @Test
    void deletesForGood() {
        AwsWorker worker = fixture.worker(Map.of("recovery_days", 0));
        worker.put(slot(1), Secret.of(VALUE));
        worker.delete(slot(1));
        worker.delete(slot(1));
        assertThat(aws.names()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException",
        "400, com.amazonaws.secretsmanager#ThrottlingException",
        "400, TooManyRequestsException",
        "429, ''",
        "500, InternalServiceError",
        "503, ''"
    })
    void triesAgainWhatFailsInPassing(int status, String error) {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        aws.status = status;
        aws.failure = error;
        aws.failing.set(3);
        assertThat(text(worker, 1)).contains(VALUE);
        aws.failing.set(Integer.MAX_VALUE);
        long before = aws.count("GetSecretValue");
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(e.code()).isEqualTo("AWS_UNAVAILABLE");
        assertThat(aws.count("GetSecretValue") - before).isEqualTo(4);
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
    }

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, UNAVAILABLE, AWS_DENIED",
        "400, UnrecognizedClientException, UNAVAILABLE, AWS_DENIED",
        "403, InvalidSignatureException, UNAVAILABLE, AWS_DENIED",
        "400, ExpiredTokenException, UNAVAILABLE, AWS_DENIED",
        "400, DecryptionFailure, UNAVAILABLE, AWS_UNAVAILABLE",
        "400, EncryptionFailure, UNAVAILABLE, AWS_UNAVAILABLE",
        "400, LimitExceededException, UNAVAILABLE, AWS_UNAVAILABLE",
        "400, InvalidRequestException, BAD_UPSTREAM, AWS_BAD_ANSWER",
        "400, value-7731, BAD_UPSTREAM, AWS_BAD_ANSWER",
        "302, '', BAD_UPSTREAM, AWS_BAD_ANSWER",
        "404, '', BAD_UPSTREAM, AWS_BAD_ANSWER"
    })
    void reportsWhatAwsRefusesWithoutTryingAgain(int status, String error, ErrorCategory category, String code) {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        aws.status = status;
        aws.failure = error;
        aws.failing.set(Integer.MAX_VALUE);
        int before = aws.actions.size();
        for (ProblemException e : List.of(
                problem(() -> worker.get(slot(1))),
                problem(() -> worker.put(slot(2), Secret.of(VALUE))),
                problem(() -> worker.delete(slot(1))))) {
            assertThat(e.category()).isEqualTo(category);
            assertThat(e.code()).isEqualTo(code);
        }
        assertThat(aws.actions.size() - before).isEqualTo(3);
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).doesNotContain("7731");
        aws.failing.set(0);
        assertThat(text(worker, 1)).contains(VALUE);
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void reportsThatAwsDoesNotAnswer() {
        aws.silent = true;
        AwsWorker worker = fixture.worker();
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.DEADLINE_EXCEEDED);
    }

    @Test
    void reportsThatNobodyListens() {
        AwsWorker worker = fixture.worker();
        aws.close();
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "value-7731",
                "[]",
                "null",
                "{}",
                "{\"VersionId\":\"v\",\"SecretBinary\":\"djc3MzE=\"}",
                "{\"VersionId\":\"v\",\"CreatedDate\":1.5E9}",
                "{\"VersionId\":\"v\",\"CreatedDate\":1.5E9,\"SecretBinary\":\"value-7731%\"}",
                "{\"VersionId\":\"v\",\"CreatedDate\":1.5E9,\"SecretBinary\":\"\"}"
            })
    void reportsAnAnswerThatMakesNoSenseWithoutQuotingIt(String body) {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        aws.body = body;
        assertThat(problem(() -> worker.get(slot(1))).category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
    }

    @Test
    void saysThatTheClockIsWrong() {
        fixture.clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10));
        AwsWorker worker = fixture.worker();
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.code()).isEqualTo("AWS_DENIED");
        assertThat(e).rootCause().hasMessageContaining("clock");
    }

    @ParameterizedTest
    @CsvSource({
        "region, '', 'region'",
        "region, eu-central-1.evil.example/, 'region'",
        "endpoint, http://secretsmanager.example.com, 'endpoint'",
        "endpoint, https://user:pass-7731@example.com, 'endpoint'",
        "endpoint, https://example.com/path, 'endpoint'",
        "endpoint, https://example.com?key=7731, 'endpoint'",
        "endpoint, https://ex^7731, 'endpoint'",
        "prefix, a//b, 'prefix'",
        "prefix, '', 'prefix'",
        "kms_key, a b, 'kms_key'",
        "recovery_days, 6, 'recovery_days'",
        "recovery_days, 31, 'recovery_days'",
        "credentials, guess, 'credentials'",
        "credentials, file, 'credentials_file'",
        "access_key_id, '', 'access_key_id'",
        "secret_access_key, '', 'secret_access_key'"
    })
    void saysWhatIsWrongWithItsConfiguration(String key, String value, String named) {
        AwsWorker worker = fixture.worker(Map.of(key, key.equals("recovery_days") ? (Object) Integer.valueOf(value) : value));
        assertThat(worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(worker.health().reason()).contains(named).contains("modules.credentials-aws.instances.aws").doesNotContain("7731");
        ProblemException e = problem(() -> worker.get(slot(1)));
        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        assertThat(e.code()).isEqualTo("AWS_MISCONFIGURED");
        assertThat(aws.actions).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1, '', secretsmanager.eu-central-1.amazonaws.com",
        "us-gov-west-1, '', secretsmanager.us-gov-west-1.amazonaws.com",
        "cn-north-1, '', secretsmanager.cn-north-1.amazonaws.com.cn",
        "eu-central-1, https://VPCE.example.com:443/, vpce.example.com",
        "eu-central-1, https://vpce.example.com:8443, vpce.example.com:8443",
        "eu-central-1, http://[::1]:4566, [::1]:4566"
    })
    void asksTheEndpointOfTheRegion(String region, String endpoint, String host) {
        AwsSettings settings = AwsSettings.of("aws", Fixture.config(Map.of("region", region, "endpoint", endpoint)));
        assertThat(settings.host()).isEqualTo(host);
    }

    @Test
    void showsNothingOfWhatItHolds() {
        AwsWorker worker = fixture.worker();
        worker.put(slot(1), Secret.of(VALUE));
        assertThat(worker + " " + worker.get(slot(1)) + " " + worker.name()).doesNotContain("7731").doesNotContain(KEY);
    }
}
