// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with a key over each kind of database, on two servers that share it. */
@Timeout(120)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class IdempotencyTest {
    private static final SecurityContext A =
            new SecurityContext("user:a", TenantId.of("0192f000-0000-7000-8000-00000000000a"), List.of());
    private static final SecurityContext A2 =
            new SecurityContext("user:a2", TenantId.of("0192f000-0000-7000-8000-00000000000a"), List.of());
    private static final SecurityContext B =
            new SecurityContext("user:a", TenantId.of("0192f000-0000-7000-8000-00000000000b"), List.of());
    private static final String KEY = "4a1b6c1e-0000-4000-8000-000000000001";
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String MARKER = "mark-of-an-answer-4711";

    @TempDir
    private Path home;

    private final TestDatabase kind;
    private final MovedClock clock = new MovedClock();
    private PersistenceModule persistence;
    private Database database;
    private Idempotency requests;
    private Idempotency otherServer;

    private static final class MovedClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-25T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    IdempotencyTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home, kind.fresh());
        String file = "V1__idempotency.sql";
        database = persistence.open(
                "web", List.of(new Migration(file, Files.readString(Path.of("src/main/resources/db/migration/web", file)))));
        requests = new Idempotency(database, clock);
        otherServer = new Idempotency(database, clock);
    }

    @AfterEach
    void stop() {
        requests.close();
        otherServer.close();
        persistence.close();
    }

    private Begun begin(SecurityContext caller, String key, String body) {
        return requests.begin(caller, key, "POST /things?", body.getBytes(StandardCharsets.UTF_8), LONGEST);
    }

    private static KeptAnswer answer(String text) {
        return new KeptAnswer(201, Map.of("Location", List.of("/things/1")), text.getBytes(StandardCharsets.UTF_8));
    }

    private String refusal(SecurityContext caller, String key, String body) {
        ProblemException e = catchThrowableOfType(ProblemException.class, () -> begin(caller, key, body));
        assertThat(e).isNotNull();
        assertThat(e.detail()).isNotEmpty();
        return e.code();
    }

    @Test
    void answersTheSecondTimeAsTheFirst() {
        ((Begun.Claim) begin(A, KEY, "{}")).keep(answer(MARKER));
        assertThat(otherServer.begin(A, "\"" + KEY + "\"", "POST /things?", "{}".getBytes(StandardCharsets.UTF_8), LONGEST))
                .isInstanceOfSatisfying(Begun.Answered.class, again -> {
                    assertThat(again.answer().status()).isEqualTo(201);
                    assertThat(again.answer().headers()).containsEntry("Location", List.of("/things/1"));
                    assertThat(new String(again.answer().body(), StandardCharsets.UTF_8)).isEqualTo(MARKER);
                });
    }

    @Test
    void refusesTheKeyForAnotherRequest() {
        ((Begun.Claim) begin(A, KEY, "{}")).keep(answer("{}"));
        assertThat(refusal(A, KEY, "{\"name\":1}")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        ProblemException e = catchThrowableOfType(
                ProblemException.class, () -> requests.begin(A, KEY, "POST /others?", "{}".getBytes(StandardCharsets.UTF_8), LONGEST));
        assertThat(e.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(e.category().status()).isEqualTo(422);
    }

    @Test
    void keepsCallersApart() {
        ((Begun.Claim) begin(A, KEY, "{}")).keep(answer(MARKER));
        assertThat(begin(A2, KEY, "{}")).isInstanceOf(Begun.Claim.class);
        assertThat(begin(B, KEY, "{\"other\":true}")).isInstanceOf(Begun.Claim.class);
    }

    @Test
    void tellsThatTheFirstIsAtWorkAndLaterThatNobodyKnows() {
        begin(A, KEY, "{}");
        assertThat(refusal(A, KEY, "{}")).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
        clock.now = clock.now.plus(Duration.ofMinutes(3));
        assertThat(refusal(A, KEY, "{}")).isEqualTo("IDEMPOTENCY_OUTCOME_UNKNOWN");
    }

    @Test
    void mayBeSentAgainWhenNothingWasDone() {
        ((Begun.Claim) begin(A, KEY, "{}")).release();
        assertThat(begin(A, KEY, "{\"corrected\":true}")).isInstanceOf(Begun.Claim.class);
    }

    @Test
    void forgetsAfterADay() {
        ((Begun.Claim) begin(A, KEY, "{}")).keep(answer("{}"));
        clock.now = clock.now.plus(Idempotency.KEPT).plusSeconds(1);
        assertThat(begin(A, KEY, "{}")).isInstanceOf(Begun.Claim.class);
        clock.now = clock.now.plus(Idempotency.KEPT).plusSeconds(1);
        requests.sweep();
        assertThat(rows()).isEmpty();
    }

    private List<byte[]> rows() {
        return database.read(
                TenantScope.platform("the test looks"),
                reading -> reading.from(RequestTable.REQUEST).fetch().stream().map(row -> row.get(RequestTable.REQUEST.answer)).toList());
    }

    @Test
    void keepsNoAnswerInClear() {
        ((Begun.Claim) begin(A, KEY, "{}")).keep(answer(MARKER));
        assertThat(rows()).hasSize(1).allSatisfy(sealed -> {
            assertThat(sealed).isNotEmpty();
            assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(MARKER).doesNotContain(KEY);
        });
        assertThat(answer(MARKER).toString()).doesNotContain(MARKER);
    }

    @Test
    void letsExactlyOneOfManyThrough() throws Exception {
        List<Callable<Boolean>> calls = IntStream.range(0, 40)
                .<Callable<Boolean>>mapToObj(i -> () -> {
                    try {
                        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
                        return (i % 2 == 0 ? requests : otherServer).begin(A, KEY, "POST /things?", body, LONGEST) instanceof Begun.Claim;
                    } catch (ProblemException e) {
                        assertThat(e.code()).isEqualTo("IDEMPOTENCY_IN_PROGRESS");
                        return false;
                    }
                })
                .toList();
        int first = 0;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> each : callers.invokeAll(calls)) {
                first += each.get() ? 1 : 0;
            }
        }
        assertThat(first).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with space in the middle", "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"})
    void refusesKeysThatCouldBeGuessedOrAreMalformed(String key) {
        assertThat(refusal(A, key, "{}")).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(refusal(A, "k".repeat(256), "{}")).isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }
}
