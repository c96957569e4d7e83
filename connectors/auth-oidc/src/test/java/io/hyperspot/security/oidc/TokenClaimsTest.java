// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.spi.Identity;
import io.hyperspot.security.spi.Recognition;
import io.hyperspot.security.spi.Recognition.Recognized;
import io.hyperspot.security.spi.Recognition.Refused;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {
    private static final TestKey RSA = TestKey.rsa("rsa", 2048);
    private static Fixture fixture;
    private static OidcTokenWorker worker;

    @BeforeAll
    static void start() throws Exception {
        fixture = new Fixture();
        fixture.issuer.keys = List.of(RSA);
        worker = fixture.tokens();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static Recognition verify(Map<String, Object> claims) {
        return worker.verify(RSA.token("RS256", claims));
    }

    private static void assertRefused(Map<String, Object> claims, String why) {
        assertThat(verify(claims)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains(why));
    }

    private static Identity identity(OidcTokenWorker worker, Map<String, Object> claims) {
        Recognition recognition = worker.verify(RSA.token("RS256", claims));
        assertThat(recognition).isInstanceOf(Recognized.class);
        return ((Recognized) recognition).identity();
    }

    private static long in(long seconds) {
        return fixture.clock.instant().getEpochSecond() + seconds;
    }

    @Test
    @DisplayName("exp: required, a number, in the past only within the clock skew (RFC 7519 4.1.4)")
    void checksTheEnd() {
        assertRefused(fixture.claimsWithout("exp"), "no end");
        assertRefused(fixture.claims("exp", in(-61)), "has expired");
        assertRefused(fixture.claims("exp", 0), "has expired");
        long end = in(-20);
        assertThat(verify(fixture.claims("exp", end)))
                .isInstanceOfSatisfying(Recognized.class, good -> assertThat(good.until()).isEqualTo(Instant.ofEpochSecond(end + 60)));
        assertThat(fixture.tokens(Map.of("clock_skew_seconds", 0)).verify(RSA.token("RS256", fixture.claims("exp", in(-1)))))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @DisplayName("exp that is no time, is beyond time, or takes long to compute")
    @ValueSource(strings = {"\"9999999999\"", "null", "true", "[]", "-1", "1e99", "1e999999999", "99999999999999999999", "9e-999999999"})
    void refusesOddTimes(String exp) {
        String claims = FakeIssuer.text(fixture.claimsWithout("exp"));
        String odd = claims.substring(0, claims.length() - 1) + ",\"exp\":" + exp + "}";
        assertThat(worker.verify(RSA.raw("RS256", "{\"alg\":\"RS256\",\"kid\":\"rsa\"}", odd))).isInstanceOf(Refused.class);
    }

    @Test
    @DisplayName("nbf and iat in the future (RFC 7519 4.1.5, 4.1.6); fractions of seconds are times too")
    void checksTheBeginning() {
        assertRefused(fixture.claims("nbf", in(120)), "not valid yet");
        assertRefused(fixture.claims("iat", in(120)), "not valid yet");
        assertRefused(fixture.claims("iat", in(10_000_000)), "not valid yet");
        assertRefused(fixture.claims("nbf", "soon"), "'nbf' is not a time");
        assertThat(verify(fixture.claims("nbf", in(30)))).isInstanceOf(Recognized.class);
        assertThat(verify(fixture.claims("exp", in(60) + 0.5))).isInstanceOf(Recognized.class);
        assertThat(verify(fixture.claimsWithout("iat"))).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("aud: required, exactly ours, or ours among several (RFC 7519 4.1.3, RFC 8725 3.9)")
    void checksTheAudience() {
        assertRefused(fixture.claimsWithout("aud"), "audience");
        for (Object wrong : List.of("", "other", Fixture.AUDIENCE + "/", Fixture.AUDIENCE.toUpperCase(java.util.Locale.ROOT), List.of(),
                List.of("other"), 7, Map.of("a", Fixture.AUDIENCE), List.of(List.of(Fixture.AUDIENCE)), "other " + Fixture.AUDIENCE)) {
            assertRefused(fixture.claims("aud", wrong), "audience");
        }
        assertThat(verify(fixture.claims("aud", List.of("other", Fixture.AUDIENCE)))).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("iss: exactly, so not with a slash, another case or another port (RFC 8725 3.8)")
    void checksTheIssuer() {
        String issuer = fixture.issuer.issuer();
        for (Object wrong : List.of(issuer + "/", issuer.toUpperCase(java.util.Locale.ROOT), issuer + "#", issuer + "?x", issuer.replace("127.0.0.1", "localhost"),
                "https://evil.example", "", List.of(issuer), issuer.replace("/acme", "/%61cme"))) {
            assertRefused(fixture.claims("iss", wrong), "another issuer");
            assertThat(worker.recognizes(RSA.token("RS256", fixture.claims("iss", wrong)))).isFalse();
        }
        assertRefused(fixture.claimsWithout("iss"), "another issuer");
    }

    @Test
    @DisplayName("sub: required, printable, not too long")
    void checksTheSubject() {
        assertRefused(fixture.claimsWithout("sub"), "of whom");
        for (Object wrong : List.of("", "x".repeat(256), "a\nb", "a\u0000", "a\u202eb", "a\u200bb", 7, List.of("a"))) {
            assertRefused(fixture.claims("sub", wrong), "of whom");
        }
    }

    @ParameterizedTest
    @DisplayName("other kinds of tokens by their type (RFC 8725 3.11, RFC 9068 4)")
    @ValueSource(strings = {"logout+jwt", "dpop+jwt", "secevent+jwt", "oauth-authz-req+jwt", "id+jwt", "JOSE", "", "text"})
    void refusesOtherTypes(String type) {
        assertThat(worker.verify(RSA.token("RS256", Map.of("alg", "RS256", "kid", "rsa", "typ", type), fixture.claims())))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "AT+JWT", "application/at+jwt", "JWT", "jwt"})
    void acceptsTheTypesOfAccessTokens(String type) {
        assertThat(worker.verify(RSA.token("RS256", Map.of("alg", "RS256", "kid", "rsa", "typ", type), fixture.claims())))
                .isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("ID and refresh tokens given as access tokens (RFC 9068 5)")
    void refusesIdTokens() {
        Map<String, Object> header = Map.of("alg", "RS256", "kid", "rsa", "typ", "JWT");
        for (String claim : List.of("nonce", "at_hash", "c_hash", "s_hash")) {
            assertThat(worker.verify(RSA.token("RS256", header, fixture.claims(claim, "x"))))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains("ID token"));
        }
        for (Map<String, Object> claims : List.of(
                fixture.claims("typ", "ID"), fixture.claims("typ", "Refresh"), fixture.claims("token_use", "id"))) {
            assertThat(worker.verify(RSA.token("RS256", header, claims))).isInstanceOf(Refused.class);
        }
        assertThat(worker.verify(RSA.token("RS256", header, fixture.claims("typ", "Bearer")))).isInstanceOf(Recognized.class);
    }

    @Test
    @DisplayName("a token bound to a key is not a bearer token (RFC 7800, RFC 8705, RFC 9449)")
    void refusesBoundTokens() {
        assertRefused(fixture.claims("cnf", Map.of("jkt", "x")), "bound to a key");
    }

    @Test
    void makesAnIdentityOfTheClaims() {
        Map<String, Object> claims = fixture.claims();
        claims.put("name", " Ada Lovelace ");
        claims.put("groups", List.of("staff", "", 7, "admins", "staff"));
        Identity identity = identity(fixture.tokens(Map.of("groups_prefix", "acme/")), claims);
        assertThat(identity.subject()).isEqualTo("oidc:acme:8f3a");
        assertThat(identity.name()).isEqualTo("Ada Lovelace");
        assertThat(identity.tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
        assertThat(identity.groups()).containsExactly("acme/staff", "acme/admins");
        assertThat(identity.scopes()).containsExactly(Permission.ALL);
    }

    @Test
    void namesPeopleByWhatIsThere() {
        assertThat(identity(worker, fixture.claims()).name()).isEqualTo("8f3a");
        assertThat(identity(worker, fixture.claims("email", "ada@example.com")).name()).isEqualTo("ada@example.com");
        Map<String, Object> claims = fixture.claims("name", "x\u202ey");
        claims.put("preferred_username", "ada");
        assertThat(identity(worker, claims).name()).isEqualTo("ada");
    }

    @Test
    void readsClaimsInsideOfClaims() {
        OidcTokenWorker nested = fixture.tokens(Map.of("groups_claim", "realm_access.roles", "tenant_claim", "https://hyperspot.example/tenant"));
        Map<String, Object> claims = fixture.claims("realm_access", Map.of("roles", List.of("admin")));
        claims.put("https://hyperspot.example/tenant", Fixture.TENANT);
        Identity identity = identity(nested, claims);
        assertThat(identity.groups()).containsExactly("admin");
        assertThat(identity.tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
    }

    @Test
    @DisplayName("a tenant by claim: a whole UUID, and never the root tenant")
    void refusesOddTenants() {
        OidcTokenWorker claimed = fixture.tokens(Map.of("tenant_claim", "tenant"));
        for (Object wrong : List.of("", "acme", "1-1-1-1-1", TenantId.ROOT.toString(), List.of(Fixture.TENANT), Fixture.TENANT + " ", 7)) {
            assertThat(claimed.verify(RSA.token("RS256", fixture.claims("tenant", wrong))))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.reason()).contains("no tenant"));
        }
        assertThat(claimed.verify(RSA.token("RS256", fixture.claims()))).isInstanceOf(Refused.class);
        assertThat(identity(claimed, fixture.claims("tenant", Fixture.TENANT)).tenant()).isEqualTo(TenantId.of(Fixture.TENANT));
    }

    @Test
    void limitsTokensToThePermissionsAmongTheirScopes() {
        OidcTokenWorker scoped = fixture.tokens(Map.of("scope_permissions", true));
        assertThat(identity(scoped, fixture.claims("scope", "openid gts.hyperspot.llm.*:invoke x:y")).scopes())
                .containsExactly(Permission.parse("gts.hyperspot.llm.*:invoke"));
        assertThat(identity(scoped, fixture.claims("scp", List.of("gts.hyperspot.llm.*:read"))).scopes())
                .containsExactly(Permission.parse("gts.hyperspot.llm.*:read"));
        assertThat(identity(scoped, fixture.claims()).scopes()).isEmpty();
        assertThat(identity(scoped, fixture.claims("scope", "openid profile")).scopes()).isEmpty();
    }

    @Test
    void acceptsNoTokensWithoutAnAudienceToCheck() {
        OidcTokenWorker none = fixture.tokens(Map.of("audiences", new String[] {" "}));
        String token = RSA.token("RS256", fixture.claims());
        assertThat(none.recognizes(token)).isFalse();
        assertThat(none.verify(token)).isInstanceOf(Refused.class);
        assertThat(none.health().state()).isEqualTo(State.UP);
    }

    @Test
    void tellsTheOperatorWhatIsWrongInTheConfiguration() {
        Map<String, Map<String, Object>> cases = Map.of(
                "https URL", Map.of("issuer", "http://login.example.com"),
                "with a host", Map.of("issuer", "https://user:secret@login.example.com"),
                "not a URL", Map.of("issuer", "https://a b"),
                "neither query", Map.of("issuer", "https://login.example.com?x=1"),
                "only one", Map.of("tenant", Fixture.TENANT, "tenant_claim", "tenant"),
                "a UUID", Map.of("tenant", "acme"),
                "'HS256'", Map.of("algorithms", new String[] {"HS256"}),
                "'none'", Map.of("algorithms", new String[] {"none"}),
                "at least one", Map.of("algorithms", new String[0]),
                "'trusted_origins'", Map.of("trusted_origins", new String[] {"ftp://x.example"}));
        cases.forEach((why, settings) -> {
            OidcTokenWorker broken = fixture.tokens(new HashMap<>(settings));
            assertThat(broken.health().state()).isEqualTo(State.DEGRADED);
            assertThat(broken.health().reason()).contains(why).contains("modules.auth-oidc.instances.acme").doesNotContain("secret");
            assertThat(broken.recognizes(RSA.token("RS256", fixture.claims()))).isFalse();
            assertThat(broken.verify("x")).isInstanceOf(Refused.class);
        });
    }
}
