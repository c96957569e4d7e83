// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.spi.WritableTenantDirectory;

/** One change of the tree. */
sealed interface Step {
    /** It is as wanted already. */
    record Nothing() implements Step {
        @Override
        public void write(WritableTenantDirectory directory) {}

        @Override
        public TenantTree apply(TenantTree tree) {
            return tree;
        }
    }

    /** A new tenant. */
    record Create(Tenant tenant, AuditEvent event) implements Step {
        @Override
        public void write(WritableTenantDirectory directory) throws Exception {
            directory.create(tenant, event);
        }

        @Override
        public TenantTree apply(TenantTree tree) {
            return tree.with(tenant);
        }
    }

    /** A tenant that changes. */
    record Replace(Tenant before, Tenant after, AuditEvent event) implements Step {
        @Override
        public void write(WritableTenantDirectory directory) throws Exception {
            directory.replace(before, after, event);
        }

        @Override
        public TenantTree apply(TenantTree tree) {
            return tree.with(after);
        }
    }

    /** A tenant that goes. */
    record Remove(Tenant tenant, AuditEvent event) implements Step {
        @Override
        public void write(WritableTenantDirectory directory) throws Exception {
            directory.remove(tenant, event);
        }

        @Override
        public TenantTree apply(TenantTree tree) {
            return tree.without(tenant.id());
        }
    }

    void write(WritableTenantDirectory directory) throws Exception;

    TenantTree apply(TenantTree tree);
}
