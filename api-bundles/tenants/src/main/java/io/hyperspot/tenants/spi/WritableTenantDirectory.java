// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.spi;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.tenants.Tenant;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A directory whose tenants can be changed. The resolver has checked the rules against what it knows, so
 * that a worker only has to refuse what another server has changed meanwhile: it throws {@link
 * io.hyperspot.modkit.ProblemException} ABORTED then, ALREADY_EXISTS for an id that is taken. What is
 * returned normally is durable, and recorded by the event: in the same transaction, where there is one.
 */
@ConsumerType
public interface WritableTenantDirectory extends TenantDirectory {
    /** Adds a tenant whose parent is there and not deleted. */
    void create(Tenant tenant, AuditEvent event) throws Exception;

    /** Puts {@code after} in the place of {@code before}, if that is still its version. */
    void replace(Tenant before, Tenant after, AuditEvent event) throws Exception;

    /** Removes a tenant that is still of this version and has none below it. */
    void remove(Tenant tenant, AuditEvent event) throws Exception;
}
