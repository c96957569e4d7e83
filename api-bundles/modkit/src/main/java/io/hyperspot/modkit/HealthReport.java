// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import io.hyperspot.modkit.HealthContributor.Health;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * What a contributor said when it was asked. One that cannot tell is DOWN, and does not hide what the
 * others say.
 *
 * @param name the contributor's, or its class's when it cannot even tell that
 */
public record HealthReport(String name, Health health) {
    /** Asks a contributor. */
    public static HealthReport of(HealthContributor contributor) {
        String name = contributor.getClass().getName();
        try {
            name = contributor.name();
            return new HealthReport(name, contributor.health());
        } catch (RuntimeException | LinkageError e) {
            return new HealthReport(name, Health.down("cannot tell its state: " + e));
        }
    }

    /**
     * Asks the contributors that a bundle has registered.
     *
     * @param context of the one who asks
     */
    public static List<HealthReport> of(BundleContext context, Bundle bundle) {
        List<HealthReport> reports = new ArrayList<>();
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            if (List.of((Object[]) service.getProperty(Constants.OBJECTCLASS)).contains(HealthContributor.class.getName())) {
                Object object = context.getService(service);
                if (object instanceof HealthContributor contributor) {
                    reports.add(of(contributor));
                }
                context.ungetService(service);
            }
        }
        return reports;
    }
}
