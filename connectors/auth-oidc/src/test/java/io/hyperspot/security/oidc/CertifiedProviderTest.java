// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the certified npm package oidc-provider. */
@Timeout(240)
class CertifiedProviderTest {
    private static final URI CALLBACK = URI.create("https://hyperspot.example/auth/v1/callback/acme");
    private static CertifiedProvider provider;
    private static Fixture fixture;

    @BeforeAll
    static void start() throws Exception {
        provider = CertifiedProvider.start(CALLBACK.toString(), Fixture.TENANT);
        fixture = new Fixture();
    }

    @AfterAll
    static void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    private static OidcRedirectWorker login(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("issuer", provider.issuer());
        return fixture.login(settings);
    }

    /** Somebody with a browser. */
    private static final class Person implements AutoCloseable {
        private final HttpClient browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .build();

        /** Logs in, or presses "abort", and comes back with the parameters of the answer. */
        Map<String, String> goTo(URI page, boolean willing) throws Exception {
            HttpRequest next = HttpRequest.newBuilder(page).build();
            for (int steps = 0; steps < 20; steps++) {
                HttpResponse<String> response = browser.send(next, BodyHandlers.ofString());
                URI location = response.headers().firstValue("location").map(response.uri()::resolve).orElse(null);
                if (location != null) {
                    if (location.toString().startsWith(CALLBACK.toString())) {
                        return query(location);
                    }
                    next = HttpRequest.newBuilder(location).build();
                } else if (!willing) {
                    next = HttpRequest.newBuilder(URI.create(response.uri() + "/abort")).build();
                } else {
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                    String form = response.body().contains("value=\"login\"") ? "prompt=login&login=ada&password=x" : "prompt=consent";
                    next = HttpRequest.newBuilder(response.uri())
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form))
                            .build();
                }
            }
            throw new AssertionError("the browser did not come back");
        }

        @Override
        public void close() {
            browser.close();
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String field : uri.getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static Recognition logIn(OidcRedirectWorker worker) throws Exception {
        Departure departure = worker.depart(CALLBACK, "the state");
        try (Person ada = new Person()) {
            Map<String, String> answer = ada.goTo(departure.location(), true);
            assertThat(answer).containsEntry("state", "the state").containsEntry("iss", provider.issuer());
            return worker.complete(CALLBACK, departure.memory(), answer);
        }
    }

    @Test
    void logsInByCodeWithASecret() throws Exception {
        Recognition recognition = logIn(login(Map.of("client_id", "hyperspot", "client_secret", "a secret: 100%")));
        assertThat(recognition).isInstanceOfSatisfying(Recognized.class, good -> {
            assertThat(good.identity().subject()).isEqualTo("oidc:acme:ada");
            // told by its userinfo endpoint, as the standard wants it
            assertThat(good.identity().name()).isEqualTo("Person ada");
            assertThat(good.identity().groups()).containsExactly("staff", "readers");
            assertThat(good.identity().tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        });
    }

    @Test
    void logsInByCodeAsAPublicClient() throws Exception {
        assertThat(logIn(login(Map.of("client_id", "public", "userinfo", false)))).isInstanceOfSatisfying(
                Recognized.class, good -> assertThat(good.identity().name()).isEqualTo("ada"));
    }

    @Test
    void takesACodeOnceAndWithItsVerifierOnly() throws Exception {
        OidcRedirectWorker worker = login(Map.of("client_id", "public"));
        Departure departure = worker.depart(CALLBACK, "s");
        Departure other = worker.depart(CALLBACK, "s");
        try (Person ada = new Person()) {
            Map<String, String> answer = ada.goTo(departure.location(), true);
            assertThat(worker.complete(CALLBACK, departure.memory(), answer)).isInstanceOf(Recognized.class);
            assertThat(worker.complete(CALLBACK, departure.memory(), answer)).isInstanceOf(Refused.class);
            Map<String, String> second = ada.goTo(other.location(), true);
            assertThat(worker.complete(CALLBACK, departure.memory(), second)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void saysThatAPersonDidNotWantTo() throws Exception {
        OidcRedirectWorker worker = login(Map.of("client_id", "public"));
        Departure departure = worker.depart(CALLBACK, "s");
        try (Person ada = new Person()) {
            Map<String, String> answer = ada.goTo(departure.location(), false);
            assertThat(answer).containsEntry("error", "access_denied");
            assertThat(worker.complete(CALLBACK, departure.memory(), answer))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains("refused the login"));
        }
    }

    private static String accessToken(String resource) throws Exception {
        String basic = Base64.getEncoder().encodeToString("machine:machine".getBytes(StandardCharsets.US_ASCII));
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(
                            HttpRequest.newBuilder(URI.create(provider.issuer() + "/token"))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .header("Authorization", "Basic " + basic)
                                    .POST(BodyPublishers.ofString("grant_type=client_credentials&scope=gts.hyperspot.llm.*:invoke&resource=" + resource))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return FakeIssuer.JSON.readTree(body).path("access_token").asText();
        }
    }

    @Test
    void acceptsItsAccessTokens() throws Exception {
        OidcTokenWorker worker =
                fixture.tokens(Map.of("issuer", provider.issuer(), "tenant_claim", "tenant", "scope_permissions", true));
        String token = accessToken(Fixture.AUDIENCE);
        assertThat(worker.recognizes(token)).isTrue();
        assertThat(worker.verify(token)).isInstanceOfSatisfying(Recognized.class, good -> {
            assertThat(good.identity().subject()).isEqualTo("oidc:acme:machine");
            assertThat(good.identity().tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
            assertThat(good.identity().scopes()).containsExactly(Permission.parse("gts.hyperspot.llm.*:invoke"));
        });
        assertThat(worker.verify(accessToken("https://other.example")))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains("audience"));
    }
}
