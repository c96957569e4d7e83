// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console and the API page: over HTTP everywhere, and in a browser where Chromium is installed. */
final class ConsoleTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;
    static @Nullable NodeScript browser;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock") + "  plugins: { watch_period_seconds: 60 }\n");
        Path chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(NodeRuntime::onPath)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (chromium != null) {
            browser = new NodeScript(
                    "console.mjs", Map.of("BASE_URL", server.url().toString(), "CHROMIUM", chromium.toString()));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.ask("end");
            browser.close();
        }
        server.close();
        provider.close();
    }

    private static String token() throws IOException {
        return Files.readString(home.resolve("data/admin-token")).strip();
    }

    @Test
    void showsNothingWithoutSigningIn() throws Exception {
        for (String path : new String[] {
            "/system/console", "/system/console/bundles", "/system/console/bundles.json", "/system/console/hyperspot.json",
            "/system/console/plugins", "/system/console/plugins.json", "/system/console/access", "/system/console/access/res/access.js",
            "/system/console/models", "/system/console/models/res/models.js",
            "/system/console/configMgr", "/system/console/status-System%20Properties.txt"
        }) {
            TestServer.Answer answer = server.send("GET", path, null, null);
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.body()).as(path).contains("name=\"admin_token\"").doesNotContain("io.hyperspot.web");
            assertThat(answer.header("content-security-policy")).as(path).contains("default-src 'none'");
        }
        // an API key is no way in
        assertThat(server.get("/system/console/bundles").status()).isEqualTo(401);
        assertThat(server.send("POST", "/system/console/bundles", null, "admin_token=x&action=stop", "Content-Type", FORM).status())
                .isEqualTo(401);
    }

    @Test
    void signsInOnceByEachToken() throws Exception {
        String token = token();
        TestServer.Answer in =
                server.send("POST", "/system/console/hyperspot", null, "admin_token=" + token, "Content-Type", FORM);
        assertThat(in.status()).isEqualTo(303);
        String cookie = in.header("set-cookie");
        assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
        assertThat(token()).isNotEqualTo(token);
        assertThat(server.send("POST", "/system/console/hyperspot", null, "admin_token=" + token, "Content-Type", FORM).status())
                .isEqualTo(401);

        String session = cookie.replaceFirst(";.*", "");
        JsonNode overview = server.send("GET", "/system/console/hyperspot.json", null, null, "Cookie", session).json();
        assertThat(overview.path("workers")).anySatisfy(worker -> {
            assertThat(worker.path("instance").asText()).contains("minilm");
            assertThat(worker.path("state").asText()).isEqualTo("ADMITTED");
        });
        assertThat(overview.path("modules").findValuesAsText("name")).contains("io.hyperspot.llm.gateway");
        assertThat(overview.path("health").findValuesAsText("status")).contains("UP").doesNotContain("DOWN");
        // another site cannot use the session
        assertThat(server.send(
                                "POST", "/system/console/bundles", null, "action=refreshPackages",
                                "Cookie", session, "Content-Type", FORM, "Origin", "http://evil.example")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void showsModulesWorkersAndHealthInABrowser() throws Exception {
        NodeScript chromium = browser();
        chromium.ask("forget");
        assertThat(chromium.ask("open", "path", "/system/console/hyperspot").path("status").asInt()).isEqualTo(401);
        assertThat(chromium.ask("text").path("text").asText()).contains("Admin token");

        chromium.ask("sign_in", "token", "wrong");
        assertThat(chromium.ask("text", "selector", "[role=alert]").path("text").asText()).contains("not the token");

        String token = token();
        JsonNode in = chromium.ask("sign_in", "token", token);
        assertThat(in.path("url").asText()).as("%s", in).endsWith("/system/console/hyperspot");
        assertThat(token()).isNotEqualTo(token);

        JsonNode page = chromium.ask("text");
        assertThat(page.path("text").asText()).contains("Health", "Workers by GTS type", "Modules");
        assertThat(chromium.ask("rows", "selector", "tbody tr").path("rows"))
                .extracting(JsonNode::asText)
                .anyMatch(row -> row.contains("minilm") && row.contains("ADMITTED"))
                .anyMatch(row -> row.contains("io.hyperspot.llm.gateway") && row.contains("active"))
                .anyMatch(row -> row.contains("llm-gateway") && row.contains("UP"));

        // Felix's own pages are behind the same door
        assertThat(chromium.ask("open", "path", "/system/console/bundles").path("status").asInt()).isEqualTo(200);
        assertThat(chromium.ask("count", "selector", "a[href$='/plugins']").path("count").asInt()).isPositive();
        JsonNode bundles = chromium.ask("text", "selector", "#plugin_table");
        assertThat(bundles.path("text").asText()).as("%s", bundles).contains("io.hyperspot.web");
        assertNothingForeign(chromium);
    }

    @Test
    void installsUpgradesRollsBackAndRemovesAPluginInABrowser() throws Exception {
        NodeScript chromium = browser();
        openPlugins(chromium);
        assertThat(see(chromium, "#plugins p")).contains("There are no plugins yet", home.resolve("plugins").toString());

        Path rubbish = Files.writeString(home.resolve("rubbish.jar"), "no JAR");
        chromium.ask("choose", "selector", "#file", "file", rubbish.toString());
        assertThat(see(chromium, "#report")).contains("is refused", "Needs");
        chromium.ask("miss", "selector", "#install");

        // nothing changes before the administrator says so
        Path first = Files.write(home.resolve("first.jar"), new SwapJar("1.0.0").bytes());
        chromium.ask("choose", "selector", "#file", "file", first.toString());
        assertThat(see(chromium, "#preflight-title:has-text('first.jar')")).contains("Preflight of first.jar");
        assertThat(see(chromium, "#report")).contains("acme.swap 1.0.0 can be installed", "Other modules that restart: 0");
        assertThat(server.get("/plugins/v1/plugins/acme.swap").status()).isEqualTo(404);
        assertThat(home.resolve("plugins/acme.swap.jar")).doesNotExist();
        click(chromium, "#cancel");
        assertThat(see(chromium, "#progress:has-text('Nothing was changed')")).contains("deleted");

        chromium.ask("choose", "selector", "#file", "file", first.toString());
        click(chromium, "#install");
        assertThat(see(chromium, row("1.0.0"))).contains("ACTIVE");

        // the second one is dropped, tried, and then made the active one
        Path second = Files.write(home.resolve("second.jar"), new SwapJar("1.1.0").bytes());
        chromium.ask("drop", "selector", "#drop", "file", second.toString());
        assertThat(see(chromium, "#report:has-text('1.1.0')")).contains("it replaces 1.0.0");
        click(chromium, "#try");
        click(chromium, "#plugins button:has-text('acme.swap')");
        assertThat(see(chromium, "#detail-body tr:has-text('1.1.0')")).contains("CANARY");
        click(chromium, "#explain button");
        assertThat(see(chromium, "#explanation"))
                .contains("As of ", "acme.swap 1.1.0 is being tried: by chance 10 % of the requests are its", "cannot be known");
        assertThat(chromium.ask("rows", "selector", "#detail-body .actions button").path("rows"))
                .extracting(JsonNode::asText)
                .containsExactly("Give 50 %", "Make active", "End trial", "Remove…");
        click(chromium, "button:has-text('Give 50 %')");
        see(chromium, "#detail-body tr:has-text('50 %')");
        click(chromium, "button:has-text('Make active')");
        assertThat(see(chromium, row("1.1.0"))).contains("ACTIVE");
        assertThat(see(chromium, ".steps:has-text('switched to 1.1.0')"))
                .contains("installed 1.1.0 beside 1.0.0", "started 1.1.0", "1.1.0 is healthy");
        see(chromium, "#workers ol li:has-text('from acme.swap 1.1.0'):has-text('ADMITTED')");
        assertNothingForeign(chromium);

        click(chromium, "button:has-text('Roll back to 1.0.0')");
        assertThat(see(chromium, row("1.0.0"))).contains("ACTIVE");
        assertThat(see(chromium, ".steps:has-text('rolled back by console:admin')")).contains("went back from 1.1.0 to 1.0.0");
        click(chromium, "button:has-text('Show diagnosis')");
        assertThat(see(chromium, "#diagnosis")).contains("Plugin acme.swap 1.0.0 is ACTIVE");

        click(chromium, "button:has-text('Remove…')");
        assertThat(see(chromium, "#confirm")).contains("Remove acme.swap?", "acme.swap.jar", "Other modules that restart: 0");
        chromium.ask("press", "key", "Escape");
        chromium.ask("miss", "selector", "#confirm");
        assertThat(server.get("/plugins/v1/plugins/acme.swap").status()).isEqualTo(200);
        click(chromium, "button:has-text('Remove…')");
        click(chromium, "#confirm-yes");
        assertThat(see(chromium, "#plugins p")).contains("There are no plugins yet");
        assertThat(home.resolve("plugins/acme.swap.jar")).doesNotExist();
        assertThat(chromium.ask("count", "selector", "#errors > div").path("count").asInt()).isZero();
        assertNothingForeign(chromium);
    }

    @Test
    void saysInABrowserWhyAVersionWasNotTaken() throws Exception {
        NodeScript chromium = browser();
        openPlugins(chromium);
        Path good = Files.write(home.resolve("plugins/acme.swap.jar"), new SwapJar("1.0.0").bytes());
        assertThat(see(chromium, row("1.0.0"))).contains("ACTIVE");
        Path broken = Files.write(home.resolve("broken.jar"), new SwapJar("2.0.0").behaving("activate=throw").bytes());
        chromium.ask("choose", "selector", "#file", "file", broken.toString());
        // with the keyboard alone
        assertThat(see(chromium, "#preflight-title:has-text('broken.jar')")).isNotEmpty();
        assertThat(chromium.ask("focused").path("text").asText()).contains("Preflight of broken.jar");
        for (String key : new String[] {"Tab", "Tab", "Enter"}) {
            chromium.ask("press", "key", key);
        }
        assertThat(see(chromium, "#errors > div")).contains("Installing", "PLUGIN_");
        assertThat(see(chromium, row("1.0.0"))).contains("ACTIVE");
        click(chromium, "#errors button");
        chromium.ask("miss", "selector", "#errors > div");
        // what a file says of itself stays text
        Path hostile = Files.writeString(home.resolve("plugins/<img src=x onerror=alert(1)>.jar"), "no JAR");
        assertThat(see(chromium, "#plugins tr:has-text('onerror')")).contains("<img src=x onerror=alert(1)>.jar", "REJECTED");
        click(chromium, "#plugins button:has-text('onerror')");
        assertThat(see(chromium, "#detail-body p:has-text('no plugin')")).contains("mend it, or delete it from");
        assertThat(chromium.ask("count", "selector", "img").path("count").asInt()).isZero();
        Files.delete(hostile);
        Files.delete(good);
        assertThat(see(chromium, "#plugins p")).contains("There are no plugins yet");
        assertNothingForeign(chromium);
    }

    @Test
    void showsAndChangesTenantsKeysRolesAndTheAuditTrailInABrowser() throws Exception {
        NodeScript chromium = browser();
        open(chromium, "access", "Tenants, keys, roles and audit");
        chromium.ask("fill", "selector", "#key", "text", "hs_no_such_key");
        click(chromium, "#key-form button");
        assertThat(see(chromium, "#errors pre")).contains("Asking who that is");
        chromium.ask("miss", "selector", "#parts");
        click(chromium, "#errors button");

        chromium.ask("fill", "selector", "#key", "text", server.firstKey());
        click(chromium, "#key-form button");
        assertThat(see(chromium, "#caller-text")).contains("key:", "of the tenant 0");

        chromium.ask("fill", "selector", "#key-name", "text", "<b>made here</b>");
        chromium.ask("fill", "selector", "#key-scopes", "text", "gts.hyperspot.llm.*:read gts.hyperspot.llm.*:invoke");
        click(chromium, "#new-key-form button");
        String made = see(chromium, "#made pre").strip();
        // known, and no more than its scopes
        assertThat(server.send("GET", "/auth/v1/session", made, null).status()).isEqualTo(403);
        String row = "#keys tr:has-text('<b>made here</b>')";
        assertThat(see(chromium, row)).contains("gts.hyperspot.llm.*:read", "valid").doesNotContain(made);
        click(chromium, row + " button");
        assertThat(see(chromium, "#confirm")).contains("Revoke <b>made here</b>?");
        click(chromium, "#confirm-no");
        assertThat(server.send("GET", "/auth/v1/session", made, null).status()).isEqualTo(403);
        click(chromium, row + " button");
        click(chromium, "#confirm-yes");
        assertThat(see(chromium, row + ":has-text('revoked')")).doesNotContain("Revoke…");
        assertThat(server.send("GET", "/auth/v1/session", made, null).status()).isEqualTo(401);

        chromium.ask("fill", "selector", "#role-name", "text", "reader");
        chromium.ask("fill", "selector", "#role-permissions", "text", "gts.hyperspot.llm.*:read");
        click(chromium, "#role-form button");
        see(chromium, "#roles tr:has-text('reader')");
        chromium.ask("fill", "selector", "#principal", "text", "user:anna");
        assertThat(chromium.ask("select", "selector", "#binding-role", "label", "reader").path("error").asText()).isEmpty();
        click(chromium, "#binding-form button");
        assertThat(see(chromium, "#bindings tr:has-text('user:anna')")).contains("reader", "everything of the tenant");

        chromium.ask("fill", "selector", "#tenant-name", "text", "acme");
        click(chromium, "#tenant-form button");
        String tenant = "#tenants tr:has-text('acme')";
        assertThat(see(chromium, tenant)).contains("active");
        click(chromium, tenant + " button");
        click(chromium, "#confirm-yes");
        click(chromium, tenant + ":has-text('suspended') button:has-text('Resume')");
        see(chromium, tenant + ":has-text('active')");

        // what is wrong stays on the page until it was read
        chromium.ask("fill", "selector", "#tenant-name", "text", "below nothing");
        chromium.ask("fill", "selector", "#tenant-parent", "text", "0192f000-0000-7000-8000-0000000000ff");
        click(chromium, "#tenant-form button");
        assertThat(see(chromium, "#errors pre")).contains("Creating the tenant below nothing", "(");
        click(chromium, "#errors button");

        chromium.ask("fill", "selector", "#audit-action", "text", "api_key.revoke");
        assertThat(chromium.ask("select", "selector", "#audit-outcome", "label", "done").path("error").asText()).isEmpty();
        click(chromium, "#audit-form button[type=submit]");
        assertThat(see(chromium, "#audit tr:has-text('api_key.revoke')")).contains("key:", "done");
        click(chromium, "button:has-text('Verify the chain')");
        assertThat(see(chromium, "#verification:has-text('whole')")).contains("The chain of");
        assertThat(chromium.ask("count", "selector", "#errors > div").path("count").asInt()).isZero();

        click(chromium, "button:has-text('Forget the key')");
        chromium.ask("miss", "selector", "#parts");
        assertThat(chromium.ask("count", "selector", "#keys tr").path("count").asInt()).isZero();
        assertNothingForeign(chromium);
    }

    @Test
    void showsModelsWithWhatTheyCostAndTriesOneInABrowser() throws Exception {
        NodeScript chromium = browser();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(server.models()).contains("mock/endless"));
        open(chromium, "models", "Models, usage and cost");
        chromium.ask("fill", "selector", "#key", "text", server.firstKey());
        click(chromium, "#key-form button");
        assertThat(see(chromium, "#providers tr:has-text('llm-openai-mock')")).contains("UP");
        see(chromium, "#models tr:has-text('mock/plain')");

        assertThat(chromium.ask("select", "selector", "#try-model", "label", "mock/plain").path("error").asText()).isEmpty();
        click(chromium, "#try-form button[type=submit]");
        see(chromium, "#try-answer:has-text('Hello there!')");
        assertThat(see(chromium, "#try-figures:has-text('tokens in')")).contains("first word after", "9 tokens in, 3 out");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            click(chromium, "#span-form button");
            assertThat(see(chromium, "#models tr:has-text('mock/plain')").split("\\s+")).contains("9", "3");
        });
        assertThat(see(chromium, "#progress")).isEqualTo("Added up.");
        assertThat(see(chromium, "#callers")).contains("key:");
        assertThat(see(chromium, "#tenants")).contains("00000000-");

        assertThat(chromium.ask("select", "selector", "#try-model", "label", "mock/endless").path("error").asText()).isEmpty();
        click(chromium, "#try-form button[type=submit]");
        see(chromium, "#try-answer:has-text('more')");
        click(chromium, "#try-stop");
        see(chromium, "#try-figures:has-text('stopped')");
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == 0);
        assertThat(chromium.ask("count", "selector", "#errors > div").path("count").asInt()).isZero();
        click(chromium, "button:has-text('Forget the key')");
        chromium.ask("miss", "selector", "#parts");
        assertNothingForeign(chromium);
    }

    private static void openPlugins(NodeScript chromium) throws Exception {
        open(chromium, "plugins", "Plugins");
    }

    private static void open(NodeScript chromium, String page, String title) throws Exception {
        JsonNode opened = chromium.ask("open", "path", "/system/console/" + page);
        if (opened.path("status").asInt() == 401) {
            chromium.ask("sign_in", "token", token());
        }
        assertThat(see(chromium, "h1")).isEqualTo(title);
    }

    private static String row(String version) {
        return "#plugins tr:has(td:text-is('" + version + "')):has-text('acme.swap')";
    }

    private static String see(NodeScript chromium, String selector) throws Exception {
        JsonNode seen = chromium.ask("see", "selector", selector);
        assertThat(seen.path("error").asText()).as(selector).isEmpty();
        return seen.path("text").asText();
    }

    private static void click(NodeScript chromium, String selector) throws Exception {
        assertThat(chromium.ask("click", "selector", selector).path("error").asText()).as(selector).isEmpty();
    }

    @Test
    void rendersTheOperationsOfTheApiInABrowser() throws Exception {
        NodeScript chromium = browser();
        assertThat(chromium.ask("open", "path", "/docs").path("status").asInt()).isEqualTo(200);
        see(chromium, ".opblock-summary");
        String operation = ".opblock-summary-path:has-text('/chat/completions')";
        assertThat(chromium.ask("scroll_to", "selector", operation).path("error").asText()).isEmpty();
        click(chromium, operation);
        JsonNode operations = chromium.ask("rows", "selector", ".opblock-summary");
        assertThat(operations.path("rows"))
                .as("%s", operations)
                .extracting(row -> row.asText().replaceAll("[\\s\\u200b]+", " "))
                .anyMatch(row -> row.startsWith("POST /openai/v1/chat/completions"));
        assertThat(chromium.ask("text", "selector", ".opblock.is-open").path("text").asText()).contains("Responses");
        assertNothingForeign(chromium);
    }

    private static NodeScript browser() {
        NodeScript open = browser;
        assumeTrue(open != null, "no Chromium");
        return java.util.Objects.requireNonNull(open);
    }

    private static void assertNothingForeign(NodeScript chromium) throws Exception {
        JsonNode findings = chromium.ask("findings");
        assertThat(findings.path("foreign")).isEmpty();
        assertThat(findings.path("complaints")).isEmpty();
    }
}
