// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import io.hyperspot.audit.AuditEvent;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.MessageHandler;
import io.hyperspot.persistence.Migration;
import io.hyperspot.persistence.store.PersistenceModule;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.PasswordWorker.Attempt;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.users.store.UserAdmin.Made;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(TestDatabase.class)
class UsersModuleTest {
    private static final SecurityContext ADMIN = caller("user:admin", "0192f000-0000-7000-8000-00000000000a");
    private static final SecurityContext OTHER = caller("user:other", "0192f000-0000-7000-8000-00000000000b");
    private static final String PASSWORD = "anna likes long walks";
    private static final String NEXT = "bertha paints at night";
    private static final Path MIGRATION = Path.of("src/main/resources/db/migration/auth_users/V1__users.sql");

    private final Map<String, String> database;
    private final MovedClock clock = new MovedClock();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path home;

    private PersistenceModule persistence;
    private UsersModule users;

    UsersModuleTest(TestDatabase kind) throws Exception {
        database = kind.fresh();
    }

    private static SecurityContext caller(String subject, String tenant) {
        return new SecurityContext(subject, TenantId.of(tenant), List.of(Permission.ALL));
    }

    @BeforeEach
    void start() throws Exception {
        persistence = new PersistenceModule(home, database);
        open.add(persistence::close);
        Databases.Delivering delivering = persistence.deliver(new MessageHandler() {
            @Override
            public String topic() {
                return AuditEvent.TOPIC;
            }

            @Override
            public void handle(List<Delivery> deliveries) {
                deliveries.forEach(delivery -> events.add(AuditEvent.of(delivery.message())));
            }
        });
        open.add(delivering);
        users = module(256, 1);
    }

    /** Little memory and one pass: these tests are not about how long a guess takes. */
    private UsersModule module(int memory, int iterations) throws Exception {
        Sessions sessions = (Sessions) Proxy.newProxyInstance(
                Sessions.class.getClassLoader(), new Class<?>[] {Sessions.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("endAll");
                    ended.add((String) arguments[1]);
                    return 1;
                });
        UsersModule module = new UsersModule(
                home,
                new UsersModule.Settings(memory, iterations, 2, Duration.ofDays(3), "Hyper Spot"),
                persistence,
                List.of(new Migration("V1__users.sql", Files.readString(MIGRATION))),
                sessions,
                clock);
        open.add(module::close);
        await().until(() -> module.health().state() == State.UP);
        return module;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private User create(String name) {
        return users.admin().create(ADMIN, name, null, List.of(), PASSWORD.toCharArray()).user();
    }

    private Recognition login(String name, String password, @Nullable String code, String address) {
        return users.check(new Attempt(name, password.toCharArray(), code, address));
    }

    private Recognition login(String name, String password) {
        return login(name, password, null, "192.0.2.1");
    }

    private static Identity in(Recognition recognition) {
        assertThat(recognition).isInstanceOf(Recognition.Recognized.class);
        return ((Recognition.Recognized) recognition).identity();
    }

    private static String out(Recognition recognition) {
        assertThat(recognition).isInstanceOf(Recognition.Refused.class);
        return ((Recognition.Refused) recognition).reason();
    }

    private static SecurityContext self(User user) {
        return new SecurityContext(user.subject(), user.tenant(), List.of());
    }

    private static void problem(ErrorCategory category, String code, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.code()).as(e.detail()).isEqualTo(code);
        assertThat(e.category()).isEqualTo(category);
    }

    private String code(String secret, long seconds) throws Exception {
        return new TimeBasedOneTimePasswordGenerator()
                .generateOneTimePasswordString(new SecretKeySpec(bytes(secret), "HmacSHA1"), clock.instant().plusSeconds(seconds), Locale.ROOT);
    }

