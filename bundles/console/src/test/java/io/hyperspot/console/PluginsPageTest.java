// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.plugins.Plugin.VersionState;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of plugins behind the sign-in, over HTTP, on plugins that only remember. */
@Timeout(60)
class PluginsPageTest {
    private static final String EVIL = "<script>alert('x')</script>\"&${x}";
    private static final int LARGEST = 1 << 20;
    private static final String JSON = "application/json";
    private static final String JAR = "application/java-archive";

    @TempDir
    private Path home;

    private final FakePlugins plugins = new FakePlugins();
    private Path spool;
    private PluginsPage page;
    private ConsoleServer server;
    private String session;

    @BeforeEach
    void start() throws Exception {
        begin(Duration.ofMinutes(10));
        page.bindPlugins(plugins);
    }

    private void begin(Duration patience) throws Exception {
        spool = home.resolve("spool");
        Admission.Entry worker = new Admission.Entry(
                "gts.acme~", "acme " + EVIL, 10, "acme.swap 1.0.0", 7, Admission.State.ADMITTED, EVIL, 3);
        page = new PluginsPage(() -> List.of(worker), new Uploads(spool, LARGEST, patience), home.resolve("plugins"));
        TokenSignIn signIn = new TokenSignIn(
                home.resolve("data/admin-token"), Clock.systemUTC(), Duration.ofMinutes(30), Duration.ofHours(12), false);
        server = new ConsoleServer(signIn, page);
        session = ConsoleServer.cookie(server.signIn(Files.readString(home.resolve("data/admin-token")).strip()));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        page.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return server.get("/system/console/plugins" + path, session);
    }

    private HttpRequest.Builder request(String action, String type, String body) {
        return server.request("/system/console/plugins/" + action)
                .header("Cookie", session)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String action, String type, String body) throws Exception {
        return server.send(request(action, type, body).header("Origin", server.origin()));
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(JSON);
        return JsonMapper.builder().build().readTree(response.body());
    }

    private String ticket() throws Exception {
        String ticket = json(post("upload", JAR, "good")).path("ticket").asText();
        assertThat(ticket).hasSize(43);
        return ticket;
    }

    private List<Path> spooled() throws Exception {
        try (Stream<Path> files = Files.list(spool)) {
            return files.toList();
        }
    }

    private static String install(String ticket, int percent) {
        return "{\"ticket\":\"" + ticket + "\",\"percent\":" + percent + "}";
    }

    @Test
    void showsAndDoesNothingWithoutASession() throws Exception {
        session = "hyperspot_console=guess";
        for (String path : List.of("", ".json", "/res/plugins.js", "/diagnosis?id=acme.swap", "/explain")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(post("upload", JAR, "good").statusCode()).isEqualTo(401);
        assertThat(post("remove", JSON, "{\"id\":\"acme.swap\"}").statusCode()).isEqualTo(401);
        assertThat(plugins.asked).isEmpty();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void doesNothingForOtherSites() throws Exception {
        for (String[] header : new String[][] {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}}) {
            assertThat(server.send(request("upload", JAR, "good").header(header[0], header[1])).statusCode()).isEqualTo(403);
            assertThat(server.send(request("remove", JSON, "{\"id\":\"acme.swap\"}").header(header[0], header[1]))
                            .statusCode())
                    .isEqualTo(403);
        }
        // what a form can send
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            assertThat(post("remove", type, "{\"id\":\"acme.swap\"}").statusCode()).isEqualTo(415);
            assertThat(post("upload", type, "good").statusCode()).isEqualTo(415);
        }
        assertThat(plugins.asked).isEmpty();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void isADocumentWithoutAnythingInlineOrForeign() throws Exception {
        HttpResponse<String> response = get("");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.body())
                .contains("<script src=\"/system/console/plugins/res/plugins.js\" type=\"module\"></script>")
                .doesNotContain("http:", "https:", "<style", "style=", "onclick", "{console}")
                .doesNotContain("${");
        for (String[] asset : new String[][] {
            {"/res/plugins.js", "text/javascript"}, {"/res/elements.js", "text/javascript"}, {"/res/console.css", "text/css"}
        }) {
            HttpResponse<String> file = get(asset[0]);
            assertThat(file.headers().firstValue("Content-Type").orElseThrow()).startsWith(asset[1]);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(file.body()).doesNotContain("innerHTML", "eval(", "http:", "https:");
        }
        assertThat(get("/res/../plugins.html").statusCode()).isNotEqualTo(200);
        assertThat(get("/res/other").statusCode()).isEqualTo(404);
    }

