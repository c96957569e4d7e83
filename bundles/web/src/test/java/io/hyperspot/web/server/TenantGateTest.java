// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is let in by the state of his tenant. */
class TenantGateTest extends WebFixture {
    private static final TenantId CHILD = TenantId.of("0192f0c1-2345-7000-8000-00000000000c");

    private final AtomicReference<@Nullable TenantTree> tree = new AtomicReference<>();
    private final Tenants tenants = (Tenants) Proxy.newProxyInstance(
            Tenants.class.getClassLoader(), new Class<?>[] {Tenants.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "tree" -> tree.get();
                case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                case "hashCode" -> 1;
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private static TenantTree tree(Status of, Status child) {
        return TenantTree.of(List.of(
                tenant(TenantId.ROOT, null, Status.ACTIVE), tenant(FakeAuthenticator.TENANT, TenantId.ROOT, of), tenant(CHILD, FakeAuthenticator.TENANT, child)));
    }

    private static Tenant tenant(TenantId id, @Nullable TenantId parent, Status status) {
        return new Tenant(id, parent, "t", "", status, false, Instant.EPOCH, 1);
    }

    private int status(String key) throws Exception {
        return send(request("/p/hello").setHeader("Authorization", "Bearer " + key)).statusCode();
    }

    private void refused(String key, int status, String code) throws Exception {
        problem(send(request("/p/hello").setHeader("Authorization", "Bearer " + key)), status, code);
    }

    @Test
    void letsNobodyOfAStoppedTenantInFromTheNextRequestOn() throws Exception {
        WebServer server = start(Map.of());
        assertThat(status("tenant")).as("without a resolver").isEqualTo(200);

        server.bindTenants(tenants);
        refused("tenant", 503, "TENANTS_UNAVAILABLE");
        assertThat(status("good")).as("the root does not wait").isEqualTo(200);

        tree.set(tree(Status.ACTIVE, Status.ACTIVE));
        assertThat(status("tenant")).isEqualTo(200);
        tree.set(tree(Status.SUSPENDED, Status.ACTIVE));
        refused("tenant", 403, "TENANT_SUSPENDED");
        assertThat(status("good")).isEqualTo(200);
        tree.set(tree(Status.DELETED, Status.ACTIVE));
        refused("tenant", 403, "TENANT_DELETED");
        tree.set(TenantTree.of(List.of(tenant(TenantId.ROOT, null, Status.ACTIVE))));
        refused("tenant", 403, "TENANT_DELETED");

        // a resolver that is replaced opens no door
        tree.set(tree(Status.SUSPENDED, Status.ACTIVE));
        server.unbindTenants(tenants);
        tree.set(null);
        refused("tenant", 403, "TENANT_SUSPENDED");
        server.bindTenants(tenants);
        refused("tenant", 403, "TENANT_SUSPENDED");
        tree.set(tree(Status.ACTIVE, Status.SUSPENDED));
        assertThat(status("tenant")).isEqualTo(200);
    }
}
