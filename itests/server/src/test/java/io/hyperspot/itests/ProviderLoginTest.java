// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.SamlProvider.Person;
import io.hyperspot.itests.TestBrowser.Page;
import io.hyperspot.itests.TestServer.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * People whom others know: by OpenID Connect, by a directory and by SAML. Everywhere ada is of tenant A and in the group
 * "staff", which may read there; bob is of tenant B and in "admins", which may do everything there; carl is of tenant B
 * and in "staff", which nobody gave anything there.
 */
@Timeout(240)
final class ProviderLoginTest {
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String KEYS = "/security/v1/api-keys";
    private static final String SESSION = "/auth/v1/session";
    private static final String AUDIENCE = "https://hyperspot.example";
    private static final String PASSWORD = "correct horse";
    private static final String PEOPLE = """
            {"ada": {"tenant": "%1$s", "groups": ["staff"]},
             "bob": {"tenant": "%2$s", "groups": ["admins"]},
             "carl": {"tenant": "%2$s", "groups": ["staff"]}}""".formatted(TENANT_A, TENANT_B);

    @TempDir
    static Path home;

    @TempDir
    static Path certificates;

    static TestServer server;
    static OpenIdProvider acme;
    static LdapDirectory directory;
    static SamlProvider school;
    static String keyA;
    static String keyB;

    @BeforeAll
    static void start() throws Exception {
        String tenants = "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B);
        server = TestServer.start(home, tenants);
        acme = new OpenIdProvider(server.url().resolve("/auth/v1/login/acme/callback"), PEOPLE);
        TestCertificate certificate = new TestCertificate(certificates);
        directory = new LdapDirectory(certificate);
        directory.person("ada", PASSWORD, TENANT_A);
        directory.person("bob", PASSWORD, TENANT_B);
        directory.person("carl", PASSWORD, TENANT_B);
        directory.group("staff", "ada", "carl");
        directory.group("admins", "bob");
        school = new SamlProvider(certificate, Map.of(
                "ada", new Person("a", List.of("staff")),
                "bob", new Person("b", List.of("admins")),
                "carl", new Person("b", List.of("staff"))));

        assertThat(server.post("/credstore/v1/secrets", secret("acme-login", OpenIdProvider.CLIENT_SECRET)).status()).isEqualTo(201);
        assertThat(server.post("/credstore/v1/secrets", secret("corp-ldap", LdapDirectory.READER_PASSWORD)).status()).isEqualTo(201);
        server.configure(tenants + providers(certificate.pem()));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(server.send("GET", "/auth/v1/providers", null, null)
                                .json()
                                .path("items")
                                .findValuesAsText("name"))
                        .contains("users", "acme", "corp", "corp-tls", "school"));

        keyA = server.newKey(TENANT_A, "gts.*:*");
        keyB = server.newKey(TENANT_B, "gts.*:*");
        for (String prefix : List.of("acme-", "corp-", "school-")) {
            bind(keyA, "group:" + prefix + "staff", "viewer");
            bind(keyB, "group:" + prefix + "admins", "admin");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        if (acme != null) {
            acme.close();
        }
        if (directory != null) {
            directory.close();
        }
        if (school != null) {
            school.close();
        }
    }

    /** As docs/operations.md has it. */
    private static String providers(Path certificate) {
        String corp = """
                        trust_file: %1$s
                        bind_dn: %2$s
                        bind_password: ${secret:corp-ldap}
                        user_base: %3$s
                        group_base: %4$s
                        group_filter: (member={0})
                        groups_prefix: "corp-"
                        tenant_attribute: o
                        tenants: [%5$s, %6$s]
                """.formatted(certificate, LdapDirectory.READER, LdapDirectory.PEOPLE, LdapDirectory.GROUPS, TENANT_A, TENANT_B);
        return """
                  auth-oidc:
                    instances:
                      acme:
                        issuer: %s
                        tenant_claim: tenant
                        audiences: [%s]
                        client_id: %s
                        client_secret: ${secret:acme-login}
                        groups_prefix: "acme-"
                  auth-ldap:
                    instances:
                      corp:
                        urls: [%s]
                """.formatted(acme.issuer(), AUDIENCE, OpenIdProvider.CLIENT, directory.url())
                + corp
                + """
                      corp-tls:
                        urls: [%s]
                        security: LDAPS
                """.formatted(directory.ldapsUrl())
                + corp
                + """
                  auth-saml:
                    instances:
                      school:
                        idp_entity_id: %s
                        sso_url: %s
                        certificates: ["${file:%s}"]
                        sp_entity_id: https://hyperspot.example
                        tenant_attribute: org
                        tenants: ["a=%s", "b=%s"]
                        groups_attribute: groups
                        groups_prefix: "school-"
                """.formatted(school.entityId(), school.ssoUrl(), certificate, TENANT_A, TENANT_B);
    }

