// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerApiTest {
    private record Reply(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Home home;

    ServerApiTest(@TempDir Path dir) throws IOException {
        home = new Home(dir.resolve("home"));
        home.create();
        Files.writeString(home.firstApiKey(), "hs_secret\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                requests.add(request + " " + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
                Reply reply = replies.getOrDefault(request, new Reply(404, "{\"detail\":\"there is no " + request + "\"}"));
                byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Cli onHome(String... words) throws IOException {
        Files.writeString(home.address(), url() + "\n");
        return Cli.run(withHome(words));
    }

    private String[] withHome(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", home.root().toString()));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "plugins list", "keys list"})
    void saysWhichCommandStartsTheServer(String words) {
        Cli failed = Cli.run(withHome(words.split(" ")));

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .isEqualTo("hyperspot: no server runs on " + home.root() + "; start it with 'hyperspot run', or name it with --url\n");
    }

    @Test
    void saysThatTheServerOfTheHomeIsGone() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Files.writeString(home.address(), "http://127.0.0.1:" + port + "\n");

        assertThat(Cli.run(withHome("status")))
                .isEqualTo(new Cli(1, "", "hyperspot: no server answers at http://127.0.0.1:" + port + "; start it with 'hyperspot run'\n"));
    }

    @Test
    void saysThatTheAddressIsNone() throws IOException {
        Files.writeString(home.address(), "not an address");

        assertThat(Cli.run(withHome("status")).err()).contains(home.address() + " holds no address");
    }

    @Test
    void passesOnWhatTheServerRefuses() throws IOException {
        replies.put("GET /plugins/v1/plugins?$top=1000", new Reply(403, "{\"detail\":\"the key may not list plugins\"}"));

        assertThat(onHome("plugins", "list")).isEqualTo(new Cli(1, "", "hyperspot: the key may not list plugins\n"));
        assertThat(requests).containsExactly("GET /plugins/v1/plugins?$top=1000 Bearer hs_secret ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ""})
    void tellsTheStatusWhenThereIsNoReason(String body) throws IOException {
        replies.put("GET /plugins/v1/plugins?$top=1000", new Reply(500, body));

        assertThat(onHome("plugins", "list").err()).isEqualTo("hyperspot: the server answered 500\n");
    }

    @Test
    void saysThatAnotherServerAnswers() throws IOException {
        replies.put("GET /health/ready", new Reply(502, "<html>\nBad gateway</html>"));

        assertThat(onHome("status").err())
                .isEqualTo("hyperspot: " + url() + " answered 502 with something else than JSON; is it a HyperSpot server?\n");
    }

    @Test
    void asksTheServerThatTheCallerNames(@TempDir Path dir) throws IOException {
        replies.put("GET /openai/v1/models", new Reply(200, "{\"data\":[{\"id\":\"local/tiny\"},{\"id\":\"openai/gpt\"}]}"));
        Path key = Files.writeString(dir.resolve("key"), "other");

        Cli models = Cli.run(withHome("models", "list", "--url", url(), "--key-file", key.toString()));

        assertThat(models).isEqualTo(new Cli(0, "local/tiny\nopenai/gpt\n", ""));
        assertThat(requests).containsExactly("GET /openai/v1/models Bearer other ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8087", "localhost", "ftp://host", "http:///x", "ht tp://x"})
    void refusesAnAddressThatIsNone(String url) {
        Cli wrong = Cli.run(withHome("status", "--url", url));

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains(url).doesNotContain("\tat ");
    }

    @Test
    void saysThatThereIsNoKey(@TempDir Path dir) throws IOException {
        Path gone = dir.resolve("gone");
        Path broken = Files.writeString(dir.resolve("broken"), "hs_secret\nhs_other");

        assertThat(onHome("plugins", "list", "--key-file", gone.toString()).err())
                .isEqualTo("hyperspot: cannot read the API key in " + gone + "; name another with --key-file\n");
        assertThat(onHome("plugins", "list", "--key-file", broken.toString()).err())
                .isEqualTo("hyperspot: " + broken + " holds no API key: it must be one line without spaces\n");
    }

    @Test
    void tellsWhatKeepsTheServerFromBeingReady() throws IOException {
        replies.put(
                "GET /health/ready",
                new Reply(503, "{\"missing\":[\"no worker\"],\"parts\":{\"llm-gateway\":{\"status\":\"DOWN\",\"reason\":\"no worker\"}}}"));

        Cli status = onHome("status");

        assertThat(status.code()).isEqualTo(1);
        assertThat(status.out()).startsWith("not ready:\n  - no worker\n").contains("llm-gateway").contains("down");
    }

    @Test
    void saysThatTheServerIsReady() throws IOException {
        replies.put("GET /health/ready", new Reply(200, "{\"missing\":[],\"parts\":{}}"));

        assertThat(onHome("status")).isEqualTo(new Cli(0, "ready\n", ""));
    }

    @Test
    void showsEachPluginWithItsState() throws IOException {
        replies.put(
                "GET /plugins/v1/plugins?$top=1000",
                new Reply(200, "{\"items\":[{\"state\":\"ACTIVE\",\"id\":\"acme\",\"version\":\"1.0\",\"file\":\"acme.jar\"},"
                        + "{\"state\":\"REJECTED\",\"file\":\"bad.jar\",\"reason\":\"no bundle\\nat all\"}]}"));

        assertThat(onHome("plugins", "list").out())
                .containsPattern("ACTIVE +acme +1\\.0 +acme\\.jar\n")
                .containsPattern("REJECTED +- +- +bad\\.jar\n {12}no bundle\n {12}at all\n");
    }

    @Test
    void tellsWhereToPutThePluginsWhenThereAreNone() throws IOException {
        replies.put("GET /plugins/v1/plugins?$top=1000", new Reply(200, "{\"items\":[]}"));

        assertThat(onHome("plugins", "list").out()).isEqualTo("no plugins: copy a connector's JAR into " + home.plugins() + "\n");
    }

    @Test
    void tellsTheStepsOfAChangeOnceAndNothingWhenItShallBeQuiet() throws IOException {
        String before = "{\"at\":\"1\",\"text\":\"started 1.0\"}";
        String plugin = "{\"state\":\"ACTIVE\",\"id\":\"acme\",\"version\":\"0.9\",\"file\":\"acme.jar\",\"steps\":[" + before;
        replies.put("GET /plugins/v1/plugins/acme", new Reply(200, plugin + "]}"));
        replies.put(
                "POST /plugins/v1/plugins/acme/rollback",
                new Reply(200, plugin + ",{\"at\":\"2\",\"text\":\"went back\"}],\"versions\":[{\"version\":\"1.0\","
                        + "\"state\":\"DRAINING\",\"in_flight\":3}]}"));

        assertThat(onHome("plugins", "rollback", "acme").out())
                .startsWith("  2  went back\n  1.0 has 3 calls in flight\nACTIVE ")
                .doesNotContain("started 1.0");
        assertThat(onHome("plugins", "rollback", "acme", "--quiet").out()).startsWith("ACTIVE ");
    }

    @Test
    void asksForTheSelectionOfAWorkerByItsGtsId() throws IOException {
        replies.put(
                "GET /plugins/v1/selection?id=gts.acme%7E&tenant=t",
                new Reply(200, "{\"text\":\"For tenant t.\"}"));

        assertThat(onHome("plugins", "explain", "gts.acme~", "--tenant", "t").out()).isEqualTo("For tenant t.\n");
        assertThat(onHome("plugins", "explain", "acme", "--tenant", "t").err()).contains("--tenant goes with a GTS id");
    }

    @Test
    void managesUsersAndTakesNoPasswordAsAnArgument() throws IOException {
        String users = "/auth/v1/users";
        String anna = "{\"id\":\"u1\",\"name\":\"anna\",\"state\":\"invited\",\"groups\":[\"staff\"],\"totp\":false";
        replies.put("POST " + users, new Reply(201, anna + ",\"setup_token\":\"hsu_1\"}"));
        replies.put("GET " + users, new Reply(200, "{\"items\":[" + anna + "}],\"page_info\":{}}"));
        replies.put("GET " + users + "/u1", new Reply(200, anna + "}"));
        replies.put("PATCH " + users + "/u1", new Reply(200, anna.replace("invited", "disabled") + "}"));
        replies.put("POST " + users + "/u1/reset-password", new Reply(200, anna + "}"));
        replies.put("DELETE " + users + "/u1", new Reply(204, ""));

        assertThat(onHome("users", "create", "anna", "--group", "staff").out()).isEqualTo("u1\nhsu_1\n");
        assertThat(requests.getLast()).contains("\"name\":\"anna\"").contains("[\"staff\"]").doesNotContain("password");
        assertThat(onHome("users", "list").out()).startsWith("u1 ").contains(" invited ").contains(" anna ");
        assertThat(onHome("users", "disable", "u1").out()).contains(" disabled ");
        assertThat(requests.getLast()).contains("{\"disabled\":true}");
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("anna likes long walks\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(onHome("users", "reset-password", "u1", "--with-password").out()).isEqualTo("u1\n");
        } finally {
            System.setIn(before);
        }
        assertThat(requests.getLast()).contains("{\"password\":\"anna likes long walks\"}");
        assertThat(onHome("users", "delete", "u1").out()).isEqualTo("deleted u1\n");
        assertThat(onHome("users", "create", "bob", "--with-password=secret").code()).isEqualTo(2);
    }

    @Test
    void createsListsAndRevokesKeys() throws IOException {
        String keys = "/security/v1/api-keys";
        replies.put("POST " + keys, new Reply(201, "{\"secret\":\"hs_new\"}"));
        replies.put("GET " + keys, new Reply(200, page("k1", "\"revoked_at\":\"2026-01-01T00:00:00Z\",", "next")));
        replies.put("GET " + keys + "?$skiptoken=next", new Reply(200, page("k2", "", "")));
        replies.put("DELETE " + keys + "/k1", new Reply(204, ""));

        assertThat(onHome("keys", "create", "laptop", "--scope", "gts.*:read", "--expires-in-days", "7").out())
                .isEqualTo("hs_new\n");
        assertThat(onHome("keys", "list").out().lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("k1").contains(" revoked ").contains("laptop"),
                        second -> assertThat(second).startsWith("k2").contains(" active "));
        assertThat(onHome("keys", "revoke", "k1").out()).isEqualTo("revoked k1\n");
        assertThat(requests.getFirst()).contains("\"name\":\"laptop\"").contains("\"scopes\":[\"gts.*:read\"]").contains("expires_at");
    }

    @Test
    void keepsAnIdWithinItsPlaceInThePath() throws IOException {
        Cli refused = onHome("keys", "revoke", "../x y?z");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(requests).singleElement().asString().startsWith("DELETE /security/v1/api-keys/..%2Fx%20y%3Fz ");
    }

    private static String page(String id, String revoked, String cursor) {
        return "{\"items\":[{\"id\":\"" + id + "\"," + revoked + "\"prefix\":\"hs_4f2a\",\"name\":\"laptop\",\"scopes\":[]}],"
                + "\"page_info\":{\"next_cursor\":\"" + cursor + "\"}}";
    }
}
