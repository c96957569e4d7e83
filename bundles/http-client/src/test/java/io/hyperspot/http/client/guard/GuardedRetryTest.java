// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.http.client.GuardedHttp.Request;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent again to user-supplied URLs, and who is left alone. */
@Timeout(60)
final class GuardedRetryTest extends GuardFixture {
    private final AtomicInteger requests = new AtomicInteger();

    private static Request request(String method, URI url) {
        return new Request(method, url, List.of(), new byte[0], Duration.ofSeconds(20), 1 << 20, 5);
    }

    @BeforeEach
    void retry() throws Exception {
        client.stop();
        client = open(16, Retries.DEFAULT);
    }

    /** A path that answers with each status in turn, the last one again and again. */
    private void script(String path, int... statuses) {
        server.createContext(path, exchange -> {
            int number = Math.min(requests.getAndIncrement(), statuses.length - 1);
            answer(exchange, statuses[number], new byte[0]);
        });
    }

    @Test
    void repeatsIdempotentRequestsOnly() throws Exception {
        script("/flaky", 503, 429, 200);
        URI url = url("a.example", "/flaky");
        assertThat(client.send(request("GET", url), new Cancellation()).status()).isEqualTo(200);
        assertThat(requests).hasValue(3);
        requests.set(0);
        assertThat(client.send(request("POST", url), new Cancellation()).status()).isEqualTo(503);
        assertThat(client.send(request("PATCH", url), new Cancellation()).status()).isEqualTo(429);
        assertThat(requests).hasValue(2);
        assertThat(registry.get("http.client.guarded.retries").counter().count()).isEqualTo(2);
    }

    @Test
    void leavesAnOriginAloneThatCannotBeConnectedTo() throws Exception {
        server.stop(0);
        UpstreamException failure = failure(get(url("a.example", "/")));
        assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
        failure(get(url("a.example", "/")));
        UpstreamException refused = failure(get(url("a.example", "/")));
        assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(refused).hasMessageContaining("a.example:" + port + " is not called for another");
        assertThat(refused.retryAfter()).isPresent();
        assertThat(failure(get(url("b.example", "/"))).kind()).as("others are not concerned").isEqualTo(Kind.CONNECT);
    }
}
