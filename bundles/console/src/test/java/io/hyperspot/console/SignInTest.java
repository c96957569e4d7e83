// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token, sessions and the limit on failures. */
final class SignInTest {
    private static final class Now extends Clock {
        private Instant now = Instant.parse("2026-11-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

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

    @TempDir
    Path home;

    private final Now clock = new Now();

    @Test
    void aTokenSignsInOnceAndAnotherTakesItsPlace() throws Exception {
        Path file = home.resolve("data/admin-token");
        AdminToken token = new AdminToken(file, new RandomToken());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        String first = Files.readString(file).strip();
        assertThat(token.redeem("wrong")).isFalse();
        assertThat(token.redeem("")).isFalse();
        assertThat(token.redeem(first)).isTrue();
        assertThat(token.redeem(first)).isFalse();
        assertThat(Files.readString(file).strip()).isNotEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void aRestartKeepsTheToken() throws Exception {
        Path file = home.resolve("data/admin-token");
        new AdminToken(file, new RandomToken());
        String first = Files.readString(file);
        new AdminToken(file, new RandomToken());
        assertThat(Files.readString(file)).isEqualTo(first);
    }

    @Test
    void aSessionEndsWhenIdleWhenOldAndWhenSignedOut() {
        Sessions sessions = new Sessions(new RandomToken(), clock, Duration.ofMinutes(30), Duration.ofHours(2));
        String idle = sessions.start();
        clock.pass(Duration.ofMinutes(31));
        assertThat(sessions.use(idle)).isFalse();

        String old = sessions.start();
        for (int i = 0; i < 6; i++) {
            clock.pass(Duration.ofMinutes(20));
            assertThat(sessions.use(old)).isTrue();
        }
        clock.pass(Duration.ofMinutes(1));
        assertThat(sessions.use(old)).isFalse();

        String ended = sessions.start();
        sessions.end(ended);
        assertThat(sessions.use(ended)).isFalse();
        assertThat(sessions.use("made-up")).isFalse();
    }

    @Test
    void tooManySessionsPushTheOldestOut() {
        Sessions sessions = new Sessions(new RandomToken(), clock, Duration.ofMinutes(30), Duration.ofHours(2));
        String first = sessions.start();
        for (int i = 0; i < 32; i++) {
            clock.pass(Duration.ofSeconds(1));
            sessions.start();
        }
        assertThat(sessions.use(first)).isFalse();
    }

    @Test
    void fiveFailuresAMinuteAreTheMost() {
        FailureLimit limit = new FailureLimit(clock);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.toWait()).isZero();
            limit.failed();
        }
        assertThat(limit.toWait()).isEqualTo(Duration.ofMinutes(1));
        clock.pass(Duration.ofMinutes(1));
        assertThat(limit.toWait()).isZero();
    }

    @Test
    void writesMessagesAsText() {
        assertThat(SignInPage.html("<script>", "/home/a&b", true))
                .contains("&lt;script&gt;")
                .contains("/home/a&amp;b")
                .doesNotContain("<script>");
    }
}
