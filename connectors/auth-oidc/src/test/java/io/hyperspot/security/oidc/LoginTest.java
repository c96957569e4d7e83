// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import io.hyperspot.security.spi.Recognition.Undecided;
import io.hyperspot.security.spi.RedirectWorker.Departure;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LoginTest {
    private static final TestKey RSA = TestKey.rsa("rsa", 2048);
    private static final URI CALLBACK = URI.create("https://hyperspot.example/auth/v1/callback/acme");
    private Fixture fixture;
    private OidcRedirectWorker worker;
    private Departure departure;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture();
        fixture.issuer.keys = List.of(RSA);
        worker = fixture.login(Map.of());
        departure = worker.depart(CALLBACK, "state-1");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String field : uri.getRawQuery().split("&")) {
            String[] parts = field.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private Map<String, Object> idClaims() {
        Map<String, Object> claims = fixture.claims("aud", "hyperspot");
        claims.put("nonce", query(departure.location()).get("nonce"));
        return claims;
    }

    private static String idToken(Map<String, Object> claims) {
        return RSA.token("RS256", new LinkedHashMap<>(Map.of("alg", "RS256", "kid", "rsa", "typ", "JWT")), claims);
    }

    private Recognition complete(Map<String, Object> claims) {
        fixture.issuer.tokenAnswer = Map.of("token_type", "Bearer", "access_token", "opaque", "id_token", idToken(claims));
        return complete(worker, Map.of("code", "c0de", "state", "state-1"));
    }

    private Recognition complete(OidcRedirectWorker by, Map<String, String> answer) {
        return by.complete(CALLBACK, departure.memory(), answer);
    }

    private void assertRefused(Map<String, Object> claims, String why) {
        assertRefused(complete(claims), why);
    }

    private static void assertRefused(Recognition recognition, String why) {
        assertThat(recognition).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains(why));
    }

    private Map<String, Object> with(String name, Object value) {
        Map<String, Object> claims = idClaims();
        claims.put(name, value);
        return claims;
    }

    @Test
    @DisplayName("leaves with state, nonce and an S256 challenge whose verifier stays (RFC 7636, RFC 9700 2.1.1)")
    void sendsTheBrowserToTheProvider() throws Exception {
        Map<String, String> query = query(departure.location());
        assertThat(departure.location().toString()).startsWith(fixture.issuer.base() + "/authorize?");
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "hyperspot")
                .containsEntry("redirect_uri", CALLBACK.toString())
                .containsEntry("scope", "openid profile")
                .containsEntry("state", "state-1")
                .containsEntry("code_challenge_method", "S256");
        String verifier = Objects.requireNonNull(departure.memory().get("code_verifier"));
        assertThat(verifier).matches("[A-Za-z0-9_-]{43}");
        assertThat(query.get("code_challenge")).isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII))));
        assertThat(departure.location().toString()).doesNotContain(verifier);
        Departure next = worker.depart(CALLBACK, "state-2");
        assertThat(next.memory()).doesNotContainValue(verifier).isNotEqualTo(departure.memory());
        assertThat(worker.provider()).isEqualTo("acme");
    }

    @Test
    void keepsTheQueryOfTheProvidersPage() {
        fixture.issuer.metadata.put("authorization_endpoint", fixture.issuer.base() + "/authorize?p=policy");
        assertThat(query(fixture.login(Map.of()).depart(CALLBACK, "s").location())).containsEntry("p", "policy").containsEntry("state", "s");
    }

    @Test
    void recognizesWhoComesBack() {
        Map<String, Object> claims = with("name", "Ada");
        claims.put("groups", List.of("staff"));
        Recognition recognition = complete(claims);
        assertThat(recognition).isInstanceOfSatisfying(Recognized.class, good -> {
            assertThat(good.until()).isEqualTo(Instant.MAX);
            assertThat(good.identity().subject()).isEqualTo("oidc:acme:8f3a");
            assertThat(good.identity().name()).isEqualTo("Ada");
            assertThat(good.identity().groups()).containsExactly("staff");
            assertThat(good.identity().scopes()).containsExactly(Permission.ALL);
        });
        Map<String, String> exchange = fixture.issuer.exchanges.getFirst();
        assertThat(exchange)
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("code", "c0de")
                .containsEntry("redirect_uri", CALLBACK.toString())
                .containsEntry("code_verifier", departure.memory().get("code_verifier"))
                .containsEntry("client_id", "hyperspot")
                .containsEntry("authorization", "");
    }

    @Test
    @DisplayName("client_secret_basic, in the form's encoding first (RFC 6749 2.3.1)")
    void provesItselfWithItsSecret() {
        OidcRedirectWorker secretive = fixture.login(Map.of("client_id", "hyper spot", "client_secret", "p:w d\u00e4%"));
        complete(secretive, Map.of("code", "c0de"));
        Map<String, String> exchange = fixture.issuer.exchanges.getFirst();
        String basic = new String(Base64.getDecoder().decode(exchange.getOrDefault("authorization", "").substring(6)), StandardCharsets.UTF_8);
        assertThat(basic).isEqualTo("hyper+spot:p%3Aw+d%C3%A4%25");
        assertThat(exchange).doesNotContainKey("client_id").doesNotContainKey("client_secret");
    }

    @Test
    @DisplayName("ID token of another client, login, issuer or time (OpenID Connect Core 3.1.3.7)")
    void validatesTheIdToken() {
        assertRefused(with("aud", "other"), "audience");
        assertRefused(with("aud", List.of("hyperspot", "other")), "another client");
        assertRefused(with("azp", "other"), "another client");
        assertRefused(with("azp", 7), "another client");
        assertRefused(with("nonce", "other"), "another login");
        assertRefused(with("nonce", ""), "another login");
        assertRefused(with("nonce", 7), "another login");
        assertRefused(with("iss", fixture.issuer.issuer() + "/"), "another issuer");
        assertRefused(with("exp", 1), "expired");
        assertRefused(with("sub", ""), "of whom");
        Map<String, Object> claims = idClaims();
        claims.remove("nonce");
        assertRefused(claims, "another login");
        claims = idClaims();
        claims.remove("iat");
        assertRefused(claims, "when it was made");
        claims = with("aud", List.of("hyperspot", "other"));
        claims.put("azp", "hyperspot");
        assertThat(complete(claims)).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("at_hash binds the access token when it is there (OpenID Connect Core 3.1.3.8)")
    void checksTheHashOfTheAccessToken() throws Exception {
        byte[] whole = MessageDigest.getInstance("SHA-256").digest("opaque".getBytes(StandardCharsets.US_ASCII));
        String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, 16));
        assertThat(complete(with("at_hash", hash))).isInstanceOf(Recognized.class);
        assertRefused(with("at_hash", hash.substring(1) + "A"), "access token beside it");
        assertRefused(with("at_hash", ""), "access token beside it");
        fixture.issuer.tokenAnswer = Map.of("id_token", idToken(with("at_hash", hash)));
        assertRefused(complete(worker, Map.of("code", "c")), "access token beside it");
    }

    @Test
    @DisplayName("ID token unsigned, with a symmetric algorithm, by a foreign key, or another kind of token")
    void refusesForgedIdTokens() {
        TestKey foreign = TestKey.rsa("rsa", 2048);
        Map<String, Object> claims = idClaims();
        String none = TestKey.part("{\"alg\":\"none\"}") + "." + TestKey.part(FakeIssuer.text(claims)) + ".";
        for (String forged : List.of(
                none, none + "AAAA", foreign.token("RS256", Map.of("alg", "RS256", "kid", "rsa"), claims),
                RSA.token("RS256", Map.of("alg", "HS256"), claims), RSA.token("RS256", claims),
                RSA.token("RS256", Map.of("alg", "RS256", "kid", "rsa", "typ", "logout+jwt"), claims), "x", idToken(with("x", "y".repeat(20_000))))) {
            fixture.issuer.tokenAnswer = Map.of("id_token", forged);
            assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Refused.class);
        }
    }

    @Test
    @DisplayName("iss of the answer: another provider's is a mix-up, and none where it is promised (RFC 9207)")
    void refusesMixUps() {
        fixture.issuer.tokenAnswer = Map.of("access_token", "opaque", "id_token", idToken(idClaims()));
        assertRefused(complete(worker, Map.of("code", "c", "iss", "https://evil.example")), "not of this login");
        assertThat(fixture.issuer.exchanges).isEmpty();
        fixture.issuer.metadata.put("authorization_response_iss_parameter_supported", true);
        OidcRedirectWorker strict = fixture.login(Map.of());
        assertRefused(complete(strict, Map.of("code", "c")), "not of this login");
        assertRefused(complete(strict, Map.of("error", "access_denied")), "not of this login");
        assertThat(fixture.issuer.exchanges).isEmpty();
        assertThat(complete(strict, Map.of("code", "c", "iss", fixture.issuer.issuer()))).isInstanceOf(Recognized.class);
    }

    @Test
    void saysWhyTheProviderRefused() {
        assertRefused(complete(worker, Map.of("error", "access_denied", "error_description", "<b>no</b>")), "refused the login");
        assertRefused(complete(worker, Map.of("error", "login_required")), "do something first");
        assertRefused(complete(worker, Map.of("error", "invalid_scope")), "invalid_scope");
        assertRefused(complete(worker, Map.of("error", "<script>alert(1)</script>")), "unknown_error");
        assertThat(complete(worker, Map.of("error", "temporarily_unavailable"))).isInstanceOf(Undecided.class);
        assertThat(fixture.issuer.exchanges).isEmpty();
    }

    @Test
    void refusesAnswersWithoutACodeOrOfNoLogin() {
        assertRefused(complete(worker, Map.of()), "no code");
        assertRefused(complete(worker, Map.of("code", "")), "no code");
        assertRefused(complete(worker, Map.of("code", "c".repeat(5_000))), "no code");
        assertRefused(worker.complete(CALLBACK, Map.of(), Map.of("code", "c")), "not of this login");
        assertThat(fixture.issuer.exchanges).isEmpty();
    }

    @Test
    void tellsACodeThatIsUsedFromAProviderThatFails() {
        fixture.issuer.tokenStatus = 400;
        fixture.issuer.tokenAnswer = Map.of("error", "invalid_grant");
        assertRefused(complete(worker, Map.of("code", "c")), "begin it again");
        fixture.issuer.tokenAnswer = Map.of("error", "invalid_request");
        assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Undecided.class);
        fixture.issuer.tokenStatus = 401;
        fixture.issuer.tokenAnswer = Map.of("error", "invalid_client");
        assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Undecided.class);
        fixture.issuer.tokenStatus = 500;
        assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Undecided.class);
        fixture.issuer.tokenStatus = 200;
        fixture.issuer.tokenAnswer = Map.of("access_token", "only");
        assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Undecided.class);
        fixture.issuer.close();
        assertThat(complete(worker, Map.of("code", "c"))).isInstanceOf(Undecided.class);
    }

    @Test
    void refusesToDepartToAProviderThatCannotBeUsed() {
        assertProblem(fixture.login(Map.of("client_id", " ")), ErrorCategory.UNIMPLEMENTED);
        assertProblem(fixture.login(Map.of("issuer", "ftp://x")), ErrorCategory.UNIMPLEMENTED);
        fixture.issuer.metadata.remove("authorization_endpoint");
        assertProblem(fixture.login(Map.of()), ErrorCategory.BAD_UPSTREAM);
        fixture.issuer.metadata.put("issuer", "https://evil.example");
        assertProblem(fixture.login(Map.of()), ErrorCategory.BAD_UPSTREAM);
        fixture.issuer.close();
        assertProblem(fixture.login(Map.of()), ErrorCategory.UNAVAILABLE);
    }

    private static void assertProblem(OidcRedirectWorker worker, ErrorCategory category) {
        assertThatThrownBy(() -> worker.depart(CALLBACK, "s"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.category()).isEqualTo(category));
    }
}
