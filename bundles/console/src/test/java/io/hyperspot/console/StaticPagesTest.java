// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that ask the REST API, behind the sign-in, over HTTP. */
@Timeout(60)
class StaticPagesTest {
    @TempDir
    private Path home;

    private @Nullable ConsoleServer server;
    private String session = "";

    private void start(String name) throws Exception {
        Path token = home.resolve("data/admin-token");
        ConsoleServer started = new ConsoleServer(
                new TokenSignIn(token, Clock.systemUTC(), Duration.ofMinutes(30), Duration.ofHours(12), false),
                name.equals("access") ? new AccessPage() : new ModelsPage());
        server = started;
        session = ConsoleServer.cookie(started.signIn(Files.readString(token).strip()));
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Objects.requireNonNull(server).get("/system/console/" + path, session);
    }

    private static List<String> files(String page) {
        return List.of("/res/" + page + ".js", "/res/api.js", "/res/elements.js", "/res/console.css");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "models"})
    void showsNothingWithoutASession(String name) throws Exception {
        start(name);
        session = "hyperspot_console=guess";
        assertThat(get(name).statusCode()).isEqualTo(401);
        for (String path : files(name)) {
            assertThat(get(name + path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"access", "models"})
    void isADocumentWithoutAnythingInlineOrForeign(String name) throws Exception {
        start(name);
        HttpResponse<String> page = get(name);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .contains("<script src=\"/system/console/" + name + "/res/" + name + ".js\" type=\"module\"></script>")
                .doesNotContain("http:", "https:", "<style", "style=", "onclick", "{console}");
        for (String asset : files(name)) {
            HttpResponse<String> file = get(name + asset);
            assertThat(file.statusCode()).as(asset).isEqualTo(200);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(file.body()).as(asset).doesNotContain("innerHTML", "eval(", "http:", "https:", "localStorage", "sessionStorage");
        }
        assertThat(get(name + "/res/plugins.html").statusCode()).isEqualTo(404);
    }
}
