// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How much of the server one tenant can take. */
class TenantShareTest extends WebFixture {
    private HttpResponse<String> hello(String key) throws Exception {
        return send(request("/p/hello").setHeader("Authorization", "Bearer " + key));
    }

    @Test
    void keepsRoomForOtherTenants() throws Exception {
        WebServer server = start(Map.of("max__in__flight__per__tenant", 3));
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            slow.add(client.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString()));
        }
        await().until(() -> protocol.waiting.get() == 3);
        HttpResponse<String> refused = hello("good");
        assertThat(problem(refused, 429, "TENANT_BUSY").path("limit").asText()).isEqualTo("tenant-in-flight");
        assertThat(header(refused, "retry-after")).isEqualTo("1");
        assertThat(hello("weak").statusCode()).as("of the same tenant").isEqualTo(429);
        assertThat(hello("tenant").statusCode()).isEqualTo(200);
        assertThat(get("/p/public").statusCode()).isEqualTo(200);
        assertThat(server.inFlight(TenantId.ROOT)).isEqualTo(3);
        protocol.gate.countDown();
        for (var answer : slow) {
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }
        await().until(() -> server.inFlight(TenantId.ROOT) == 0);
        assertThat(hello("good").statusCode()).isEqualTo(200);
        assertThat(hello("weak").statusCode()).isEqualTo(403);
        await().until(() -> server.inFlight(TenantId.ROOT) == 0);
    }

    @Test
    void takesThreeQuartersUnlessToldOtherwise() throws Exception {
        WebServer server = start(Map.of("max__in__flight", 4));
        List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            slow.add(client.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString()));
        }
        await().until(() -> protocol.waiting.get() == 3);
        problem(hello("good"), 429, "TENANT_BUSY");
        assertThat(hello("tenant").statusCode()).isEqualTo(200);
        protocol.gate.countDown();
        for (var answer : slow) {
            answer.get();
        }
        await().until(() -> server.inFlight(TenantId.ROOT) == 0);
    }

    @Test
    void countsStreamsUntilTheirClientsLeave() throws Exception {
        WebServer server = start(Map.of("max__in__flight__per__tenant", 100));
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Socket stream = socket(head("GET", "/p/endless"));
            streams.add(stream);
            readUntil(stream, "more\n\n");
        }
        assertThat(server.inFlight(TenantId.ROOT)).isEqualTo(100);
        problem(hello("good"), 429, "TENANT_BUSY");
        for (Socket stream : streams) {
            stream.close();
        }
        await().until(() -> server.inFlight(TenantId.ROOT) == 0);
        assertThat(hello("good").statusCode()).isEqualTo(200);
    }

    @Test
    void forgetsTenantsThatAreAtRestButNoneAtWork() {
        TenantsInFlight tenants = new TenantsInFlight(1);
        TenantId busy = new TenantId(UUID.randomUUID());
        AtomicInteger held = tenants.enter(busy);
        for (int i = 0; i < 25_000; i++) {
            tenants.enter(new TenantId(UUID.randomUUID())).decrementAndGet();
        }
        assertThatThrownBy(() -> tenants.enter(busy)).isInstanceOf(ProblemException.class);
        held.decrementAndGet();
        assertThat(tenants.inside(busy)).isZero();
        assertThat(tenants.enter(busy)).hasValue(1);
    }
}
