// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.spi;

import io.hyperspot.tenants.Tenant;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where tenants come from: the worker of the tenant resolver. A DS component with {@code
 * GtsWorker(type = TenantDirectory.TYPE, ...)}; the one with the smallest priority number is asked.
 * Thread-safe. One whose tenants can be changed is a {@link WritableTenantDirectory}.
 */
@ConsumerType
public interface TenantDirectory {
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.tenants.resolver.worker.v1~";

    /** A short name by which an operator chooses it: lower case, for example {@code database}. */
    String name();

    /**
     * All tenants, of which exactly one, always active, has no parent: {@link
     * io.hyperspot.security.TenantId#ROOT}. May do I/O; called when the worker is chosen and after it
     * told of a change, never for a request.
     */
    List<Tenant> load() throws Exception;

    /**
     * Tells of changes that were not made through this object, until what it returns is closed. At most
     * one follower at a time; a later one takes the place of the one before.
     *
     * @param changed cheap, thread-safe, throws nothing
     */
    AutoCloseable follow(Runnable changed);
}
