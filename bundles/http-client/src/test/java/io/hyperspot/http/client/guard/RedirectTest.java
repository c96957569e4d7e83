// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.http.client.GuardedHttp.Request;
import io.hyperspot.http.client.GuardedHttp.Response;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RedirectTest extends GuardFixture {
    @Test
    void followsRedirectsWithinAnOriginWithItsHeaders() throws Exception {
        redirect("/1", 302, "/2?a=b");
        redirect("/2", 308, "3");
        echo("/3");
        Request request = new Request(
                "PUT",
                url("a.example", "/1"),
                List.of(new Header("Authorization", "Bearer k")),
                "body".getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(20),
                1 << 20,
                2);
        Response response = client.send(request, new Cancellation());
        assertThat(text(response)).startsWith("PUT /3\n").contains("authorization: Bearer k").endsWith("\n\nbody");
        assertThat(response.url()).isEqualTo(url("a.example", "/3"));
        assertThat(dialled).hasSize(3);
    }

    @Test
    void dropsCredentialsOnTheWayToAnotherOrigin() throws Exception {
        redirect("/1", 307, url("b.example", "/2").toString());
        redirect("/2", 307, url("a.example", "/3").toString());
        echo("/3");
        Request request = new Request(
                "POST",
                url("a.example", "/1"),
                List.of(
                        new Header("Authorization", "Bearer k"),
                        new Header("Cookie", "k"),
                        new Header("X-Api-Key", "k"),
                        new Header("Content-Type", "text/plain")),
                "body".getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(20),
                1 << 20,
                5);
        assertThat(text(client.send(request, new Cancellation())))
                .startsWith("POST /3\n")
                .contains("content-type: text/plain\n")
                .doesNotContain("authorization", "cookie", "x-api-key")
                .endsWith("\n\nbody");
    }

    @Test
    void turnsAPostIntoAGetWhereBrowsersDo() throws Exception {
        echo("/end");
        for (int status : new int[] {301, 302, 303}) {
            redirect("/from" + status, status, "/end");
            Request request = new Request(
                    "POST",
                    url("a.example", "/from" + status),
                    List.of(new Header("Content-Type", "text/plain")),
                    "body".getBytes(StandardCharsets.UTF_8),
                    Duration.ofSeconds(20),
                    1 << 20,
                    5);
            assertThat(text(client.send(request, new Cancellation())))
                    .startsWith("GET /end\n")
                    .doesNotContain("content-type", "body");
        }
    }

    @Test
    void checksWhereRedirectsLead() {
        names.put("inner.example", new String[] {"192.168.1.1"});
        Map<String, String> ways = Map.of(
                "/loopback", "http://127.0.0.1:" + port + "/",
                "/metadata", "http://169.254.169.254/",
                "/inner", "http://inner.example/",
                "/port", "http://a.example:6379/",
                "/file", "file:///etc/passwd",
                "/user", "http://u:p@a.example/");
        ways.forEach((path, location) -> {
            redirect(path, 302, location);
            assertThat(failure(get(url("a.example", path))).kind()).as(location).isEqualTo(Kind.FORBIDDEN);
        });
        assertThat(dialled).hasSize(ways.size());
    }

    @Test
    void refusesARedirectFromHttpsToHttp() throws Exception {
        Guard guard = new Guard(this::resolve, Set.of(80, 443));
        Target secure = guard.check(URI.create("https://a.example/x"));
        Target plain = guard.check(URI.create("http://a.example/x"));
        Hop hop = Hop.first(get(URI.create("https://a.example/x")), secure);
        UpstreamException failure =
                catchThrowableOfType(UpstreamException.class, () -> hop.follow(302, plain));
        assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN);
        assertThat(hop.follow(302, secure).target()).isEqualTo(secure);
    }

    @Test
    void stopsAfterTheAllowedRedirects() throws Exception {
        redirect("/loop", 302, "/loop");
        redirect("/bad", 302, "http://[/");
        assertThat(failure(get(url("a.example", "/loop"))).kind()).isEqualTo(Kind.PROTOCOL);
        assertThat(dialled).hasSize(6);
        assertThat(failure(get(url("a.example", "/bad"))).kind()).isEqualTo(Kind.PROTOCOL);
        Request none = new Request(
                "GET", url("a.example", "/loop"), List.of(), new byte[0], Duration.ofSeconds(20), 1 << 20, 0);
        assertThat(client.send(none, new Cancellation()).status()).isEqualTo(302);
    }
}
