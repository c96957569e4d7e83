// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of tenants, keys, roles and audit behind the sign-in, over HTTP. */
@Timeout(60)
class AccessPageTest {
    @TempDir
    private Path home;

    private ConsoleServer server;
    private String session;

    @BeforeEach
    void start() throws Exception {
        Path token = home.resolve("data/admin-token");
        server = new ConsoleServer(
                new TokenSignIn(token, Clock.systemUTC(), Duration.ofMinutes(30), Duration.ofHours(12), false), new AccessPage());
        session = ConsoleServer.cookie(server.signIn(Files.readString(token).strip()));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return server.get("/system/console/access" + path, session);
    }

    @Test
    void showsNothingWithoutASession() throws Exception {
        session = "hyperspot_console=guess";
        for (String path : List.of("", "/res/access.js", "/res/elements.js", "/res/console.css")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void isADocumentWithoutAnythingInlineOrForeign() throws Exception {
        HttpResponse<String> page = get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "form-action 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .contains("<script src=\"/system/console/access/res/access.js\" type=\"module\"></script>")
                .doesNotContain("http:", "https:", "<style", "style=", "onclick", "{console}");
        for (String asset : List.of("/res/access.js", "/res/elements.js", "/res/console.css")) {
            HttpResponse<String> file = get(asset);
            assertThat(file.statusCode()).as(asset).isEqualTo(200);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(file.body()).as(asset).doesNotContain("innerHTML", "eval(", "http:", "https:", "localStorage", "sessionStorage");
        }
        assertThat(get("/res/plugins.html").statusCode()).isEqualTo(404);
    }
}