    private static byte[] bytes(String base32) {
        java.math.BigInteger number = java.math.BigInteger.ZERO;
        for (int i = 0; i < base32.length(); i++) {
            number = number.shiftLeft(5).or(java.math.BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(base32.charAt(i))));
        }
        byte[] bytes = new byte[20];
        byte[] found = number.toByteArray();
        for (int i = 1; i <= Math.min(20, found.length); i++) {
            bytes[20 - i] = found[found.length - i];
        }
        return bytes;
    }

    private AuditEvent event(String action) {
        return await().until(
                        () -> events.stream().filter(one -> one.action().equals(action)).findFirst(), java.util.Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void recognizesANameHoweverItIsWritten() {
        User user = users.admin()
                .create(ADMIN, "Anna.Müller", "Anna M.", List.of("staff", "admins"), PASSWORD.toCharArray())
                .user();
        for (String name : List.of("Anna.Müller", "anna.müller", "ANNA.MÜLLER", "anna.mu\u0308ller", " Anna.Müller ", "Ａnna.müller")) {
            Identity identity = in(login(name, PASSWORD));
            assertThat(identity.subject()).isEqualTo("user:" + user.id());
            assertThat(identity.name()).isEqualTo("Anna M.");
            assertThat(identity.tenant()).isEqualTo(ADMIN.tenant());
            assertThat(identity.groups()).containsExactly("admins", "staff");
        }
    }

    @Test
    void saysTheSameWhateverWasWrong() {
        create("anna");
        User disabled = create("bob");
        users.admin().update(ADMIN, disabled.id(), 1, null, null, true);
        users.admin().create(ADMIN, "invited", null, List.of(), null);
        assertThat(List.of(
                        out(login("anna", "wrong")),
                        out(login("nobody", PASSWORD)),
                        out(login("bob", PASSWORD)),
                        out(login("invited", PASSWORD)),
                        out(login("in\u202evalid", PASSWORD)),
                        out(login("x".repeat(300), PASSWORD))))
                .containsOnly("the name, the password or the code is wrong");
        assertThat(out(login("anna", PASSWORD + " "))).isNotEmpty();
        assertThat(out(login("anna", PASSWORD.toUpperCase(Locale.ROOT)))).isNotEmpty();
    }

    @Test
    void keepsNoPasswordAndNoKey() throws Exception {
        User user = create("anna");
        Accounts.Enrolment enrolment = users.accounts().enrol(self(user), PASSWORD.toCharArray());
        List<String> codes = users.accounts().confirm(self(user), code(enrolment.secret(), 0));
        Made invited = users.admin().create(ADMIN, "bob", null, List.of(), null);
        assertThat(event("user.create").toString() + events + invited + enrolment).doesNotContain(PASSWORD).doesNotContain(enrolment.secret());
        if (!"sqlite".equals(database.get("dsn"))) {
            return;
        }
        String stored = Files.readString(home.resolve("data/hyperspot.db"), StandardCharsets.ISO_8859_1)
                + Files.readString(home.resolve("data/hyperspot.db-wal"), StandardCharsets.ISO_8859_1);
        assertThat(stored)
                .contains("$argon2id$v=19$m=256,t=1,p=1$")
                .doesNotContain(PASSWORD)
                .doesNotContain(enrolment.secret())
                .doesNotContain(codes.getFirst())
                .doesNotContain(String.valueOf(invited.setupToken()));
    }

    @Test
    void hashesAgainWithTheParametersOfToday() throws Exception {
        create("anna");
        UsersModule stronger = module(512, 2);
        in(stronger.check(new Attempt("anna", PASSWORD.toCharArray(), null)));
        if ("sqlite".equals(database.get("dsn"))) {
            String stored = Files.readString(home.resolve("data/hyperspot.db"), StandardCharsets.ISO_8859_1)
                    + Files.readString(home.resolve("data/hyperspot.db-wal"), StandardCharsets.ISO_8859_1);
            assertThat(stored).contains("$argon2id$v=19$m=512,t=2,p=1$");
        }
        in(stronger.check(new Attempt("anna", PASSWORD.toCharArray(), null)));
        in(login("anna", PASSWORD));
    }

    @Test
    void slowsDownWhoGuessesAndNotThePerson() {
        create("anna");
        for (String name : List.of("anna", "nobody")) {
            for (int i = 0; i < 5; i++) {
                out(login(name, "wrong"));
            }
            assertThat(out(login(name, PASSWORD))).contains("too many wrong attempts");
        }
        // from elsewhere the person comes in
        in(login("anna", PASSWORD, null, "198.51.100.7"));
        clock.advanceSeconds(1);
        out(login("anna", "wrong"));
        assertThat(out(login("ANNA", PASSWORD))).contains("try again in 2 s");
        clock.advanceSeconds(2);
        in(login("anna", PASSWORD));
        out(login("anna", "wrong"));
        in(login("anna", PASSWORD));
    }

    @Test
    void shutsNobodyOutForLongWhateverOthersDo() {
        create("anna");
        for (int i = 0; i < 80; i++) {
            login("anna", "wrong", null, "203.0.113." + i);
            clock.advanceSeconds(61);
        }
        clock.advanceSeconds(-30);
        assertThat(out(login("anna", PASSWORD, null, "198.51.100.7"))).contains("too many");
        clock.advanceSeconds(60);
        in(login("anna", PASSWORD, null, "198.51.100.7"));
        // a clock that is set back locks nobody out
        for (int i = 0; i < 6; i++) {
            login("anna", "wrong");
        }
        clock.advanceSeconds(-100_000);
        in(login("anna", PASSWORD));
    }

    @Test
    void boundsHowManyNamesItCounts() {
        Lockouts lockouts = new Lockouts();
        for (int i = 0; i < 30_000; i++) {
            lockouts.failed("name" + i, "a", i);
        }
        assertThat(lockouts.size()).isLessThanOrEqualTo(20_000);
    }

    @Test
    void letsInvitedPeopleChooseAPasswordOnce() {
        Made invited = users.admin().create(ADMIN, "anna", null, List.of(), null);
        String token = String.valueOf(invited.setupToken());
        assertThat(invited.user().state()).isEqualTo(User.State.INVITED);
        problem(ErrorCategory.INVALID_ARGUMENT, "PASSWORD_NOT_TAKEN", () -> users.accounts().setUp(token, "short".toCharArray()));
        problem(ErrorCategory.UNAUTHENTICATED, "SETUP_TOKEN_WRONG", () -> users.accounts().setUp(token + "x", PASSWORD.toCharArray()));
        assertThat(users.accounts().setUp(token, PASSWORD.toCharArray()).state()).isEqualTo(User.State.ACTIVE);
        problem(ErrorCategory.UNAUTHENTICATED, "SETUP_TOKEN_WRONG", () -> users.accounts().setUp(token, NEXT.toCharArray()));
        in(login("anna", PASSWORD));
        String late = String.valueOf(users.admin().create(ADMIN, "bob", null, List.of(), null).setupToken());
        clock.advanceSeconds(72 * 3600);
        problem(ErrorCategory.UNAUTHENTICATED, "SETUP_TOKEN_WRONG", () -> users.accounts().setUp(late, PASSWORD.toCharArray()));
    }

    @Test
    void endsTheSessionsOfWhoIsDisabledDeletedOrRegrouped() {
        User user = create("anna");
        User renamed = users.admin().update(ADMIN, user.id(), 1, "Anna", null, null);
        assertThat(ended).isEmpty();
        User disabled = users.admin().update(ADMIN, user.id(), renamed.version(), null, null, true);
        assertThat(ended).containsExactly(user.subject());
        out(login("anna", PASSWORD));
        User enabled = users.admin().update(ADMIN, user.id(), disabled.version(), null, null, false);
        in(login("anna", PASSWORD));
        assertThat(ended).hasSize(1);
        users.admin().update(ADMIN, user.id(), enabled.version(), null, List.of("staff"), null);
        assertThat(ended).hasSize(2);
        users.admin().reset(ADMIN, user.id(), NEXT.toCharArray());
        assertThat(ended).hasSize(3);
        out(login("anna", PASSWORD));
        in(login("anna", NEXT));
        users.admin().delete(ADMIN, user.id());
        assertThat(ended).hasSize(4);
        out(login("anna", NEXT));
        for (String action : List.of("user.create", "user.update", "user.disable", "user.enable", "user.password", "user.delete")) {
            assertThat(event(action).actor()).isEqualTo("user:admin");
        }
        assertThat(create("anna").id()).isNotEqualTo(user.id());
    }

    @Test
    void changesTheOwnPasswordForWhoKnowsIt() {
        User user = create("anna");
        problem(
                ErrorCategory.PERMISSION_DENIED,
                "PASSWORD_WRONG",
                () -> users.accounts().changePassword(self(user), "wrong".toCharArray(), NEXT.toCharArray()));
        problem(
                ErrorCategory.INVALID_ARGUMENT,
                "PASSWORD_NOT_TAKEN",
                () -> users.accounts().changePassword(self(user), PASSWORD.toCharArray(), "short".toCharArray()));
        in(login("anna", PASSWORD));
        users.accounts().changePassword(self(user), PASSWORD.toCharArray(), NEXT.toCharArray());
        assertThat(ended).containsExactly(user.subject());
        out(login("anna", PASSWORD));
        in(login("anna", NEXT));
        for (int i = 0; i < 5; i++) {
            problem(
                    ErrorCategory.PERMISSION_DENIED,
                    "PASSWORD_WRONG",
                    () -> users.accounts().changePassword(self(user), "wrong".toCharArray(), PASSWORD.toCharArray()));
        }
        problem(
                ErrorCategory.RESOURCE_EXHAUSTED,
                "TOO_MANY_ATTEMPTS",
                () -> users.accounts().changePassword(self(user), NEXT.toCharArray(), PASSWORD.toCharArray()));
        problem(ErrorCategory.FAILED_PRECONDITION, "NO_LOCAL_USER", () -> users.accounts().own(ADMIN));
        SecurityContext elsewhere = new SecurityContext(user.subject(), OTHER.tenant(), List.of());
        problem(ErrorCategory.FAILED_PRECONDITION, "NO_LOCAL_USER", () -> users.accounts().own(elsewhere));
    }

    /** RFC 6238, section 5.2: a code is accepted once. */
    @Test
    void asksForACodeOfTheAppAndTakesItOnce() throws Exception {
        User user = create("anna");
        problem(ErrorCategory.PERMISSION_DENIED, "PASSWORD_WRONG", () -> users.accounts().enrol(self(user), "wrong".toCharArray()));
        Accounts.Enrolment enrolment = users.accounts().enrol(self(user), PASSWORD.toCharArray());
        String secret = enrolment.secret();
        assertThat(secret).matches("[A-Z2-7]{32}");
        assertThat(enrolment.url())
                .isEqualTo("otpauth://totp/Hyper%20Spot:anna?secret=" + secret + "&issuer=Hyper%20Spot&algorithm=SHA1&digits=6&period=30");
        in(login("anna", PASSWORD));
        problem(ErrorCategory.INVALID_ARGUMENT, "TOTP_CODE_WRONG", () -> users.accounts().confirm(self(user), code(secret, 3600)));
        assertThat(users.accounts().confirm(self(user), code(secret, 0))).hasSize(10).doesNotHaveDuplicates();
        assertThat(login("anna", PASSWORD)).isInstanceOf(Recognition.CodeNeeded.class);
        assertThat(out(login("anna", "wrong"))).isNotEmpty();
        // the one that confirmed it is used
        out(login("anna", PASSWORD, code(secret, 0), ""));
        in(login("anna", PASSWORD, code(secret, 30), ""));
        out(login("anna", PASSWORD, code(secret, 30), ""));
        clock.advanceSeconds(60);
        out(login("anna", PASSWORD, code(secret, -30), ""));
        in(login("anna", PASSWORD, " " + code(secret, 0).substring(0, 3) + " " + code(secret, 0).substring(3), ""));
        clock.advanceSeconds(600);
        out(login("anna", PASSWORD, code(secret, 60), ""));
        out(login("anna", PASSWORD, code(secret, -60), ""));
        in(login("anna", PASSWORD, code(secret, 0), "x"));
        clock.advanceSeconds(-300);
        out(login("anna", PASSWORD, code(secret, 0), "x"));
    }

    @Test
    void takesEachRecoveryCodeOnce() throws Exception {
        User user = create("anna");
        Accounts.Enrolment enrolment = users.accounts().enrol(self(user), PASSWORD.toCharArray());
        List<String> codes = users.accounts().confirm(self(user), code(enrolment.secret(), 0));
        in(login("anna", PASSWORD, codes.get(0), ""));
        out(login("anna", PASSWORD, codes.get(0), ""));
        in(login("anna", PASSWORD, codes.get(1).replace("-", " ").toUpperCase(Locale.ROOT), ""));
        assertThat(event("user.recovery_code").actor()).isEqualTo(user.subject());
        List<String> next = users.accounts().newRecoveryCodes(self(user), PASSWORD.toCharArray());
        out(login("anna", PASSWORD, codes.get(2), ""));
        in(login("anna", PASSWORD, next.get(2), ""));
        problem(ErrorCategory.FAILED_PRECONDITION, "TOTP_ALREADY_ON", () -> users.accounts().enrol(self(user), PASSWORD.toCharArray()));
        users.accounts().removeTotp(self(user), PASSWORD.toCharArray());
        in(login("anna", PASSWORD));
        Accounts.Enrolment again = users.accounts().enrol(self(user), PASSWORD.toCharArray());
        users.accounts().confirm(self(user), code(again.secret(), 0));
        out(login("anna", PASSWORD, next.get(3), ""));
        users.admin().removeTotp(ADMIN, user.id());
        in(login("anna", PASSWORD));
    }

    @Test
    void showsNoTenantTheUsersOfAnother() {
        User user = create("anna");
        User second = create("bob");
        assertThat(users.admin().list(ADMIN, null, 10)).extracting(User::name).containsExactly("bob", "anna");
        assertThat(users.admin().list(ADMIN, second.id(), 10)).extracting(User::name).containsExactly("anna");
        assertThat(users.admin().listBefore(ADMIN, user.id(), 10)).extracting(User::name).containsExactly("bob");
        assertThat(users.admin().list(OTHER, null, 10)).isEmpty();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> users.admin().find(OTHER, user.id()),
                () -> users.admin().update(OTHER, user.id(), 1, "x", null, true),
                () -> users.admin().reset(OTHER, user.id(), NEXT.toCharArray()),
                () -> users.admin().removeTotp(OTHER, user.id()),
                () -> users.admin().delete(OTHER, user.id()))) {
            problem(ErrorCategory.NOT_FOUND, "USER_NOT_FOUND", call);
        }
        assertThat(ended).isEmpty();
        in(login("anna", PASSWORD));
        problem(
                ErrorCategory.ALREADY_EXISTS,
                "USER_NAME_TAKEN",
                () -> users.admin().create(OTHER, "ANNA", null, List.of(), PASSWORD.toCharArray()));
    }

    @Test
    void changesOnlyWhatWasSeen() {
        User user = create("anna");
        users.admin().update(ADMIN, user.id(), 1, "Anna", null, null);
        problem(ErrorCategory.PRECONDITION_FAILED, "CHANGED_SINCE", () -> users.admin().update(ADMIN, user.id(), 1, "Bob", null, null));
        problem(ErrorCategory.FAILED_PRECONDITION, "OWN_USER", () -> users.admin().delete(self(user), user.id()));
        problem(ErrorCategory.FAILED_PRECONDITION, "OWN_USER", () -> users.admin().update(self(user), user.id(), 2, null, null, true));
        for (String display : List.of("", "a\nb", "x".repeat(101), "a\u202eb", "a\u2028b")) {
            problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_USER", () -> users.admin().update(ADMIN, user.id(), 2, display, null, null));
        }
        for (String group : List.of("", "Admins", "a b", "a\nb", "x".repeat(65), "ä")) {
            problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_USER", () -> users.admin().update(ADMIN, user.id(), 2, null, List.of(group), null));
        }
    }

    @Test
    void doesNotStartWithoutTheSecretOfItsUsers() throws Exception {
        create("anna");
        Files.delete(home.resolve("data/secrets/auth-users-secret"));
        Sessions none = (Sessions) Proxy.newProxyInstance(Sessions.class.getClassLoader(), new Class<?>[] {Sessions.class}, (p, m, a) -> 0);
        UsersModule again = new UsersModule(
                home,
                new UsersModule.Settings(256, 1, 2, Duration.ofHours(1), "x"),
                persistence,
                List.of(new Migration("V1__users.sql", Files.readString(MIGRATION))),
                none,
                clock);
        open.add(again::close);
        await().until(() -> again.health().reason().contains("restore it"));
        assertThat(again.check(new Attempt("anna", PASSWORD.toCharArray(), null))).isInstanceOf(Recognition.Undecided.class);
        assertThat(home.resolve("data/secrets/auth-users-secret")).doesNotExist();
    }

    /** Stands still until it is moved. */
    private static final class MovedClock extends java.time.Clock {
        private volatile Instant now = Instant.parse("2026-11-25T08:00:00Z");

        void advanceSeconds(long seconds) {
            now = now.plusSeconds(seconds);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public java.time.Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
