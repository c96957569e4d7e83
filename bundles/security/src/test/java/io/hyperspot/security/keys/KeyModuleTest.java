// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.ApiKeys.ApiKey;
import io.hyperspot.security.ApiKeys.Created;
import io.hyperspot.security.Authenticator.Authenticated;
import io.hyperspot.security.Authenticator.Refused;
import io.hyperspot.security.Authenticator.Result;
import io.hyperspot.security.Authenticator.Undecided;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class KeyModuleTest {
    private static final SecurityContext A = caller("0192f000-0000-7000-8000-00000000000a", Permission.ALL);
    private static final SecurityContext B = caller("0192f000-0000-7000-8000-00000000000b", Permission.ALL);
    private static final List<String> SCOPES = List.of("gts.hyperspot.llm.*:invoke");

    private final Map<String, String> database;

    KeyModuleTest(TestDatabase kind) throws Exception {
        database = kind.fresh();
    }

    @TempDir
    private Path home;

    private final MovedClock clock = new MovedClock();
    private final List<Installation> installations = new ArrayList<>();

    private static SecurityContext caller(String tenant, Permission... permissions) {
        return new SecurityContext("user:test", TenantId.of(tenant), List.of(permissions));
    }

    private Installation start() throws Exception {
        Installation installation = new Installation(home, clock, database);
        installations.add(installation);
        return installation;
    }

    /** The module when it is ready. */
    private KeyModule ready() throws Exception {
        Installation installation = start();
        await().until(() -> installation.module.health().state() == State.UP);
        return installation.module;
    }

    @AfterEach
    void stop() throws Exception {
        for (Installation installation : installations) {
            installation.close();
        }
    }

    private static SecurityContext passed(Result result) {
        assertThat(result).isInstanceOf(Authenticated.class);
        return ((Authenticated) result).context();
    }

    private static void assertProblem(ErrorCategory category, String words, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.detail()).contains(words);
    }

    @Test
    void asksTheDatabaseNothingForAKeyThatItKnowsAndOnceForAPageOfAnyLength() throws Exception {
        KeyModule module = ready();
        PersistenceModule persistence = installations.getLast().persistence;
        String token = module.create(A, "known", SCOPES, null).secret();
        for (int i = 0; i < 49; i++) {
            module.create(A, "key " + i, SCOPES, null);
        }
        passed(module.recognize(token));
        long before = persistence.statements();
        for (int i = 0; i < 10_000; i++) {
            passed(module.recognize(token));
        }
        // another server's changes are looked for every 100 ms meanwhile
        assertThat(persistence.statements() - before).isLessThan(1000);

        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long begin = persistence.statements();
            assertThat(module.list(A, null, 50)).hasSize(50);
            least = Math.min(least, persistence.statements() - begin);
        }
        assertThat(least).isEqualTo(1);
    }

    @Test
    void createsAFirstKeyOnceAndKeepsItPrivate() throws Exception {
        KeyModule module = ready();
        Path file = home.resolve("data/first-api-key");
        String token = Files.readString(file).strip();
        assertThat(token).matches("hs_[0-9A-Za-z]{43}");
        SecurityContext context = passed(module.recognize(token));
        assertThat(context.tenant()).isEqualTo(TenantId.ROOT);
        assertThat(context.allows(Permission.parse("gts.hyperspot.core.plugins.*:write"))).isTrue();
        for (Path secret : List.of(file, home.resolve("data/secrets/api-key-pepper"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))).isEqualTo("rw-------");
        }
        Files.delete(file);
        stop();
        assertThat(passed(ready().recognize(token)).tenant()).isEqualTo(TenantId.ROOT);
        assertThat(file).doesNotExist();
    }

    @Test
    void doesNotKeepTheKeyItself() throws Exception {
        String secret = ready().create(A, "mine", SCOPES, null).secret();
        stop();
        try (var files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).allSatisfy(file -> assertThat(
                            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain(secret, secret.substring(12)));
        }
    }

    @Test
    void knowsItsKeysAfterARestart() throws Exception {
        Created created = ready().create(A, "mine", SCOPES, null);
        stop();
        SecurityContext context = passed(ready().recognize(created.secret()));
        assertThat(context.tenant()).isEqualTo(A.tenant());
        assertThat(context.permissions()).containsExactly(Permission.parse(SCOPES.getFirst()));
        assertThat(context.subject()).isEqualTo("key:" + created.key().prefix());
    }

    @Test
    void refusesARevokedKeyAtOnceAndAfterARestart() throws Exception {
        KeyModule module = ready();
        Created created = module.create(A, "mine", SCOPES, null);
        passed(module.recognize(created.secret()));
        module.revoke(A, created.key().id());
        assertThat(module.recognize(created.secret())).isInstanceOf(Refused.class);
        ApiKey first = module.find(A, created.key().id()).orElseThrow();
        assertThat(first.revokedAt()).isNotNull();
        clock.advanceSeconds(5);
        module.revoke(A, created.key().id());
        assertThat(module.find(A, created.key().id())).contains(first);
        stop();
        assertThat(ready().recognize(created.secret())).isInstanceOf(Refused.class);
    }

    @Test
    void refusesAnExpiredKey() throws Exception {
        KeyModule module = ready();
        Created created = module.create(A, "short", SCOPES, clock.instant().plusSeconds(60));
        passed(module.recognize(created.secret()));
        clock.advanceSeconds(60);
        assertThat(module.recognize(created.secret())).isEqualTo(new Refused("the API key has expired"));
    }

    @Test
    void keepsTenantsApart() throws Exception {
        KeyModule module = ready();
        Created ofA = module.create(A, "a", SCOPES, null);
        module.create(B, "b", SCOPES, null);
        assertThat(module.list(B, null, 100)).extracting(ApiKey::name).containsExactly("b");
        assertThat(module.find(B, ofA.key().id())).isEmpty();
        assertProblem(ErrorCategory.NOT_FOUND, "no such API key", () -> module.revoke(B, ofA.key().id()));
        assertThat(passed(module.recognize(ofA.secret())).tenant()).isEqualTo(A.tenant());
    }

    @Test
    void listsNewestFirstPageByPage() throws Exception {
        KeyModule module = ready();
        for (int i = 0; i < 5; i++) {
            module.create(A, "key " + i, SCOPES, null);
        }
        List<ApiKey> first = module.list(A, null, 3);
        assertThat(first).extracting(ApiKey::name).containsExactly("key 4", "key 3", "key 2");
        assertThat(module.list(A, first.getLast().id(), 3)).extracting(ApiKey::name).containsExactly("key 1", "key 0");
    }

    @Test
    void grantsNoMoreThanTheCallerHas() throws Exception {
        KeyModule module = ready();
        SecurityContext some = caller("0192f000-0000-7000-8000-00000000000a", Permission.parse("gts.hyperspot.llm.*:*"));
        module.create(some, "less", SCOPES, null);
        for (String scope : List.of("gts.*:*", "gts.hyperspot.*:invoke", "gts.hyperspot.core.plugins.*:write")) {
            assertProblem(
                    ErrorCategory.PERMISSION_DENIED, scope, () -> module.create(some, "more", List.of(scope), null));
        }
        assertThat(module.list(A, null, 10)).hasSize(1);
    }

    @Test
    void refusesMalformedRequests() throws Exception {
        KeyModule module = ready();
        Instant past = clock.instant();
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "'name'", () -> module.create(A, "  ", SCOPES, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "'name'", () -> module.create(A, "a\nb", SCOPES, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "'name'", () -> module.create(A, "x".repeat(101), SCOPES, null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "'scopes'", () -> module.create(A, "x", List.of(), null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "malformed", () -> module.create(A, "x", List.of("all"), null));
        assertProblem(
                ErrorCategory.INVALID_ARGUMENT,
                "control characters",
                () -> module.create(A, "x", List.of("gts.*:read\ngts.*:*"), null));
        assertProblem(ErrorCategory.INVALID_ARGUMENT, "'expires_at'", () -> module.create(A, "x", SCOPES, past));
        assertThat(module.list(A, null, 10)).isEmpty();
    }

    @Test
    void refusesWhatIsNoKey() throws Exception {
        KeyModule module = ready();
        for (String token : List.of("", "hs_", "secret", "hs_" + "x".repeat(43), "hs_" + "ü".repeat(43), "x".repeat(100_000))) {
            assertThat(module.recognize(token)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void neitherLetsInNorRefusesBeforeTheKeysAreLoaded() throws Exception {
        assumeTrue("sqlite".equals(database.get("dsn")), "the way to make an outage is another one's");
        String secret = ready().create(A, "mine", SCOPES, null).secret();
        stop();
        Path blocked = home.resolve("data/hyperspot.db");
        Path aside = home.resolve("hyperspot.db.aside");
        Files.move(blocked, aside);
        Files.createDirectory(blocked);
        KeyModule module = start().module;
        await().until(() -> module.health().reason().contains("cannot be loaded"));
        assertThat(module.recognize(secret)).isInstanceOf(Undecided.class);
        assertProblem(ErrorCategory.UNAVAILABLE, "again", () -> module.create(A, "x", SCOPES, null));
        Files.delete(blocked);
        Files.move(aside, blocked);
        await().until(() -> module.health().state() == State.UP);
        passed(module.recognize(secret));
    }

    @Test
    void keepsServingDuringAnOutage() throws Exception {
        Installation installation = start();
        KeyModule module = installation.module;
        await().until(() -> module.health().state() == State.UP);
        Created created = module.create(A, "mine", SCOPES, null);
        installation.persistence.close();
        passed(module.recognize(created.secret()));
        DatabaseException outage =
                catchThrowableOfType(DatabaseException.class, () -> module.revoke(A, created.key().id()));
        assertThat(outage.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
        passed(module.recognize(created.secret()));
        assertProblem(ErrorCategory.UNAVAILABLE, "again", () -> module.create(A, "x", SCOPES, null));
    }

    @Test
    void doesNotReplaceALostSecret() throws Exception {
        ready();
        stop();
        Path pepper = home.resolve("data/secrets/api-key-pepper");
        String saved = Files.readString(pepper);
        String token = Files.readString(home.resolve("data/first-api-key")).strip();
        Files.delete(pepper);
        KeyModule module = start().module;
        await().until(() -> module.health().reason().contains("is missing"));
        assertThat(module.recognize(token)).isInstanceOf(Undecided.class);
        assertThat(pepper).doesNotExist();
        Files.writeString(pepper, saved);
        await().until(() -> module.health().state() == State.UP);
        passed(module.recognize(token));
    }

    @Test
    void createsKeysFromManyCallersAtOnce() throws Exception {
        KeyModule module = ready();
        List<Future<Created>> all = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                SecurityContext ctx = i % 2 == 0 ? A : B;
                all.add(threads.submit(() -> module.create(ctx, "one", SCOPES, null)));
            }
        }
        for (Future<Created> one : all) {
            passed(module.recognize(one.get().secret()));
        }
        assertThat(module.list(A, null, 100)).hasSize(15).extracting(ApiKey::id).doesNotHaveDuplicates();
    }

    @Test
    void knowsAndForgetsKeysThatAnotherServerMadeAndRevoked() throws Exception {
        KeyModule one = ready();
        KeyModule two = ready();
        Created created = one.create(A, "mine", SCOPES, null);
        await().untilAsserted(() -> passed(two.recognize(created.secret())));
        two.revoke(A, created.key().id());
        assertThat(two.recognize(created.secret())).isInstanceOf(Refused.class);
        await().untilAsserted(() -> assertThat(one.recognize(created.secret())).isInstanceOf(Refused.class));
    }

    @Test
    void recordsWhoMadeAndRevokedAKeyAndNeverTheKey() throws Exception {
        Installation installation = start();
        await().until(() -> installation.module.health().state() == State.UP);
        Recorded recorded = new Recorded(installation.persistence);
        Created created = installation.module.create(A, "mine", SCOPES, null);
        installation.module.revoke(A, created.key().id());
        AuditEvent made = recorded.awaitEvent("api_key.create", created.key().id());
        AuditEvent revoked = recorded.awaitEvent("api_key.revoke", created.key().id());
        recorded.close();
        assertThat(made.actor()).isEqualTo("user:test");
        assertThat(made.tenant()).isEqualTo(A.tenant());
        assertThat(revoked.actor()).isEqualTo("user:test");
        assertThat(made.toString() + revoked + created).doesNotContain(created.secret());
    }
}
