// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses;

import io.hyperspot.gts.GtsId;
import io.hyperspot.security.TenantId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which features tenants are licensed for: the license enforcer. An OSGi service, thread-safe; may be asked for
 * each request.
 */
@ProviderType
public interface Licenses {
    /**
     * A license that ends is not valid any more at that moment; another change of it is seen within ten seconds.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when that cannot be said now: then nothing is
     *     licensed
     */
    boolean isLicensed(TenantId tenant, GtsId feature);

    /**
     * The tenant's license; {@link License#NONE} when it has none.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE
     */
    License license(TenantId tenant);
}
