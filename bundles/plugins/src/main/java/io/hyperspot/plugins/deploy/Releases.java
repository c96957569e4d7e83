// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Whether the class loaders of versions that were uninstalled are gone, and if not, which thread seems
 * to hold one. A loader goes with the next collection of the garbage collector; nothing is forced.
 * Thread-safe.
 */
final class Releases {
    private record Followed(WeakReference<ClassLoader> loader, Set<String> packages) {}

    private final Map<String, Followed> versions = new ConcurrentHashMap<>();

    /** Remembers a bundle's loader; before the bundle is uninstalled. */
    void follow(String sha256, Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        ClassLoader loader = wiring == null ? null : wiring.getClassLoader();
        if (loader != null) {
            versions.put(sha256, new Followed(new WeakReference<>(loader), packages(wiring)));
        }
    }

    private static Set<String> packages(BundleWiring wiring) {
        return wiring.listResources("/", "*.class", BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE)
                .stream()
                .filter(file -> file.indexOf('/') > 0)
                .map(file -> file.substring(0, file.lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toSet());
    }

    /** For people; empty when nothing is known. */
    String tell(String sha256) {
        Followed followed = versions.get(sha256);
        if (followed == null) {
            return "";
        }
        ClassLoader loader = followed.loader().get();
        if (loader == null) {
            return "released";
        }
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (loader.equals(thread.getContextClassLoader()) || loader.equals(thread.getClass().getClassLoader())) {
                return "held by thread " + thread.getName();
            }
            for (StackTraceElement frame : entry.getValue()) {
                // another version of the plugin has the same packages
                if (followed.packages().contains(packageOf(frame.getClassName()))) {
                    return "perhaps held by thread " + thread.getName() + " at " + frame;
                }
            }
        }
        return "waits for the garbage collector";
    }

    private static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }

    /** It runs again. */
    void forget(String sha256) {
        versions.remove(sha256);
    }
}
