// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.audit.AuditEvent.Outcome;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Authenticator.Authenticated;
import io.hyperspot.security.Authenticator.Refused;
import io.hyperspot.security.gateway.Logins.Browser;
import io.hyperspot.security.gateway.Logins.Leaving;
import io.hyperspot.security.keys.MovedClock;
import io.hyperspot.security.sessions.SessionModule.Opened;
import io.hyperspot.security.spi.PasswordWorker;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.RedirectWorker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoginsTest {
    private static final URI HERE = URI.create("https://here.example");
    private static final Browser BROWSER = new Browser("192.0.2.1", "browser", null);

    private final MovedClock clock = new MovedClock();
    private final AtomicInteger wrong = new AtomicInteger();
    private House house;
    private Path home;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        house = new House(folder, clock, Map.of("dsn", "sqlite"));
        house.passwords.set(List.of(new Directory()));
        house.redirects.set(List.of(new Elsewhere()));
    }

    @AfterEach
    void stop() throws Exception {
        house.close();
    }

    private static final class Directory implements PasswordWorker {
        @Override
        public String provider() {
            return "directory";
        }

        @Override
        public Recognition check(Attempt attempt) {
            if (attempt.name().equals("away")) {
                return new Recognition.Undecided("the directory is away");
            }
            if (!attempt.name().equals("anna") || !Arrays.equals(attempt.password(), "right".toCharArray())) {
                return new Recognition.Refused("the name or the password is wrong");
            }
            return "123456".equals(attempt.code())
                    ? new Recognition.Recognized(House.ANNA, Instant.MAX)
                    : new Recognition.CodeNeeded("the code of the authenticator app is needed");
        }
    }

    private static final class Elsewhere implements RedirectWorker {
        @Override
        public String provider() {
            return "elsewhere";
        }

        @Override
        public Departure depart(URI callback, String state) {
            return new Departure(
                    URI.create("https://elsewhere.example/login?state=" + state + "&back=" + callback),
                    Map.of("nonce", "remembered-nonce", "verifier", "of\nlines ü"));
        }

        @Override
        public Recognition complete(URI callback, Map<String, String> memory, Map<String, String> answer) {
            assertThat(callback).hasToString(HERE + "/auth/v1/login/elsewhere/callback");
            assertThat(memory).isEqualTo(Map.of("nonce", "remembered-nonce", "verifier", "of\nlines ü"));
            return "good".equals(answer.get("code"))
                    ? new Recognition.Recognized(House.ANNA, Instant.MAX)
                    : new Recognition.Refused("the provider says no");
        }
    }

    private Opened login(String name, String password, @Nullable String code, Browser browser) {
        return house.logins.login("directory", name, password.toCharArray(), code, browser, wrong::incrementAndGet);
    }

    private static ProblemException problem(ErrorCategory category, String code, ThrowingCallable call) {
        ProblemException e = catchThrowableOfType(ProblemException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.category()).isEqualTo(category);
        assertThat(e.code()).isEqualTo(code);
        return e;
    }

    @Test
    void listsWhatLoginsThereAre() {
        assertThat(house.logins.providers())
                .containsExactly(new Logins.Provider("directory", false), new Logins.Provider("elsewhere", true));
    }

    @Test
    void logsInByPasswordAndCode() {
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_CODE_NEEDED", () -> login("anna", "right", null, BROWSER));
        assertThat(wrong).hasValue(0);
        Opened opened = login("anna", "right", "123456", BROWSER);
        assertThat(house.gateway.authenticate(opened.token(), false)).isInstanceOf(Authenticated.class);
        assertThat(opened.session().address()).isEqualTo("192.0.2.1");
        assertThat(house.recorded.awaitEvent("session.login", opened.session().id()).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void saysTheSameOfAWrongNameAndAWrongPassword() {
        String one = problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_REFUSED", () -> login("anna", "wrong", null, BROWSER)).detail();
        String two = problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_REFUSED", () -> login("nobody", "wrong", null, BROWSER)).detail();
        assertThat(one).isEqualTo(two);
        assertThat(wrong).hasValue(2);
        var denied = house.recorded.awaitEvent("session.login", "");
        assertThat(denied.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(denied.details()).containsEntry("name", "anna").containsEntry("address", "192.0.2.1");
    }

    @Test
    void refusesWhatIsNoAttempt() {
        for (String name : List.of("", " ", "x".repeat(1000))) {
            problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_LOGIN", () -> login(name, "right", null, BROWSER));
        }
        problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_LOGIN", () -> login("anna", "", null, BROWSER));
        problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_LOGIN", () -> login("anna", "x".repeat(2000), null, BROWSER));
        problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_LOGIN", () -> login("anna", "right", "1".repeat(65), BROWSER));
        problem(ErrorCategory.UNAVAILABLE, "LOGIN_PROVIDER_UNAVAILABLE", () -> login("away", "right", null, BROWSER));
        problem(
                ErrorCategory.NOT_FOUND,
                "LOGIN_PROVIDER_NOT_FOUND",
                () -> house.logins.login("other\n", "anna", "right".toCharArray(), null, BROWSER, wrong::incrementAndGet));
        assertThat(wrong).hasValue(0);
    }

    @Test
    void overwritesThePassword() {
        char[] password = "right".toCharArray();
        house.logins.login("directory", "anna", password, "123456", BROWSER, wrong::incrementAndGet);
        assertThat(password).containsOnly('\0');
        char[] wrongOne = "wrong".toCharArray();
        problem(
                ErrorCategory.UNAUTHENTICATED,
                "LOGIN_REFUSED",
                () -> house.logins.login("directory", "anna", wrongOne, null, BROWSER, wrong::incrementAndGet));
        assertThat(wrongOne).containsOnly('\0');
    }

    /** CWE-384. */
    @Test
    void neverAdoptsASessionThatWasSentWithTheLogin() {
        Opened planted = house.open();
        Opened opened = login("anna", "right", "123456", new Browser("", "", planted.token()));
        assertThat(opened.token()).isNotEqualTo(planted.token());
        assertThat(house.gateway.authenticate(planted.token(), false)).isInstanceOf(Refused.class);
        String made = "hss_" + "A".repeat(59);
        assertThat(login("anna", "right", "123456", new Browser("", "", made)).token()).isNotEqualTo(made);
        assertThat(house.gateway.authenticate(made, false)).isInstanceOf(Refused.class);
    }

    private static String state(Leaving leaving) {
        return leaving.location().getQuery().replaceAll("^state=([^&]*)&.*$", "$1");
    }

    private Logins.Arrived complete(Leaving leaving, String browserKey, String code) {
        return house.logins.complete(
                "elsewhere", HERE, browserKey, Map.of("state", state(leaving), "code", code), BROWSER, wrong::incrementAndGet);
    }

    @Test
    void logsInAtThePageOfSomebodyElseOnce() throws Exception {
        Leaving leaving = house.logins.depart("elsewhere", HERE, "/console?x=1");
        assertThat(leaving.location().getHost()).isEqualTo("elsewhere.example");
        Logins.Arrived arrived = complete(leaving, leaving.browserKey(), "good");
        assertThat(arrived.returnTo()).isEqualTo("/console?x=1");
        assertThat(house.gateway.authenticate(arrived.session().token(), false)).isInstanceOf(Authenticated.class);
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_NOT_BEGUN", () -> complete(leaving, leaving.browserKey(), "good"));
    }

    @Test
    void keepsNothingInClearThatTheWorkerMustRemember() throws Exception {
        Leaving leaving = house.logins.depart("elsewhere", HERE, null);
        String stored = Files.readString(home.resolve("data/hyperspot.db"), StandardCharsets.ISO_8859_1)
                + Files.readString(home.resolve("data/hyperspot.db-wal"), StandardCharsets.ISO_8859_1);
        assertThat(stored)
                .contains("elsewhere")
                .doesNotContain("remembered-nonce")
                .doesNotContain(state(leaving))
                .doesNotContain(leaving.browserKey());
    }

    @Test
    void refusesABrowserThatDidNotBeginTheLogin() {
        Leaving mine = house.logins.depart("elsewhere", HERE, "/");
        Leaving other = house.logins.depart("elsewhere", HERE, "/");
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_NOT_BEGUN", () -> complete(mine, other.browserKey(), "good"));
        // and the attempt has used it up
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_NOT_BEGUN", () -> complete(mine, mine.browserKey(), "good"));
        problem(
                ErrorCategory.UNAUTHENTICATED,
                "LOGIN_NOT_BEGUN",
                () -> house.logins.complete("elsewhere", HERE, null, Map.of("state", state(other)), BROWSER, wrong::incrementAndGet));
        clock.advanceSeconds(600);
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_NOT_BEGUN", () -> complete(other, other.browserKey(), "good"));
        Leaving refused = house.logins.depart("elsewhere", HERE, "/");
        problem(ErrorCategory.UNAUTHENTICATED, "LOGIN_REFUSED", () -> complete(refused, refused.browserKey(), "bad"));
        assertThat(wrong).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "evil", "\\\\evil", "/a b", "/ü", "/\u202e"})
    void returnsToPathsOfThisServerOnly(String path) {
        problem(ErrorCategory.INVALID_ARGUMENT, "INVALID_RETURN", () -> house.logins.depart("elsewhere", HERE, path));
    }
}
