// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers that call from origins of single tenants. */
class TenantOriginsTest extends WebFixture {
    private static final String ORIGIN = "https://app.example";

    private void startWithOrigin() throws Exception {
        start(Map.of("cors__tenant__origins", new String[] {FakeAuthenticator.TENANT + "=" + ORIGIN}));
    }

    private HttpResponse<String> by(String key, String origin) throws Exception {
        return send(request("/p/hello").setHeader("Authorization", "Bearer " + key).header("Origin", origin));
    }

    private HttpResponse<String> preflight(String origin) throws Exception {
        return send(anonymous("/p/hello")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET"));
    }

    private static String allowed(HttpResponse<?> answer) {
        assertThat(answer.headers().allValues("vary")).contains("Origin");
        assertThat(header(answer, "access-control-allow-credentials")).as("cookies never cross origins").isEmpty();
        return header(answer, "access-control-allow-origin");
    }

    @Test
    void showsAnswersToPagesOfTheCallersOwnTenantOnly() throws Exception {
        startWithOrigin();
        // a preflight has no credential: whose page it is is seen afterwards
        HttpResponse<String> preflight = preflight(ORIGIN);
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(allowed(preflight)).isEqualTo(ORIGIN);

        HttpResponse<String> own = by("tenant", ORIGIN);
        assertThat(allowed(own)).isEqualTo(ORIGIN);
        assertThat(header(own, "access-control-expose-headers")).contains("Idempotency-Replayed", "RateLimit");
        assertThat(allowed(by("good", ORIGIN))).as("the root tenant has not listed it").isEmpty();
        HttpResponse<String> unknown = by("unknown", ORIGIN);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(allowed(unknown)).as("so that the page sees that it has to log in").isEqualTo(ORIGIN);
        assertThat(allowed(get("/p/hello"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null", "https://app.example.evil.example", "https://evil-app.example", "http://app.example", "https://app.example:8443",
                "https://app.example/", "https://APP.example"
            })
    void showsNothingToPagesOfOtherOrigins(String origin) throws Exception {
        startWithOrigin();
        assertThat(allowed(by("tenant", origin))).isEmpty();
        assertThat(allowed(preflight(origin))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example", "acme=https://app.example", "=https://app.example"})
    void refusesEntriesThatNameNoTenant(String entry) {
        assertThatThrownBy(() -> new Cors(List.of(), List.of(entry))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "https://app.example/path", "app.example", "https://*.example"})
    void refusesEntriesThatNameNoOrigin(String origin) {
        assertThatThrownBy(() -> new Cors(List.of(), List.of(FakeAuthenticator.TENANT + "=" + origin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cors_tenant_origins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://app.example/", "app.example", "https://*.example", ""})
    void refusesOriginsOfAllThatAreNone(String origin) {
        assertThatThrownBy(() -> new Cors(List.of(origin), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cors_allowed_origins");
    }

    @Test
    void takesAnEntryInCapitalsAsBrowsersWriteIt() throws Exception {
        start(Map.of("cors__tenant__origins", new String[] {FakeAuthenticator.TENANT + "=HTTPS://App.Example"}));
        assertThat(allowed(by("tenant", ORIGIN))).isEqualTo(ORIGIN);
    }
}
