// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Whether the class loaders of versions that were uninstalled are gone, and if not, which thread holds
 * one. A loader goes with the next collection of the garbage collector; nothing is forced. Thread-safe.
 */
final class Releases {
    private final Map<String, WeakReference<ClassLoader>> loaders = new ConcurrentHashMap<>();

    /** Remembers a bundle's loader; before the bundle is uninstalled. */
    void follow(String sha256, Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
        if (loader != null) {
            loaders.put(sha256, new WeakReference<>(loader));
        }
    }

    /** For people; empty when nothing is known. */
    String tell(String sha256) {
        WeakReference<ClassLoader> reference = loaders.get(sha256);
        if (reference == null) {
            return "";
        }
        ClassLoader loader = reference.get();
        if (loader == null) {
            return "released";
        }
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (loader.equals(thread.getContextClassLoader()) || loader.equals(thread.getClass().getClassLoader())) {
                StackTraceElement[] stack = entry.getValue();
                return "held by thread " + thread.getName() + (stack.length == 0 ? "" : " at " + stack[0]);
            }
        }
        return "waits for the garbage collector";
    }

    /** It runs again. */
    void forget(String sha256) {
        loaders.remove(sha256);
    }
}
