// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Keycloak, with the profile {@code keycloak} only: it takes minutes to start. */
@Tag("keycloak")
@Timeout(600)
class KeycloakTest {
    private static final URI CALLBACK = URI.create("https://hyperspot.example/auth/v1/callback/acme");
    private static final String PROGRAM = "program-RS256";

    /** Of access tokens in the realm. */
    private static final Duration LIFE = Duration.ofHours(1);

    private static Keycloak keycloak;
    private Fixture fixture;

    @BeforeAll
    static void startKeycloak() throws Exception {
        keycloak = new Keycloak();
    }

    @AfterAll
    static void stopKeycloak() throws Exception {
        if (keycloak != null) {
            keycloak.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("issuer", keycloak.issuer());
        settings.put("tenant_claim", "tenant");
        settings.put("groups_claim", "realm_access.roles");
        settings.put("groups_prefix", "acme-");
        return settings;
    }

    private OidcRedirectWorker login(String clientId) {
        return fixture.login(settings(Map.of("client_id", clientId, "client_secret", "a secret: 100%")));
    }

    private OidcTokenWorker tokens() {
        // the second is what ID tokens of the program are meant for
        return fixture.tokens(settings(Map.of("audiences", new String[] {Fixture.AUDIENCE, PROGRAM})));
    }

    private static Identity identity(Recognition recognition) {
        assertThat(recognition).isInstanceOf(Recognized.class);
        return ((Recognized) recognition).identity();
    }

    private static void refused(Recognition recognition, String reason) {
        assertThat(recognition)
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains(reason));
    }

    private static Recognition logIn(OidcRedirectWorker worker) throws Exception {
        Departure departure = worker.depart(CALLBACK, "the state");
        Map<String, String> answer = keycloak.logIn(departure.location());
        assertThat(answer).containsEntry("state", "the state").containsEntry("iss", keycloak.issuer());
        return worker.complete(CALLBACK, departure.memory(), answer);
    }

    private static String subject(JsonNode tokens) throws Exception {
        return "oidc:acme:" + claims(tokens.path("access_token").asText()).path("sub").asText();
    }

    private static JsonNode claims(String token) throws Exception {
        return FakeIssuer.JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    @Test
    void logsInByCode() throws Exception {
        Identity ada = identity(logIn(login("hyperspot")));
        assertThat(ada.subject()).isEqualTo(subject(keycloak.tokens(PROGRAM)));
        assertThat(ada.name()).isEqualTo("Ada Lovelace");
        // in the ID token
        assertThat(ada.groups()).containsExactly("acme-staff");
        // told by its userinfo endpoint
        assertThat(ada.tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
    }

    /** What docs/operations.md warns of. */
    @Test
    void learnsNoRolesOfAClientWhoseMapperLeavesThemToAccessTokens() throws Exception {
        assertThat(identity(logIn(login("as-created"))).groups()).isEmpty();
    }

    @Test
    void takesACodeOnceAndWithItsVerifierOnly() throws Exception {
        OidcRedirectWorker worker = login("hyperspot");
        Departure departure = worker.depart(CALLBACK, "s");
        Departure other = worker.depart(CALLBACK, "s");
        Map<String, String> answer = keycloak.logIn(departure.location());
        identity(worker.complete(CALLBACK, departure.memory(), answer));
        refused(worker.complete(CALLBACK, departure.memory(), answer), "begin it again");
        refused(worker.complete(CALLBACK, departure.memory(), keycloak.logIn(other.location())), "begin it again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
    void acceptsAccessTokensHoweverTheyAreSigned(String algorithm) throws Exception {
        JsonNode tokens = keycloak.tokens("program-" + algorithm);
        String token = tokens.path("access_token").asText();
        assertThat(Jws.parse(token).headerText("alg")).isEqualTo(algorithm);
        OidcTokenWorker worker = tokens();
        assertThat(worker.recognizes(token)).isTrue();
        Identity ada = identity(worker.verify(token));
        assertThat(ada.subject()).isEqualTo(subject(tokens));
        assertThat(ada.name()).isEqualTo("Ada Lovelace");
        assertThat(ada.groups()).containsExactly("acme-staff");
        assertThat(ada.tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        assertThat(worker.health().state()).isEqualTo(State.UP);
    }

    @Test
    void acceptsNoOtherTokens() throws Exception {
        OidcTokenWorker worker = tokens();
        JsonNode tokens = keycloak.tokens(PROGRAM);
        String good = tokens.path("access_token").asText();
        identity(worker.verify(good));
        refused(worker.verify(tokens.path("id_token").asText()), "not an access token");
        refused(worker.verify(tokens.path("refresh_token").asText()), "not signed with an accepted algorithm");
        refused(worker.verify(keycloak.tokens("other").path("access_token").asText()), "its audience is another");

        String[] parts = good.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains("staff");
        String more = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace("staff", "admin").getBytes(StandardCharsets.UTF_8));
        refused(worker.verify(parts[0] + "." + more + "." + parts[2]), "signature is wrong");
    }

    @Test
    void followsTheRotationOfKeys() throws Exception {
        OidcTokenWorker worker = tokens();
        String before = keycloak.tokens(PROGRAM).path("access_token").asText();
        identity(worker.verify(before));

        keycloak.addKey();
        String after = keycloak.tokens(PROGRAM).path("access_token").asText();
        assertThat(Jws.parse(after).headerText("kid")).isNotEqualTo(Jws.parse(before).headerText("kid"));
        // the keys were read just now
        fixture.clock.forward(Duration.ofSeconds(11));
        identity(worker.verify(after));
        identity(worker.verify(before));

        keycloak.forgetFirstKeys();
        fixture.clock.forward(Duration.ofSeconds(301));
        // known keys hold until the new ones have come
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> refused(worker.verify(before), "not signed with a key of its issuer"));
        identity(worker.verify(after));
        identity(worker.verify(keycloak.tokens(PROGRAM).path("access_token").asText()));
        identity(logIn(login("hyperspot")));
    }

    @Test
    void endsATokenAtItsTimeWhoseSessionHasEnded() throws Exception {
        OidcTokenWorker worker = tokens();
        JsonNode tokens = keycloak.tokens(PROGRAM);
        String token = tokens.path("access_token").asText();
        assertThat(keycloak.refresh(PROGRAM, tokens).status()).isEqualTo(200);
        keycloak.endSession(PROGRAM, tokens);
        assertThat(keycloak.refresh(PROGRAM, tokens).status()).as("there are no further tokens").isEqualTo(400);

        identity(worker.verify(token));
        fixture.clock.forward(LIFE.plusSeconds(61));
        refused(worker.verify(token), "has expired");
    }

    @Test
    void completesNoLoginWhoseSessionHasEnded() throws Exception {
        OidcRedirectWorker worker = login("hyperspot");
        Departure departure = worker.depart(CALLBACK, "s");
        Map<String, String> answer = keycloak.logIn(departure.location());
        keycloak.endAllSessions();
        refused(worker.complete(CALLBACK, departure.memory(), answer), "begin it again");
        identity(logIn(worker));
    }
}
