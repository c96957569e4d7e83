// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.open;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.licenses.License;
import io.hyperspot.licenses.spi.LicenseWorker;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.TenantId;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Everything is licensed. The last choice where there is another worker. */
@Component(service = LicenseWorker.class)
@GtsWorker(type = LicenseWorker.TYPE, instance = LicenseWorker.TYPE + "hyperspot.licenses.open.worker.v1", priority = 200)
public final class OpenLicenses implements LicenseWorker {
    private static final License EVERYTHING = new License(List.of(GtsPattern.parse("gts.*")), null);

    @Override
    public License license(TenantId tenant) {
        return EVERYTHING;
    }
}
