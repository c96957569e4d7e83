// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.single;

import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.spi.TenantDirectory;
import java.time.Instant;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** For one person's own machine: the root is the only tenant. The last choice where there is another directory. */
@Component(service = TenantDirectory.class)
@GtsWorker(
        type = TenantDirectory.TYPE,
        instance = TenantDirectory.TYPE + "hyperspot.tenants.single.worker.v1",
        priority = 200)
public final class SingleTenant implements TenantDirectory {
    private static final Tenant ROOT =
            new Tenant(TenantId.ROOT, null, "root", "", Tenant.Status.ACTIVE, false, Instant.EPOCH, 1);

    @Override
    public String name() {
        return "single";
    }

    @Override
    public List<Tenant> load() {
        return List.of(ROOT);
    }

    @Override
    public AutoCloseable follow(Runnable changed) {
        return () -> {};
    }
}
