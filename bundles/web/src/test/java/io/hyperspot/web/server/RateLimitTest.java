// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.security.TenantId;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RateLimited;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask how often, and what he is told. */
class RateLimitTest extends WebFixture {
    private static final String[] LOCAL = {"127.0.0.0/8", "::1"};

    /** Operations with limits. */
    @Path("rated/v1")
    @Produces("text/plain")
    @NoFeature
    public static class Rated {
        @GET
        @Path("two")
        @RequiresPermission("gts.hyperspot.test.*:call")
        @RateLimited(perMinute = 2)
        public String two() {
            return "two";
        }

        @GET
        @Path("open")
        @PublicOperation
        @RateLimited(perMinute = 2)
        public String open() {
            return "open";
        }
    }

    /** A limit that cannot be. */
    @Path("never/v1")
    @PublicOperation
    @NoFeature
    public static class Never {
        @GET
        @RateLimited(perMinute = 0)
        public String get() {
            return "";
        }
    }

    private HttpResponse<String> by(String key, String path) throws Exception {
        return send(request(path).setHeader("Authorization", "Bearer " + key));
    }

    private HttpResponse<String> from(String forwarded, String key) throws Exception {
        return send(request("/p/hello").setHeader("Authorization", "Bearer " + key).header("X-Forwarded-For", forwarded));
    }

    private InetAddress from() {
        return Objects.requireNonNull(authorization.from);
    }

    private static void limited(HttpResponse<String> answer, String limit) throws Exception {
        JsonNode problem = problem(answer, 429, "RATE_LIMITED");
        assertThat(problem.path("limit").asText()).isEqualTo(limit);
        assertThat(Integer.parseInt(header(answer, "retry-after"))).isBetween(1, 60);
        assertThat(header(answer, "ratelimit")).contains("\"" + limit + "\";r=0;t=");
    }

    @Test
    void tellsNoLimitWhereThereIsNone() throws Exception {
        start(Map.of());
        for (int i = 0; i < 200; i++) {
            HttpResponse<String> answer = by(i % 2 == 0 ? "good" : "wrong", "/p/hello");
            assertThat(answer.statusCode()).as("a program on this machine").isEqualTo(i % 2 == 0 ? 200 : 401);
            assertThat(header(answer, "ratelimit")).isEmpty();
        }
    }