    private static String secret(String reference, String value) {
        return server.json.createObjectNode().put("reference", reference).put("value", value).toString();
    }

    private static void bind(String key, String principal, String role) throws Exception {
        ObjectNode binding = server.json.createObjectNode().put("principal", principal).put("role", role);
        assertThat(server.send("POST", "/authz/v1/bindings", key, binding.toString()).status()).isEqualTo(201);
    }

    private static URI at(String path) {
        return server.url().resolve(path);
    }

    /** Makes a key, so that there is one to be seen. */
    private static String keyId(String key) throws Exception {
        Answer created = server.send("POST", KEYS, key, "{\"name\":\"to be seen\",\"scopes\":[\"gts.hyperspot.llm.*:*\"]}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.json().path("id").asText();
    }

    /** The session, after a login by the provider's own pages or with a password. */
    private static JsonNode logIn(TestBrowser browser, String provider, String name) throws Exception {
        URI begin = at("/auth/v1/login/" + provider + "?return_to=" + SESSION);
        Page page = switch (provider) {
            case "acme" -> browser.follow(acme.pass(browser, browser.open(begin), name));
            case "school" -> {
                Page last = school.pass(browser, browser.open(begin), name);
                yield browser.follow(browser.submit(last, SamlProvider.action(last), SamlProvider.fields(last)));
            }
            default -> {
                Page answer = password(browser, provider, name, PASSWORD);
                assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                yield browser.open(at(SESSION));
            }
        };
        assertThat(page.address()).isEqualTo(at(SESSION));
        assertThat(page.status()).as(page.body()).isEqualTo(200);
        return page.json();
    }

    private static Page password(TestBrowser browser, String provider, String name, String password) throws Exception {
        ObjectNode login = server.json.createObjectNode().put("provider", provider).put("name", name).put("password", password);
        return browser.send("POST", at("/auth/v1/login"), login.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "corp", "corp-tls", "school"})
    void letsAPersonDoWhatTheRoleOfTheGroupGrantsUntilTheLogout(String provider) throws Exception {
        String id = keyId(keyA);
        try (TestBrowser browser = new TestBrowser()) {
            JsonNode ada = logIn(browser, provider, "ada");
            assertThat(ada.path("name").asText()).isEqualTo("Person ada");
            assertThat(ada.path("tenant").asText()).isEqualTo(TENANT_A);
            assertThat(ada.path("groups").get(0).asText()).isEqualTo(provider.replace("-tls", "") + "-staff");
            assertThat(ada.path("groups")).hasSize(1);

            Page keys = browser.open(at(KEYS));
            assertThat(keys.status()).as(keys.body()).isEqualTo(200);
            assertThat(keys.json().path("items").findValuesAsText("id")).contains(id);
            String csrf = ada.path("csrf_token").asText();
            Page refused = browser.send("POST", at(KEYS), "{\"name\":\"mine\"}", "x-csrf-token", csrf);
            assertThat(refused.status()).as("a viewer only reads: %s", refused.body()).isEqualTo(403);

            String session = "hyperspot-session=" + browser.cookie("hyperspot-session");
            assertThat(server.send("GET", KEYS, null, null, "Cookie", session).status()).isEqualTo(200);
            assertThat(browser.send("POST", at("/auth/v1/logout"), null, "x-csrf-token", csrf).status()).isEqualTo(204);
            assertThat(browser.open(at(KEYS)).status()).isEqualTo(401);
            assertThat(server.send("GET", KEYS, null, null, "Cookie", session).status()).as("a kept cookie").isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "corp", "school"})
    void showsAPersonOfOneTenantNoKeysOfAnother(String provider) throws Exception {
        String idA = keyId(keyA);
        String idB = keyId(keyB);
        try (TestBrowser browser = new TestBrowser()) {
            assertThat(logIn(browser, provider, "bob").path("tenant").asText()).isEqualTo(TENANT_B);
            Page keys = browser.open(at(KEYS));
            assertThat(keys.json().path("items").findValuesAsText("id")).contains(idB).doesNotContain(idA);
            assertThat(browser.open(at(KEYS + "/" + idB)).status()).isEqualTo(200);
            assertThat(browser.open(at(KEYS + "/" + idA)).status()).isEqualTo(404);
        }
        try (TestBrowser browser = new TestBrowser()) {
            logIn(browser, provider, "carl");
            assertThat(browser.open(at(KEYS)).status()).as("the same group of another tenant").isEqualTo(403);
        }
    }

    @Test
    void listsTheWaysToLogIn() throws Exception {
        JsonNode items = server.send("GET", "/auth/v1/providers", null, null).json().path("items");
        for (JsonNode item : items) {
            boolean elsewhere = List.of("acme", "school").contains(item.path("name").asText());
            assertThat(item.path("kind").asText()).as(item.toString()).isEqualTo(elsewhere ? "redirect" : "password");
        }
        JsonNode parts = server.send("GET", "/health/ready", null, null).json().path("parts");
        for (String part : List.of("auth-oidc-acme", "auth-ldap-corp", "auth-ldap-corp-tls", "auth-saml-school")) {
            assertThat(parts.path(part).path("status").asText()).as(part).isEqualTo("UP");
        }
    }

    // OpenID Connect

    private static String accessToken(String name) throws Exception {
        return tokens(name, AUDIENCE).path("access_token").asText();
    }

    /** What a program gets that somebody lets act (RFC 6749, RFC 7636, RFC 8707). */
    private static JsonNode tokens(String name, String audience) throws Exception {
        String verifier = "a-verifier-of-at-least-forty-three-characters-";
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        String callback = at("/auth/v1/login/acme/callback").toString();
        String resource = URLEncoder.encode(audience, StandardCharsets.UTF_8);
        URI page = URI.create(acme.issuer() + "/auth?client_id=" + OpenIdProvider.PUBLIC_CLIENT + "&response_type=code&scope=openid"
                + "&redirect_uri=" + URLEncoder.encode(callback, StandardCharsets.UTF_8) + "&resource=" + resource
                + "&code_challenge=" + challenge + "&code_challenge_method=S256");
        try (TestBrowser browser = new TestBrowser()) {
            Page sent = acme.pass(browser, browser.open(page), name);
            String code = String.valueOf(sent.next()).replaceFirst(".*[?&]code=([^&]*).*", "$1");
            Answer answer = server.send(HttpRequest.newBuilder(URI.create(acme.issuer() + "/token"))
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("grant_type=authorization_code&code=" + code + "&code_verifier=" + verifier
                            + "&client_id=" + OpenIdProvider.PUBLIC_CLIENT + "&resource=" + resource
                            + "&redirect_uri=" + URLEncoder.encode(callback, StandardCharsets.UTF_8)))
                    .build());
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return answer.json();
        }
    }