    @Test
    void saysEverythingAsJsonThatNoBrowserTakesForAPage() throws Exception {
        plugins.plugins = List.of(FakePlugins.plugin(EVIL, FakePlugins.version("0.9.0", VersionState.KEPT, "released " + EVIL)));
        HttpResponse<String> response = get(".json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        JsonNode json = json(response);
        assertThat(json.path("available").asBoolean()).isTrue();
        assertThat(json.path("folder").asText()).endsWith("/plugins");
        assertThat(json.path("largest").asInt()).isEqualTo(LARGEST);
        JsonNode plugin = json.at("/plugins/0");
        assertThat(plugin.path("id").asText()).isEqualTo("acme.swap");
        assertThat(plugin.path("state").asText()).isEqualTo("ACTIVE");
        assertThat(plugin.path("in_flight").asInt()).isEqualTo(2);
        assertThat(plugin.path("reason").asText()).isEqualTo(EVIL);
        assertThat(plugin.at("/versions/0/release").asText()).isEqualTo("released " + EVIL);
        assertThat(plugin.at("/steps/0/text").asText()).isEqualTo("started 1.0.0");
        assertThat(plugin.at("/workers/0/instance").asText()).isEqualTo("acme " + EVIL);
        assertThat(json.at("/types/0/type").asText()).isEqualTo("gts.acme~");
        assertThat(json.at("/types/0/workers/0/priority").asInt()).isEqualTo(10);
    }

    @Test
    void goesOnWithoutTheModuleThatDeploys() throws Exception {
        page.unbindPlugins(plugins);
        assertThat(json(get(".json")).path("available").asBoolean()).isFalse();
        assertThat(json(get(".json")).path("types")).hasSize(1);
        HttpResponse<String> upload = post("upload", JAR, "good");
        assertThat(upload.statusCode()).isEqualTo(503);
        assertThat(json(upload).path("detail").asText()).contains("not running");
        assertThat(spooled()).isEmpty();
        page.bindPlugins(plugins);
        assertThat(json(get(".json")).path("available").asBoolean()).isTrue();
    }

    @Test
    void checksAnUploadBeforeAnythingChanges() throws Exception {
        JsonNode report = json(post("upload", JAR, "good"));
        assertThat(report.path("accepted").asBoolean()).isTrue();
        assertThat(report.path("text").asText()).contains("it replaces 1.0.0", "Other modules that restart: 0");
        assertThat(plugins.asked).containsExactly("preflight 4");
        assertThat(spooled()).hasSize(1);
        assertThat(post("install", JSON, install(report.path("ticket").asText(), 10)).body()).contains("1.1.0");
        assertThat(plugins.asked.getLast()).isEqualTo("install good for 10 % by console:admin");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void deletesAnUploadThatIsRefused() throws Exception {
        JsonNode report = json(post("upload", JAR, "bad"));
        assertThat(report.path("accepted").asBoolean()).isFalse();
        assertThat(report.has("ticket")).isFalse();
        assertThat(report.path("text").asText()).contains("Needs    package acme", "Present  none", "Fix      bring it");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void deletesAnUploadWhateverBecomesOfIt() throws Exception {
        String cancelled = ticket();
        assertThat(post("cancel", JSON, "{\"ticket\":\"" + cancelled + "\"}").statusCode()).isEqualTo(200);
        assertThat(spooled()).isEmpty();
        assertThat(post("install", JSON, install(cancelled, 100)).statusCode()).isEqualTo(404);

        String failing = ticket();
        plugins.failure = new ProblemException(ErrorCategory.INVALID_ARGUMENT, "PLUGIN_NOT_HEALTHY", "no health " + EVIL);
        HttpResponse<String> failed = post("install", JSON, install(failing, 100));
        assertThat(failed.statusCode()).isEqualTo(400);
        assertThat(json(failed).path("detail").asText()).isEqualTo("no health " + EVIL);
        assertThat(json(failed).path("code").asText()).isEqualTo("PLUGIN_NOT_HEALTHY");
        assertThat(spooled()).isEmpty();

        plugins.failure = new IllegalStateException("secret path");
        HttpResponse<String> broken = post("upload", JAR, "good");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).contains("the log says more").doesNotContain("secret path");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void deletesAnUploadThatNobodyDecidesOn() throws Exception {
        stop();
        begin(Duration.ofMillis(200));
        page.bindPlugins(plugins);
        String ticket = json(post("upload", JAR, "good")).path("ticket").asText();
        await().until(() -> spooled().isEmpty());
        HttpResponse<String> late = post("install", JSON, install(ticket, 100));
        assertThat(late.statusCode()).isEqualTo(404);
        assertThat(json(late).path("code").asText()).isEqualTo("UPLOAD_GONE");
    }

    @Test
    void keepsAFewUploadsOnly() throws Exception {
        List<String> tickets = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tickets.add(ticket());
        }
        assertThat(spooled()).hasSize(4);
        assertThat(post("install", JSON, install(tickets.getFirst(), 100)).statusCode()).isEqualTo(404);
        assertThat(post("install", JSON, install(tickets.getLast(), 100)).statusCode()).isEqualTo(200);
        page.close();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void deletesWhatAnEarlierProcessLeft() throws Exception {
        Files.writeString(spool.resolve("left.jar"), "x");
        new Uploads(spool, LARGEST, Duration.ofMinutes(1)).close();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void refusesUploadsOverTheLimitWhetherTheySayTheirLengthOrNot() throws Exception {
        String large = "x".repeat(LARGEST + 1);
        HttpResponse<String> declared = post("upload", JAR, large);
        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(json(declared).path("detail").asText()).contains("1 MB", "folder plugins");
        HttpResponse<String> chunked = server.send(request("upload", JAR, "")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(StandardCharsets.US_ASCII)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(post("remove", JSON, "{\"id\":\"" + "x".repeat(20_000) + "\"}").statusCode()).isEqualTo(413);
        assertThat(plugins.asked).isEmpty();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void answersARefusedUploadToAClientThatSendsItInPieces() throws Exception {
        String head = "POST /system/console/plugins/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + session
                + "\r\nOrigin: http://127.0.0.1\r\nContent-Type: " + JAR + "\r\nConnection: close\r\nContent-Length: ";
        assertThat(server.statusLine(head, LARGEST + 1)).startsWith("HTTP/1.1 413");
    }

    @Test
    void namesItselfInEveryChange() throws Exception {
        assertThat(post("share", JSON, "{\"id\":\"acme.swap\",\"percent\":50}").statusCode()).isEqualTo(200);
        assertThat(post("rollback", JSON, "{\"id\":\"acme.swap\",\"version\":\"bbbbbbbb\"}").statusCode()).isEqualTo(200);
        assertThat(post("remove", JSON, "{\"id\":\"acme.swap\"}").statusCode()).isEqualTo(200);
        assertThat(plugins.asked)
                .containsExactly(
                        "share acme.swap 50 % by console:admin",
                        "rollback acme.swap to bbbbbbbb by console:admin",
                        "remove acme.swap by console:admin");
    }

    @Test
    void endsATrialOnlyWhileOneRuns() throws Exception {
        plugins.plugins = List.of(FakePlugins.plugin(""));
        HttpResponse<String> none = post("end-trial", JSON, "{\"id\":\"acme.swap\"}");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(json(none).path("code").asText()).isEqualTo("NOTHING_IS_TRIED");
        plugins.plugins = List.of(FakePlugins.plugin("", FakePlugins.version("1.1.0", VersionState.CANARY, "")));
        assertThat(post("end-trial", JSON, "{\"id\":\"acme.swap\"}").statusCode()).isEqualTo(200);
        assertThat(plugins.asked).containsExactly("rollback acme.swap to " + "a".repeat(64) + " by console:admin");
    }

    @Test
    void saysWhatIsWrongWithARequest() throws Exception {
        assertThat(post("share", JSON, "{\"id\":\"acme.swap\",\"percent\":0}").statusCode()).isEqualTo(400);
        assertThat(post("share", JSON, "{\"id\":\"acme.swap\",\"percent\":\"all\"}").statusCode()).isEqualTo(400);
        assertThat(post("remove", JSON, "{").statusCode()).isEqualTo(400);
        assertThat(post("remove", JSON, "").statusCode()).isEqualTo(400);
        assertThat(json(post("remove", JSON, "{}")).path("detail").asText()).contains("'id'");
        assertThat(post("explode", JSON, "{}").statusCode()).isEqualTo(404);
        assertThat(get("/diagnosis?id=acme.none").statusCode()).isEqualTo(404);
        HttpResponse<String> tenant = get("/explain?tenant=me");
        assertThat(tenant.statusCode()).isEqualTo(400);
        assertThat(json(tenant).path("detail").asText()).contains("UUID");
        assertThat(plugins.asked).isEmpty();
    }

    @Test
    void showsDiagnosisAndSelectionInWords() throws Exception {
        plugins.plugins = List.of(FakePlugins.plugin(""));
        assertThat(json(get("/diagnosis?id=acme.swap")).path("text").asText()).isEqualTo("all about acme.swap");
        assertThat(json(get("/explain?tenant=")).path("text").asText()).contains("For any tenant", "gts.acme~", EVIL);
    }
}
