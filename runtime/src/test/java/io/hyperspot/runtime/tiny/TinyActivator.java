// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime.tiny;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does at start and stop what its bundle's headers {@code Tiny-Start} and {@code Tiny-Stop} say. */
public final class TinyActivator implements BundleActivator {
    /** Keys in the system properties, the only place that test and bundle share. */
    public static final String EVENTS = "hyperspot.tiny.events";

    public static final String RELEASE = "hyperspot.tiny.release";

    @Override
    public void start(BundleContext context) throws Exception {
        act(context, "start", context.getBundle().getHeaders("").get("Tiny-Start"));
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        act(context, "stop", context.getBundle().getHeaders("").get("Tiny-Stop"));
    }

    // what lies under the key is the test's
    @SuppressWarnings("unchecked")
    private static void act(BundleContext context, String what, String how) throws Exception {
        ((List<String>) shared(EVENTS))
                .add(what + " " + context.getBundle().getSymbolicName());
        switch (how) {
            case "hang" -> ((CountDownLatch) shared(RELEASE)).await();
            case "throw" -> throw new IllegalStateException("no room on the disk");
            case "missing-class" -> throw new NoClassDefFoundError("com/acme/Gone");
            default -> {}
        }
    }

    private static Object shared(String key) {
        return Objects.requireNonNull(System.getProperties().get(key));
    }
}
