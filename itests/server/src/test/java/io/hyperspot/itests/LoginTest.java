// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.TestServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People who log in with a browser, as it sends what it sends. */
@Tag("database")
final class LoginTest {
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String USERS = "/auth/v1/users";
    private static final String PASSWORD = "anna likes long walks";
    private static final String NEXT = "bertha paints at night";

    @TempDir
    static Path home;

    static TestServer server;
    static int count;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_B));
        bind("group:staff", "admin");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void bind(String principal, String role) throws Exception {
        ObjectNode binding = server.json.createObjectNode().put("principal", principal).put("role", role);
        assertThat(server.post("/authz/v1/bindings", binding.toString()).status()).isEqualTo(201);
    }

    /** A browser without pages: it keeps one cookie and the token beside it. */
    private static final class Browser {
        String cookie = "";
        String csrf = "";
        String subject = "";

        Answer login(String name, String password) throws Exception {
            Answer answer = send("POST", "/auth/v1/login", credentials(name, password));
            if (answer.status() == 200) {
                String set = answer.header("set-cookie");
                assertThat(set).matches("hyperspot-session=hss_[A-Za-z0-9_-]+; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax");
                cookie = set.substring(0, set.indexOf(';'));
                csrf = answer.json().path("csrf_token").asText();
                subject = answer.json().path("subject").asText();
            }
            return answer;
        }

        Answer send(String method, String path, @Nullable String body, String... more) throws Exception {
            List<String> headers = new ArrayList<>(List.of(more));
            if (!cookie.isEmpty()) {
                headers.addAll(List.of("Cookie", cookie));
            }
            return server.send(method, path, null, body, headers.toArray(String[]::new));
        }

        Answer change(String method, String path, @Nullable String body) throws Exception {
            return send(method, path, body, "x-csrf-token", csrf);
        }
    }

    private static String credentials(String name, String password) {
        return server.json.createObjectNode().put("provider", "users").put("name", name).put("password", password).toString();
    }

    private static JsonNode create(String name, String... groups) throws Exception {
        return createBy(server.firstKey(), name, groups);
    }

    private static JsonNode createBy(String key, String name, String... groups) throws Exception {
        ObjectNode request = server.json.createObjectNode().put("name", name).put("password", PASSWORD);
        List.of(groups).forEach(request.putArray("groups")::add);
        Answer created = server.send("POST", USERS, key, request.toString());
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.json();
    }

    private static Browser loggedIn(String name) throws Exception {
        Browser browser = new Browser();
        Answer answer = browser.login(name, PASSWORD);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("hss_");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        return browser;
    }

    private static String unused() {
        count++;
        return "user" + count;
    }

    private static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
    }

    @Test
    void tellsWhatLoginsThereAre() throws Exception {
        JsonNode items = server.send("GET", "/auth/v1/providers", null, null).json().path("items");
        assertThat(items.findValuesAsText("name")).contains("users");
        assertThat(items.get(0).path("kind").asText()).isEqualTo("password");
    }

    @Test
    void letsAPersonInUntilTheLogout() throws Exception {
        JsonNode anna = create("Anna", "staff");
        Browser browser = loggedIn("anna");
        assertThat(browser.subject).isEqualTo(anna.path("subject").asText());
        JsonNode me = browser.send("GET", "/auth/v1/session", null).json();
        assertThat(me.path("subject").asText()).isEqualTo(browser.subject);
        assertThat(me.path("name").asText()).isEqualTo("Anna");
        assertThat(me.path("groups").get(0).asText()).isEqualTo("staff");
        assertThat(me.path("permissions").toString()).contains("gts.*:*");
        assertThat(me.path("csrf_token").asText()).isEqualTo(browser.csrf);
        assertThat(browser.send("GET", USERS, null).status()).isEqualTo(200);

        String request = "{\"name\":\"" + unused() + "\"}";
        refused(browser.send("POST", USERS, request), 403, "CSRF_TOKEN_MISSING");
        refused(browser.send("POST", USERS, request, "x-csrf-token", "wrong"), 403, "CSRF_TOKEN_WRONG");
        refused(browser.send("POST", USERS, request, "x-csrf-token", browser.csrf, "Origin", "https://evil.example"), 403, "CROSS_SITE_REQUEST");
        assertThat(browser.change("POST", USERS, request).status()).isEqualTo(201);

        refused(browser.send("POST", "/auth/v1/logout", ""), 403, "CSRF_TOKEN_MISSING");
        Answer logout = browser.change("POST", "/auth/v1/logout", "");
        assertThat(logout.status()).isEqualTo(204);
        assertThat(logout.header("set-cookie")).startsWith("hyperspot-session=; Path=/; Max-Age=0;");
        assertThat(browser.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
    }

    @Test
    void letsNobodyDoWhatNoRoleGrants() throws Exception {
        String name = unused();
        create(name);
        Browser browser = loggedIn(name);
        assertThat(browser.send("GET", "/auth/v1/session", null).status()).isEqualTo(200);
        assertThat(browser.send("GET", "/auth/v1/account", null).json().path("name").asText()).isEqualTo(name);
        assertThat(browser.send("GET", USERS, null).status()).isEqualTo(403);
        assertThat(browser.send("GET", "/openai/v1/models", null).status()).isEqualTo(403);
        refused(browser.send("GET", "/auth/v1/sessions?subject=*", null), 403, "NOT_OWN_SESSION");
        assertThat(browser.change("DELETE", "/auth/v1/sessions?subject=user:other", null).status()).isEqualTo(403);
    }

    @Test
    void saysTheSameOfAWrongNameAndAWrongPassword() throws Exception {
        String name = unused();
        create(name);
        Answer wrong = new Browser().login(name, "wrong");
        Answer unknown = new Browser().login(unused(), PASSWORD);
        refused(wrong, 401, "LOGIN_REFUSED");
        assertThat(unknown.json().path("detail").asText()).isEqualTo(wrong.json().path("detail").asText());
        assertThat(wrong.headers()).doesNotContainKey("set-cookie");
        refused(server.send("POST", "/auth/v1/login", null, credentials(name, PASSWORD), "Origin", "https://evil.example"), 403, "CROSS_SITE_LOGIN");
        refused(server.send("POST", "/auth/v1/login", null, credentials(name, PASSWORD), "Sec-Fetch-Site", "cross-site"), 403, "CROSS_SITE_LOGIN");
        assertThat(server.send("POST", "/auth/v1/login", null, "name=a&password=b", "Content-Type", "application/x-www-form-urlencoded").status())
                .isEqualTo(415);
    }

    /** CWE-384. */
    @Test
    void givesEveryLoginASessionOfItsOwn() throws Exception {
        String name = unused();
        create(name);
        Browser attacker = loggedIn(name);
        Browser victim = new Browser();
        victim.cookie = attacker.cookie;
        assertThat(victim.login(name, PASSWORD).status()).isEqualTo(200);
        assertThat(victim.cookie).isNotEqualTo(attacker.cookie);
        assertThat(attacker.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
        assertThat(victim.send("GET", "/auth/v1/session", null).status()).isEqualTo(200);
        Browser made = new Browser();
        made.cookie = "hyperspot-session=hss_" + "A".repeat(59);
        assertThat(made.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
    }

    @Test
    void showsAndEndsSessions() throws Exception {
        String name = unused();
        create(name);
        Browser here = loggedIn(name);
        Browser there = loggedIn(name);
        JsonNode mine = here.send("GET", "/auth/v1/sessions", null).json().path("items");
        assertThat(mine).hasSize(2);
        assertThat(mine.get(1).path("current").asBoolean()).isTrue();
        String other = mine.get(0).path("id").asText();
        assertThat(here.change("DELETE", "/auth/v1/sessions/" + other, null).status()).isEqualTo(204);
        assertThat(there.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
        refused(here.change("DELETE", "/auth/v1/sessions/" + other, null), 404, "SESSION_NOT_FOUND");

        // and an administrator those of everybody
        assertThat(server.get("/auth/v1/sessions?subject=*&$top=1").json().path("page_info").path("next_cursor").asText()).isNotEmpty();
        assertThat(server.get("/auth/v1/sessions?subject=" + here.subject).json().path("items")).hasSize(1);
        Answer ended = server.send("DELETE", "/auth/v1/sessions?subject=" + here.subject, server.firstKey(), null);
        assertThat(ended.json().path("ended").asInt()).isEqualTo(1);
        assertThat(here.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
    }

    @Test
    void logsOutWhoIsDisabledOrChangesThePassword() throws Exception {
        String name = unused();
        String path = USERS + "/" + create(name).path("id").asText();
        Browser browser = loggedIn(name);
        refused(
                browser.change("PUT", "/auth/v1/account/password", "{\"current\":\"wrong\",\"password\":\"" + NEXT + "\"}"),
                403,
                "PASSWORD_WRONG");
        assertThat(browser.change("PUT", "/auth/v1/account/password", "{\"current\":\"" + PASSWORD + "\",\"password\":\"" + NEXT + "\"}").status())
                .isEqualTo(204);
        assertThat(browser.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
        assertThat(browser.login(name, NEXT).status()).isEqualTo(200);
        assertThat(server.send("PATCH", path, server.firstKey(), "{\"disabled\":true}").status()).isEqualTo(428);
        String tag = server.get(path).header("etag");
        assertThat(server.send("PATCH", path, server.firstKey(), "{\"disabled\":true}", "If-Match", tag).json().path("state").asText())
                .isEqualTo("disabled");
        assertThat(browser.send("GET", "/auth/v1/session", null).status()).isEqualTo(401);
        refused(new Browser().login(name, NEXT), 401, "LOGIN_REFUSED");
        assertThat(server.send("DELETE", path, server.firstKey(), null).status()).isEqualTo(204);
        assertThat(server.get(path).status()).isEqualTo(404);
    }

    @Test
    void invitesPeople() throws Exception {
        String name = unused();
        Answer invited = server.post(USERS, "{\"name\":\"" + name + "\"}");
        String token = invited.json().path("setup_token").asText();
        assertThat(invited.json().path("state").asText()).isEqualTo("invited");
        String body = "{\"setup_token\":\"" + token + "\",\"password\":\"" + PASSWORD + "\"}";
        refused(server.send("POST", "/auth/v1/account/setup", null, body.replace("walks", "").replace("anna likes long ", "short")), 400, "PASSWORD_NOT_TAKEN");
        assertThat(server.send("POST", "/auth/v1/account/setup", null, body).status()).isEqualTo(200);
        refused(server.send("POST", "/auth/v1/account/setup", null, body), 401, "SETUP_TOKEN_WRONG");
        loggedIn(name);
    }

    /** CWE-915. */
    @Test
    void takesNoTenantRoleOrSubjectFromABody() throws Exception {
        for (String member : List.of("tenant_id", "tenant", "role", "roles", "id", "subject", "state", "permissions", "totp")) {
            Answer answer = server.post(USERS, "{\"name\":\"" + unused() + "\",\"" + member + "\":\"" + TENANT_B + "\"}");
            refused(answer, 400, "INVALID_BODY");
            refused(
                    server.send("POST", "/auth/v1/login", null, "{\"name\":\"a\",\"password\":\"b\",\"" + member + "\":\"x\"}"),
                    400,
                    "INVALID_BODY");
        }
        String writer = server.newKey("00000000-0000-7000-8000-000000000001", "gts.hyperspot.core.security.*:write");
        refused(server.send("POST", USERS, writer, "{\"name\":\"" + unused() + "\",\"groups\":[\"staff\"]}"), 403, "GROUPS_NEED_ADMIN");
        String id = create(unused(), "staff").path("id").asText();
        assertThat(server.send("POST", USERS + "/" + id + "/reset-password", writer, "{}").status()).isEqualTo(403);
        assertThat(server.send("DELETE", USERS + "/" + id + "/totp", writer, null).status()).isEqualTo(403);
        refused(
                server.send("PATCH", USERS + "/" + id, writer, "{\"groups\":[\"x\"]}", "If-Match", server.get(USERS + "/" + id).header("etag")),
                403,
                "GROUPS_NEED_ADMIN");
    }

    @Test
    void showsNoTenantTheUsersAndSessionsOfAnother() throws Exception {
        String keyB = server.newKey(TENANT_B, "gts.*:*");
        String name = unused();
        String idB = createBy(keyB, name).path("id").asText();
        String idA = create(unused()).path("id").asText();
        Browser b = loggedIn(name);
        JsonNode sessions = server.send("GET", "/auth/v1/sessions?subject=*", keyB, null).json().path("items");
        assertThat(sessions).hasSize(1);
        String sessionB = sessions.get(0).path("id").asText();
        for (String[] call : List.of(
                new String[] {"GET", USERS + "/" + idB},
                new String[] {"DELETE", USERS + "/" + idB},
                new String[] {"POST", USERS + "/" + idB + "/reset-password"},
                new String[] {"DELETE", USERS + "/" + idB + "/totp"},
                new String[] {"DELETE", "/auth/v1/sessions/" + sessionB})) {
            Answer answer = server.send(call[0], call[1], server.firstKey(), call[0].equals("POST") ? "{}" : null, "If-Match", "\"1\"");
            assertThat(answer.status()).as(call[1]).isEqualTo(404);
        }
        assertThat(server.get(USERS + "?$top=200").body()).contains(idA).doesNotContain(idB);
        assertThat(server.send("GET", USERS, keyB, null).body()).contains(idB).doesNotContain(idA);
        assertThat(server.get("/auth/v1/sessions?subject=*&$top=200").body()).doesNotContain(sessionB);
        Answer none = server.send("DELETE", "/auth/v1/sessions?subject=" + b.subject, server.firstKey(), null);
        assertThat(none.json().path("ended").asInt()).isZero();
        assertThat(b.send("GET", "/auth/v1/session", null).status()).isEqualTo(200);
        // a role of one tenant is no role of the other, whatever the groups are called
        assertThat(b.send("GET", USERS, null).status()).isEqualTo(403);
    }

    @Test
    void writesNoPasswordAndNoSessionToAnyLog() throws Exception {
        String name = unused();
        create(name);
        Browser browser = loggedIn(name);
        new Browser().login(name, "wrong-password-77183");
        browser.send("GET", "/auth/v1/session", null);
        String token = browser.cookie.substring(browser.cookie.indexOf('=') + 1);
        try (var files = Files.walk(home.resolve("logs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(token).doesNotContain(PASSWORD).doesNotContain("wrong-password-77183");
            }
        }
        assertThat(server.get("/metrics").body()).doesNotContain(token).doesNotContain(name + "\"");
    }
}