    @Test
    void countsEachTenantAndTellsItOnEveryAnswer() throws Exception {
        start(Map.of("rate__limit__tenant__per__minute", 3));
        HttpResponse<String> first = by("good", "/p/hello");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "ratelimit-policy")).isEqualTo("\"tenant\";q=3;w=60");
        assertThat(header(first, "ratelimit")).matches("\"tenant\";r=2;t=\\d+");
        HttpResponse<String> denied = by("weak", "/p/hello");
        assertThat(denied.statusCode()).as("of the same tenant").isEqualTo(403);
        assertThat(header(denied, "ratelimit")).matches("\"tenant\";r=1;t=\\d+");
        HttpResponse<String> broken = by("good", "/p/boom");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(header(broken, "ratelimit")).matches("\"tenant\";r=0;t=\\d+");
        limited(by("good", "/p/hello"), "tenant");
        assertThat(header(by("tenant", "/p/hello"), "ratelimit")).as("another tenant").startsWith("\"tenant\";r=2;");
        assertThat(get("/p/public").statusCode()).as("of nobody").isEqualTo(200);
    }

    @Test
    void countsTheCallerBeforeHisTenant() throws Exception {
        start(Map.of("rate__limit__tenant__per__minute", 3, "rate__limit__subject__per__minute", 2));
        by("good", "/p/hello");
        assertThat(header(by("good", "/p/hello"), "ratelimit")).matches("\"subject\";r=0;t=\\d+, \"tenant\";r=1;t=\\d+");
        limited(by("good", "/p/hello"), "subject");
        limited(by("good", "/p/hello"), "subject");
        assertThat(by("weak", "/p/hello").statusCode()).as("another's requests took nothing").isEqualTo(403);
        limited(by("weak", "/p/hello"), "tenant");
    }

    @Test
    void letsExactlyAsManyThroughAtOnce() throws Exception {
        start(Map.of("rate__limit__subject__per__minute", 5));
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 50)
                .mapToObj(i -> {
                    try {
                        return client.sendAsync(request("/p/hello").build(), HttpResponse.BodyHandlers.ofString());
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        // one token comes back every twelve seconds
        assertThat(all.stream().filter(answer -> answer.join().statusCode() == 200)).hasSizeBetween(5, 7);
    }

    @Test
    void boundsGuessesOfAnAddress() throws Exception {
        start(Map.of("trusted__proxies", LOCAL, "rate__limit__failed__credentials__per__minute", 3));
        for (int left = 2; left >= 0; left--) {
            HttpResponse<String> wrong = from("192.0.2.1", "wrong");
            problem(wrong, 401, "UNAUTHENTICATED");
            assertThat(header(wrong, "ratelimit")).startsWith("\"failed-credentials\";r=" + left);
        }
        limited(from("192.0.2.1", "wrong"), "failed-credentials");
        limited(from("192.0.2.1", "good"), "failed-credentials");
        limited(from("good.example, 198.51.100.9, 192.0.2.1", "good"), "failed-credentials");
        HttpResponse<String> other = from("192.0.2.2", "good");
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(header(other, "ratelimit")).isEmpty();
        assertThat(send(request("/p/public").header("X-Forwarded-For", "192.0.2.1")).statusCode()).isEqualTo(200);
    }

    @Test
    void countsARequestWithoutACredentialAsNoGuess() throws Exception {
        start(Map.of("trusted__proxies", LOCAL, "rate__limit__failed__credentials__per__minute", 1));
        for (int i = 0; i < 3; i++) {
            problem(send(anonymous("/p/hello").header("X-Forwarded-For", "192.0.2.1")), 401, "UNAUTHENTICATED");
        }
        assertThat(from("192.0.2.1", "good").statusCode()).isEqualTo(200);
        assertThat(from("192.0.2.1", "down").statusCode()).as("not looked at").isEqualTo(503);
        assertThat(from("192.0.2.1", "good").statusCode()).isEqualTo(200);
    }

    @Test
    void countsAddressesBeforeAnythingElse() throws Exception {
        start(Map.of("trusted__proxies", LOCAL, "rate__limit__address__per__minute", 2));
        assertThat(header(from("2001:db8::1", "good"), "ratelimit")).startsWith("\"address\";r=1;");
        assertThat(send(request("/nowhere").header("X-Forwarded-For", "[2001:db8::2]:4711")).statusCode()).isEqualTo(404);
        limited(from("2001:db8:0:0:ffff::3", "wrong"), "address");
        assertThat(from("2001:db8:0:1::1", "good").statusCode()).as("another network").isEqualTo(200);
        assertThat(from("192.0.2.1", "good").statusCode()).isEqualTo(200);
        assertThat(from("nonsense", "good").statusCode()).as("the proxy itself").isEqualTo(200);
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void believesOnlyTrustedProxies() throws Exception {
        start(Map.of("rate__limit__address__per__minute", 1));
        for (int i = 0; i < 3; i++) {
            assertThat(from("192.0.2.1", "good").statusCode()).isEqualTo(200);
        }
                assertThat(from().isLoopbackAddress()).isTrue();
        stopServer();
        start(Map.of("trusted__proxies", new String[] {"127.0.0.1", "10.1.0.0/16"}));
        from("203.0.113.5, 198.51.100.7, 10.1.2.3", "good");
        assertThat(from().getHostAddress()).isEqualTo("198.51.100.7");
        from("10.2.0.1", "good");
        assertThat(from().getHostAddress()).isEqualTo("10.2.0.1");
    }

    @Test
    void limitsAnOperationForEachTenantAndEachAddress() throws Exception {
        start(Map.of(
                "trusted__proxies", LOCAL, "rate__limit__operations", new String[] {"GET /p/hello=1", "GET /p/public=1"}));
        resource(bundle("rated"), new Rated());
        assertThat(header(get("/rated/v1/two"), "ratelimit-policy")).isEqualTo("\"operation\";q=2;w=60");
        assertThat(get("/rated/v1/two").statusCode()).isEqualTo(200);
        limited(get("/rated/v1/two"), "operation");
        assertThat(by("tenant", "/rated/v1/two").statusCode()).isEqualTo(200);
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
        limited(get("/p/hello"), "operation");
        assertThat(get("/p/wild/1").statusCode()).isEqualTo(200);
        for (String path : new String[] {"/p/public", "/rated/v1/open"}) {
            HttpResponse<String> last = get(path);
            for (int i = 0; i < 3; i++) {
                assertThat(last.statusCode()).isEqualTo(200);
                last = get(path);
            }
            for (int i = 0; i < 3; i++) {
                last = send(anonymous(path).header("X-Forwarded-For", "192.0.2.1"));
            }
            limited(last, "operation");
            assertThat(send(anonymous(path).header("X-Forwarded-For", "192.0.2.2")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void followsTheConfigurationRatherThanTheOperation() throws Exception {
        start(Map.of("rate__limit__operations", new String[] {"GET /rated/v1/two=0"}));
        resource(bundle("rated"), new Rated());
        for (int i = 0; i < 5; i++) {
            assertThat(get("/rated/v1/two").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesAnOperationWithAnImpossibleLimit() throws Exception {
        WebServer server = start(Map.of());
        resource(bundle("never"), new Never());
        assertThat(server.health().reason()).contains("@RateLimited");
        assertThat(get("/never/v1").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /a", "/a=1", "GET a=1", "GET /a=-1", "GET /a=x", "get /a=1"})
    void refusesAnEntryThatIsNoLimit(String entry) {
        assertThatThrownBy(() -> start(Map.of("rate__limit__operations", new String[] {entry})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate_limit_operations");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/x", "::1/129", "10.0.0.0/-1"})
    void refusesAProxyThatIsNoAddress(String entry) {
        assertThatThrownBy(() -> start(Map.of("trusted__proxies", new String[] {entry})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trusted_proxies");
    }

    @Test
    void keepsABoundedNumberOfBucketsAndThoseInUse() {
        Buckets buckets = new Buckets(100);
        RateKey inUse = key(-1);
        buckets.of(inUse, 1).take();
        for (int i = 0; i < 10_000; i++) {
            buckets.of(key(i), 1);
            if (i % 50 == 0) {
                assertThat(buckets.of(inUse, 1).take().isConsumed()).isFalse();
            }
        }
        assertThat(buckets.size()).isLessThanOrEqualTo(200);
    }

    @Test
    void knowsEveryKeyByItsText() throws Exception {
        for (RateKey key : List.of(
                new RateKey.Address(InetAddress.ofLiteral("2001:db8::")),
                new RateKey.Guesses(InetAddress.ofLiteral("192.0.2.1")),
                new RateKey.Tenant(FakeAuthenticator.TENANT),
                new RateKey.Subject(FakeAuthenticator.TENANT, "user:anna\nof two lines\nand three"),
                new RateKey.Call("GET /a/{b: c|d}", 7, "192.0.2.1"))) {
            assertThat(RateKey.parse(key.text())).isEqualTo(key);
        }
        for (String odd : List.of("", "tenant", "tenant\nx", "address\nhost.example", "call\nx\ny\nz", "of a later version\n1")) {
            assertThat(RateKey.parse(odd)).as(odd).isNull();
        }
    }

    private static RateKey key(int number) {
        return new RateKey.Subject(TenantId.ROOT, "user:" + number);
    }
}
