// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TokenSignInTest {
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration TOTAL = Duration.ofHours(12);

    @TempDir
    private Path home;

    private final MovedClock clock = new MovedClock();
    private ConsoleServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new TokenSignIn(home.resolve("data/admin-token"), clock, IDLE, TOTAL, false));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private String token() throws Exception {
        return Files.readString(home.resolve("data/admin-token")).strip();
    }

    private String session() throws Exception {
        return ConsoleServer.cookie(server.signIn(token()));
    }

    private boolean isInside(String cookie) throws Exception {
        HttpResponse<String> response = server.get("/system/console/bundles", cookie);
        if (response.statusCode() == 200) {
            assertThat(response.body()).isEqualTo("inside as admin");
            return true;
        }
        assertThat(response.statusCode()).isEqualTo(401);
        return false;
    }

    @Test
    void asksForTheTokenWithoutScriptsAndFrames() throws Exception {
        HttpResponse<String> response = server.send(server.request("/system/console/bundles"));
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("<form method=\"post\"", "data/admin-token").doesNotContain("<script");
        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(response.body()).doesNotContain(token());
    }

    @Test
    void signsInOnceWithEachToken() throws Exception {
        String token = token();
        HttpResponse<String> response = server.signIn(token);
        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.headers().firstValue("Location")).contains("/system/console/bundles");
        assertThat(response.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie)
                        .matches("hyperspot_console=[\\w-]{43}; .*")
                        .contains("HttpOnly", "SameSite=Strict", "Path=/system"));
        assertThat(isInside(ConsoleServer.cookie(response))).isTrue();
        assertThat(token()).isNotEqualTo(token).hasSize(43);
        assertThat(server.signIn(token).statusCode()).isEqualTo(401);
        assertThat(isInside(session())).isTrue();
    }

    @Test
    void keepsTheTokenPrivate() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data/admin-token"))))
                .isEqualTo("rw-------");
        session();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data/admin-token"))))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesOtherSessions() throws Exception {
        for (String cookie : new String[] {"hyperspot_console=", "hyperspot_console=x", "other=1", "JSESSIONID=abc"}) {
            assertThat(isInside(cookie)).isFalse();
        }
        assertThat(server.send(server.request("/system/console/bundles").method("DELETE", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesEvenTheRightTokenAfterFiveFailuresUntilAMinuteHasPassed() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(server.signIn("wrong" + i).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> limited = server.signIn(token());
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).contains("61");
        assertThat(limited.body()).contains("61 seconds");
        clock.advance(Duration.ofSeconds(60));
        assertThat(isInside(session())).isTrue();
    }

    @Test
    void endsIdleSessionsAndOldOnes() throws Exception {
        String idle = session();
        clock.advance(IDLE.minusSeconds(1));
        assertThat(isInside(idle)).isTrue();
        clock.advance(IDLE.plusSeconds(1));
        assertThat(isInside(idle)).isFalse();
        String old = session();
        for (int i = 0; i < 24; i++) {
            assertThat(isInside(old)).isTrue();
            clock.advance(IDLE.minusSeconds(1));
        }
        clock.advance(Duration.ofSeconds(30));
        assertThat(isInside(old)).isFalse();
    }

    @Test
    void endsTheSessionOfAPageThatWasLeftOpen() throws Exception {
        String session = session();
        HttpRequest.Builder poll = server.request("/system/console/bundles")
                .header("Cookie", session)
                .header("X-HyperSpot-Background", "1");
        clock.advance(IDLE.minusSeconds(1));
        assertThat(server.send(poll).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(2));
        assertThat(server.send(poll).statusCode()).isEqualTo(401);
        assertThat(isInside(session)).isFalse();
    }

    @Test
    void keepsABoundedNumberOfSessions() throws Exception {
        String first = session();
        String last = first;
        for (int i = 0; i < 32; i++) {
            clock.advance(Duration.ofSeconds(1));
            last = session();
        }
        assertThat(isInside(last)).isTrue();
        assertThat(isInside(first)).isFalse();
    }

    @Test
    void signsOut() throws Exception {
        String session = session();
        HttpResponse<String> response = server.get("/system/console/logout", session);
        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow()).contains("Expires=Thu, 01 Jan 1970");
        assertThat(isInside(session)).isFalse();
    }

    @Test
    void refusesRequestsThatOtherSitesSend() throws Exception {
        String session = session();
        for (String[] header : new String[][] {
            {"Origin", "https://evil.example"},
            {"Origin", "null"},
            {"Origin", "http://127.0.0.1:1"},
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"}
        }) {
            HttpResponse<String> response = server.send(server.request("/system/console/bundles")
                    .header("Cookie", session)
                    .header(header[0], header[1])
                    .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).as(header[1]).isEqualTo(403);
            String token = token();
            assertThat(server.send(server.signInRequest(token).header(header[0], header[1])).statusCode())
                    .isEqualTo(403);
            assertThat(token()).isEqualTo(token);
        }
        assertThat(server.send(server.request("/system/console/bundles")
                                .header("Cookie", session)
                                .header("Origin", server.origin())
                                .header("Sec-Fetch-Site", "same-origin")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void isForThisMachineOnlyUnlessConfigured() throws Exception {
        for (String[] header : new String[][] {
            {"X-Forwarded-For", "203.0.113.7"},
            {"Forwarded", "for=203.0.113.7"}
        }) {
            HttpResponse<String> response =
                    server.send(server.signInRequest(token()).header(header[0], header[1]));
            assertThat(response.statusCode()).as(header[0]).isEqualTo(403);
            assertThat(response.body()).contains("allow_remote");
        }
        assertThat(server.statusLineForHost("localhost")).contains(" 401 ");
        assertThat(server.statusLineForHost("rebound.example")).contains(" 403 ");
        ConsoleServer open = new ConsoleServer(new TokenSignIn(home.resolve("data/admin-token"), clock, IDLE, TOTAL, true));
        try {
            assertThat(open.send(open.signInRequest(token()).header("X-Forwarded-For", "203.0.113.7"))
                            .statusCode())
                    .isEqualTo(303);
        } finally {
            open.stop();
        }
    }
}
