// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.spi;

import io.hyperspot.licenses.License;
import io.hyperspot.security.TenantId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where licenses come from: the worker of the license enforcer. A DS component with {@code GtsWorker(type =
 * LicenseWorker.TYPE, ...)}; the one with the smallest priority number is asked. Thread-safe.
 */
@ConsumerType
public interface LicenseWorker {
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.core.licenses.worker.v1~";

    /**
     * The tenant's license; {@link License#NONE} when it has none. May do I/O: the enforcer remembers the answer
     * for ten seconds.
     *
     * @throws Exception when that cannot be said now; {@link io.hyperspot.modkit.ProblemException} tells callers
     *     why
     */
    License license(TenantId tenant) throws Exception;
}
