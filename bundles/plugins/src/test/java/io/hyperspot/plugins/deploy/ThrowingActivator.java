// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Fails at its start. */
public final class ThrowingActivator implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("the licence file is missing");
    }

    @Override
    public void stop(BundleContext context) {
        // nothing was started
    }
}