    private static Answer keysBy(String token) throws Exception {
        return server.send("GET", KEYS, token, null);
    }

    @Test
    void acceptsAccessTokensOfTheProvider() throws Exception {
        String idA = keyId(keyA);
        String idB = keyId(keyB);
        String ada = accessToken("ada");
        Answer ofA = keysBy(ada);
        assertThat(ofA.status()).as(ofA.body()).isEqualTo(200);
        assertThat(ofA.json().path("items").findValuesAsText("id")).contains(idA).doesNotContain(idB);
        assertThat(server.send("POST", KEYS, ada, "{\"name\":\"mine\"}").status()).as("a viewer only reads").isEqualTo(403);
        Answer ofB = keysBy(accessToken("bob"));
        assertThat(ofB.json().path("items").findValuesAsText("id")).contains(idB).doesNotContain(idA);
        assertThat(keysBy(accessToken("carl")).status()).as("the same group of another tenant").isEqualTo(403);
    }

    @Test
    void acceptsNoOtherTokens() throws Exception {
        JsonNode tokens = tokens("ada", AUDIENCE);
        String good = tokens.path("access_token").asText();
        assertThat(keysBy(good).status()).isEqualTo(200);

        String[] parts = good.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains(TENANT_A);
        String moved = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace(TENANT_A, TENANT_B).getBytes(StandardCharsets.UTF_8));
        refused(keysBy(parts[0] + "." + moved + "." + parts[2]), "another tenant");
        String signature = (parts[2].startsWith("A") ? "B" : "A") + parts[2].substring(1);
        refused(keysBy(parts[0] + "." + parts[1] + "." + signature), "another signature");
        String none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        refused(keysBy(none + "." + parts[1] + "."), "no signature");
        refused(keysBy(tokens.path("id_token").asText()), "an ID token");
        refused(keysBy(tokens("ada", "https://other.example").path("access_token").asText()), "a token for somebody else");
        assertThat(keysBy(good).status()).isEqualTo(200);
    }

    private static void refused(Answer answer, String what) {
        assertThat(answer.status()).as("%s: %s", what, answer.body()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).as(what).startsWith("Bearer");
    }

    @Test
    void takesTheAnswerOfAProviderFromTheBrowserOnlyThatBeganTheLogin() throws Exception {
        URI begin = at("/auth/v1/login/acme");
        try (TestBrowser attacker = new TestBrowser();
                TestBrowser victim = new TestBrowser()) {
            URI answer = Objects.requireNonNull(acme.pass(attacker, attacker.open(begin), "bob").next());
            victim.open(begin);
            Page refused = victim.open(answer);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.code()).isEqualTo("LOGIN_NOT_BEGUN");
            assertThat(victim.cookie("hyperspot-session")).isEmpty();
        }
    }

    // LDAP

    @ParameterizedTest
    @ValueSource(strings = {"corp", "corp-tls"})
    void saysTheSameOfAWrongNameAndAWrongPasswordOfADirectory(String provider) throws Exception {
        try (TestBrowser browser = new TestBrowser()) {
            Page wrong = password(browser, provider, "ada", "wrong");
            Page unknown = password(browser, provider, "nobody", PASSWORD);
            assertThat(wrong.status()).as(wrong.body()).isEqualTo(401);
            assertThat(wrong.code()).isEqualTo("LOGIN_REFUSED");
            assertThat(unknown.status()).isEqualTo(401);
            assertThat(unknown.json().path("detail").asText()).isEqualTo(wrong.json().path("detail").asText());
            assertThat(browser.cookie("hyperspot-session")).isEmpty();
            assertThat(password(browser, provider, "ada", PASSWORD).status()).isEqualTo(200);
        }
    }

    // SAML

    @Test
    void takesASamlAnswerOnce() throws Exception {
        URI begin = at("/auth/v1/login/school");
        try (TestBrowser browser = new TestBrowser()) {
            Page last = school.pass(browser, browser.open(begin), "ada");
            URI callback = SamlProvider.action(last);
            assertThat(callback).isEqualTo(at("/auth/v1/login/school/callback"));
            Map<String, String> answer = SamlProvider.fields(last);
            assertThat(browser.submit(last, callback, answer).status()).isEqualTo(303);
            assertThat(browser.cookie("hyperspot-session")).isNotEmpty();

            Page again = browser.submit(last, callback, answer);
            assertThat(again.status()).as(again.body()).isEqualTo(401);
            assertThat(again.code()).isEqualTo("LOGIN_NOT_BEGUN");

            // and as the answer to a login that was begun anew
            try (TestBrowser thief = new TestBrowser()) {
                Page other = school.pass(thief, thief.open(begin), "carl");
                Map<String, String> stolen = SamlProvider.fields(other);
                stolen.put("SAMLResponse", String.valueOf(answer.get("SAMLResponse")));
                Page refused = thief.submit(other, callback, stolen);
                assertThat(refused.status()).as(refused.body()).isEqualTo(401);
                assertThat(refused.code()).isEqualTo("LOGIN_REFUSED");
                assertThat(thief.cookie("hyperspot-session")).isEmpty();
            }
        }
    }

    @Test
    void takesNoSamlAnswerThatWasChanged() throws Exception {
        try (TestBrowser browser = new TestBrowser()) {
            Page last = school.pass(browser, browser.open(at("/auth/v1/login/school")), "carl");
            Map<String, String> answer = SamlProvider.fields(last);
            String xml = new String(Base64.getDecoder().decode(answer.get("SAMLResponse")), StandardCharsets.UTF_8);
            assertThat(xml).contains(">staff<");
            answer.put(
                    "SAMLResponse",
                    Base64.getEncoder().encodeToString(xml.replace(">staff<", ">admins<").getBytes(StandardCharsets.UTF_8)));
            Page refused = browser.submit(last, SamlProvider.action(last), answer);
            assertThat(refused.status()).as(refused.body()).isEqualTo(401);
            assertThat(refused.code()).isEqualTo("LOGIN_REFUSED");
            assertThat(browser.cookie("hyperspot-session")).isEmpty();
        }
    }
}
