// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What answers tell browsers. */
class SecurityHeadersTest extends WebFixture {
    /** Says how long its answers may be kept, or does not. */
    @Path("kept/v1")
    @Produces("application/json")
    @NoFeature
    @RequiresPermission("gts.hyperspot.test.*:call")
    public static class Kept {
        @GET
        @Path("plain")
        public Map<String, Integer> plain() {
            return Map.of("a", 1);
        }

        @GET
        @Path("own")
        public Response own() {
            return Response.ok(Map.of("a", 1))
                    .header("Cache-Control", "private, max-age=5")
                    .header("Content-Security-Policy", "default-src 'self'")
                    .build();
        }
    }

    @Test
    void protectsEveryAnswer() throws Exception {
        start(Map.of());
        resource(bundle("kept"), new Kept());
        for (String path : new String[] {"/p/hello", "/p/public", "/nowhere", "/p/boom", "/p/json", "/p/events", "/kept/v1/plain", "/kept/v1/no"}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.headers().allValues("x-content-type-options")).as(path).containsExactly("nosniff");
            assertThat(answer.headers().allValues("referrer-policy")).as(path).containsExactly("same-origin");
            assertThat(header(answer, "content-security-policy")).as(path).isEqualTo("frame-ancestors 'none'");
            assertThat(header(answer, "strict-transport-security")).as("without TLS").isEmpty();
        }
        try (Socket socket = socket("GET /p/hello HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")) {
            assertThat(readUntil(socket, "never")).startsWith("HTTP/1.1 400").containsIgnoringCase("x-content-type-options: nosniff");
        }
    }

    @Test
    void letsNobodyKeepWhatIsAnsweredToACredential() throws Exception {
        start(Map.of());
        resource(bundle("kept"), new Kept());
        assertThat(header(get("/kept/v1/plain"), "cache-control")).isEqualTo("no-store");
        assertThat(header(get("/p/json"), "cache-control")).isEqualTo("no-store");
        assertThat(header(send(anonymous("/p/json")), "cache-control")).isEqualTo("no-store");
        assertThat(header(get("/p/public"), "cache-control")).isEmpty();
        HttpResponse<String> own = get("/kept/v1/own");
        assertThat(own.headers().allValues("cache-control")).containsExactly("private, max-age=5");
        assertThat(own.headers().allValues("content-security-policy")).containsExactly("default-src 'self'");
    }
}
