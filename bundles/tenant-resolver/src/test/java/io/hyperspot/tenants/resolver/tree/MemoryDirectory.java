// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.spi.TenantDirectory;
import io.hyperspot.tenants.spi.WritableTenantDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Tenants in memory, which can be changed behind the resolver's back and can fail. */
public class MemoryDirectory implements TenantDirectory {
    final Map<TenantId, Tenant> tenants = new ConcurrentHashMap<>();
    private final String name;
    volatile @Nullable Runnable follower;
    volatile boolean broken;

    MemoryDirectory(String name, Tenant... more) {
        this.name = name;
        put(new Tenant(TenantId.ROOT, null, "root", "", Tenant.Status.ACTIVE, false, Instant.EPOCH, 1));
        for (Tenant tenant : more) {
            put(tenant);
        }
    }

    final void put(Tenant tenant) {
        tenants.put(tenant.id(), tenant);
    }

    void tell() {
        Runnable told = follower;
        if (told != null) {
            told.run();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Tenant> load() throws IOException {
        if (broken) {
            throw new IOException("the disk is gone");
        }
        return List.copyOf(tenants.values());
    }

    @Override
    public AutoCloseable follow(Runnable changed) {
        follower = changed;
        return () -> follower = null;
    }

    /** One that takes changes. */
    public static final class Writable extends MemoryDirectory implements WritableTenantDirectory {
        public Writable(Tenant... more) {
            super("memory", more);
        }

        private void check(Tenant before) throws IOException {
            if (broken) {
                throw new IOException("the disk is gone");
            }
            if (!before.equals(tenants.get(before.id()))) {
                throw new ProblemException(ErrorCategory.ABORTED, "TENANT_CHANGED", "somebody was faster");
            }
        }

        @Override
        public void create(Tenant tenant, AuditEvent event) throws IOException {
            if (broken) {
                throw new IOException("the disk is gone");
            }
            put(tenant);
        }

        @Override
        public void replace(Tenant before, Tenant after, AuditEvent event) throws IOException {
            check(before);
            put(after);
        }

        @Override
        public void remove(Tenant tenant, AuditEvent event) throws IOException {
            check(tenant);
            tenants.remove(tenant.id());
        }
    }
}
