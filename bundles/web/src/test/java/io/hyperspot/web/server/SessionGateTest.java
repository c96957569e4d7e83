// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.Client;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in by the session of a cookie, and what a browser alone cannot do with it. */
class SessionGateTest extends WebFixture {
    private static final String PLAIN = "hyperspot-session=hss_anna";
    private static final String SECURE = "__Host-hyperspot=hss_anna";

    /** Tells what a resource knows of the sender; its credential is always wrong. */
    @Path("sender/v1")
    @Produces("text/plain")
    @PublicOperation
    @NoFeature
    public static class Sender {
        @GET
        public String get(@Context Client client) {
            return client.isSecure() + " " + client.origin() + " " + client.isForeign() + " " + client.cookie("a") + " " + client.credential();
        }

        @GET
        @Path("wrong")
        public String wrong(@Context Client client) {
            client.beforeCredential();
            client.wrongCredential();
            throw new ProblemException(ErrorCategory.UNAUTHENTICATED, "WRONG", "wrong");
        }
    }

    private HttpResponse<String> call(String method, String cookie, String... headers) throws Exception {
        boolean body = method.equals("POST");
        HttpRequest.Builder request = anonymous(body ? "/p/echo" : "/p/hello")
                .header("Cookie", cookie)
                .method(method, body ? HttpRequest.BodyPublishers.ofString("x") : HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    @Test
    void letsInWhoSendsTheCookieAlone() throws Exception {
        start(Map.of());
        assertThat(call("GET", PLAIN).statusCode()).isEqualTo(200);
        assertThat(call("GET", "x=y; " + PLAIN + "; z=1").statusCode()).isEqualTo(200);
        assertThat(call("GET", "hyperspot-session=hss_gone").statusCode()).isEqualTo(401);
    }

    @Test
    void takesNothingButASessionFromTheCookie() throws Exception {
        start(Map.of());
        for (String cookie : List.of(
                "hyperspot-session=good",
                "hyperspot-session=hss_odd",
                "hyperspot-session=",
                "other=hss_anna",
                SECURE,
                PLAIN + "; hyperspot-session=hss_other",
                "hyperspot-session=hss_anna\"; x=\"")) {
            assertThat(call("GET", cookie).statusCode()).as(cookie).isEqualTo(401);
        }
    }

    @Test
    void prefersTheHeader() throws Exception {
        start(Map.of());
        assertThat(call("GET", PLAIN, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
        assertThat(call("POST", PLAIN, "Authorization", "Bearer good").statusCode()).isEqualTo(200);
        // a session in a header is sent by nobody but the program that has it
        assertThat(call("POST", "x=y", "Authorization", "Bearer hss_anna").statusCode()).isEqualTo(200);
    }

    /** CWE-352. */
    @Test
    void changesNothingWithoutTheTokenOfTheSession() throws Exception {
        start(Map.of());
        problem(call("POST", PLAIN), 403, "CSRF_TOKEN_MISSING");
        for (String wrong : List.of("", "token-of-anna ü", "token-of-bob", "token-of-ann", "TOKEN-OF-ANNA")) {
            problem(call("POST", PLAIN, "x-csrf-token", wrong), 403, "CSRF_TOKEN_WRONG");
        }
        assertThat(call("POST", PLAIN, "x-csrf-token", "token-of-anna").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost", "http://127.0.0.1:1", "file://", ""})
    void changesNothingForPagesOfOthersEvenWithTheToken(String origin) throws Exception {
        start(Map.of());
        problem(call("POST", PLAIN, "x-csrf-token", "token-of-anna", "Origin", origin), 403, "CROSS_SITE_REQUEST");
    }

    @Test
    void believesWhatTheBrowserSaysOfTheSite() throws Exception {
        start(Map.of());
        for (String site : List.of("cross-site", "same-site", "odd")) {
            problem(call("POST", PLAIN, "x-csrf-token", "token-of-anna", "Sec-Fetch-Site", site), 403, "CROSS_SITE_REQUEST");
        }
        String own = url().toString();
        assertThat(call("POST", PLAIN, "x-csrf-token", "token-of-anna", "Sec-Fetch-Site", "same-origin", "Origin", own).statusCode())
                .isEqualTo(200);
        // a link on another page may be followed
        assertThat(call("GET", PLAIN, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(200);
    }

    @Test
    void takesTheOtherCookieBehindAProxyThatSpeaksTls() throws Exception {
        start(Map.of("trusted__proxies", new String[] {"127.0.0.0/8"}));
        String authority = url().getAuthority();
        String[] tls = {"X-Forwarded-Proto", "https", "X-Forwarded-For", "192.0.2.9", "Origin", "https://" + authority};
        assertThat(call("GET", SECURE, tls).statusCode()).isEqualTo(200);
        assertThat(call("GET", PLAIN, tls).statusCode()).isEqualTo(401);
        resource(context(), new Sender());
        String said = send(anonymous("/sender/v1").headers(tls).header("Cookie", "a=1; a=2; " + SECURE)).body();
        assertThat(said).isEqualTo("true https://" + authority + " false null hss_anna");
        tls[5] = "http://" + authority;
        assertThat(send(anonymous("/sender/v1").headers(tls).header("Cookie", "a=1")).body())
                .isEqualTo("true https://" + authority + " true 1 null");
    }

    @Test
    void doesNotBelieveAProxyThatIsNotTrusted() throws Exception {
        start(Map.of());
        resource(context(), new Sender());
        assertThat(send(anonymous("/sender/v1").header("X-Forwarded-Proto", "https").header("Authorization", "Bearer k")).body())
                .isEqualTo("false " + url() + " false null k");
    }

    @Test
    void aStaleCookieTakesNothingFromTheDesktopUser() throws Exception {
        authenticator.desktop = true;
        start(Map.of());
        assertThat(call("POST", "hyperspot-session=hss_gone").statusCode()).isEqualTo(200);
        assertThat(call("POST", "hyperspot-session=hss_gone", "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(401);
    }

    @Test
    void countsCredentialsThatAResourceFindsWrong() throws Exception {
        start(Map.of("trusted__proxies", new String[] {"127.0.0.0/8"}, "rate__limit__failed__credentials__per__minute", 2));
        resource(context(), new Sender());
        for (int i = 0; i < 2; i++) {
            problem(send(anonymous("/sender/v1/wrong").header("X-Forwarded-For", "192.0.2.9")), 401, "WRONG");
        }
        problem(send(anonymous("/sender/v1/wrong").header("X-Forwarded-For", "192.0.2.9")), 429, "RATE_LIMITED");
        problem(send(anonymous("/sender/v1/wrong").header("X-Forwarded-For", "192.0.2.10")), 401, "WRONG");
        // and no other credential of that address is looked at
        problem(send(request("/p/hello").header("X-Forwarded-For", "192.0.2.9")), 429, "RATE_LIMITED");
    }
}
