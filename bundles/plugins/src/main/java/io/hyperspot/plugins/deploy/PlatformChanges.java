// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.gts.registry.TypesRegistryListener;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceRegistration;

/** Tells that something came which a plugin may wait for: a bundle, a service or a GTS type. Not of plugins. */
final class PlatformChanges implements AutoCloseable {
    private static final int CHANGES =
            BundleEvent.INSTALLED | BundleEvent.RESOLVED | BundleEvent.STARTED | BundleEvent.UNINSTALLED;

    private final BundleContext context;
    private final BundleListener bundles;
    private final ServiceListener services;
    private final ServiceRegistration<TypesRegistryListener> types;

    /**
     * @param changed must not block
     */
    PlatformChanges(BundleContext context, Runnable changed) {
        this.context = context;
        bundles = event -> {
            if ((event.getType() & CHANGES) != 0
                    && !isPlugin(event.getBundle())) {
                changed.run();
            }
        };
        // of every service: this bundle has no wires to the types that plugins need
        services = (AllServiceListener) event -> {
            if (event.getType() == ServiceEvent.REGISTERED && !isPlugin(event.getServiceReference().getBundle())) {
                changed.run();
            }
        };
        context.addBundleListener(bundles);
        context.addServiceListener(services);
        types = context.registerService(TypesRegistryListener.class, snapshot -> changed.run(), null);
    }

    /** What plugins themselves do is told where they are deployed; a plugin that is tried must not cause another try. */
    private static boolean isPlugin(Bundle bundle) {
        return bundle != null && bundle.getLocation().startsWith("plugin:");
    }

    @Override
    public void close() {
        types.unregister();
        context.removeServiceListener(services);
        context.removeBundleListener(bundles);
    }
}
