// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.resolution.MissingRequirements;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, starts and removes bundles. What a bundle's own code does runs on a thread of its own
 * with a deadline: one that hangs is left behind.
 */
final class BundleHost {
    private static final Logger log = LoggerFactory.getLogger(BundleHost.class);

    private final BundleContext system;
    private final Duration startDeadline;

    BundleHost(BundleContext context, Duration startDeadline) {
        // what the system bundle installs stays when this bundle is replaced
        system = context.getBundle(0).getBundleContext();
        this.startDeadline = startDeadline;
    }

    /**
     * Installs and resolves; nothing of the bundle runs yet.
     *
     * @throws Refusal when it is no bundle, or lacks something
     */
    Bundle install(PluginArchive archive) throws Refusal {
        Bundle bundle;
        // the same JAR may be installed again while its former life still ends
        String location = archive.location() + "#" + Long.toHexString(System.nanoTime());
        try (InputStream in = archive.open()) {
            bundle = system.installBundle(location, in);
        } catch (BundleException | IOException e) {
            throw new Refusal(VersionState.REJECTED, "the framework does not take it: " + e.getMessage());
        }
        if (!system.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))) {
            String report = MissingRequirements.report(bundle, List.of(system.getBundles()));
            uninstall(bundle);
            throw new Refusal(VersionState.WAITING, report);
        }
        return bundle;
    }

    /**
     * Starts what was installed.
     *
     * @throws Refusal when its activator fails or does not end in time
     */
    void start(Bundle bundle) throws Refusal {
        String failure = bounded("start", bundle, startDeadline, () -> bundle.start(Bundle.START_TRANSIENT));
        if (failure != null) {
            throw new Refusal(VersionState.REJECTED, failure);
        }
    }

    /** Removes a bundle without waiting: the framework cannot stop what still starts. */
    void abandon(Bundle bundle) {
        Thread.ofVirtual().name("plugin-abandoned").start(() -> remove(bundle));
    }

    /** The bundle of a plugin that runs already: this module was replaced, the plugin was not. */
    @Nullable Bundle running(PluginArchive archive) {
        for (Bundle bundle : system.getBundles()) {
            if (bundle.getState() == Bundle.ACTIVE && content(bundle).equals(archive.location())) {
                return bundle;
            }
        }
        return null;
    }

    /** Removes what is left of an earlier time, except for some contents. */
    void sweep(Set<String> contents) {
        for (Bundle bundle : system.getBundles()) {
            if (bundle.getLocation().startsWith("plugin:") && !contents.contains(content(bundle))) {
                abandon(bundle);
            }
        }
    }

    private static String content(Bundle bundle) {
        return bundle.getLocation().split("#", 2)[0];
    }

    /** Stops and uninstalls a bundle; its workers finish their calls first. */
    void remove(Bundle bundle) {
        // a stop may take as long as the workers' drain timeout, which is their own limit
        String failure = bounded("stop", bundle, startDeadline.plusSeconds(60), bundle::stop);
        if (failure != null) {
            log.warn("plugin {} {} did not stop well: {}", bundle.getSymbolicName(), bundle.getVersion(), failure);
        }
        uninstall(bundle);
    }

    private static void uninstall(Bundle bundle) {
        String failure = bounded("uninstall", bundle, Duration.ofSeconds(15), bundle::uninstall);
        if (failure != null) {
            log.warn("plugin {} was not uninstalled: {}", bundle.getSymbolicName(), failure);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws BundleException;
    }

    /** Null when all went well, else why not. */
    private static @Nullable String bounded(String verb, Bundle bundle, Duration deadline, Step step) {
        AtomicReference<@Nullable String> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("plugin-" + verb + "-" + bundle.getSymbolicName())
                .start(() -> {
                    try {
                        step.run();
                    } catch (BundleException e) {
                        failure.set(words(e));
                    } catch (IllegalStateException e) {
                        failure.set("it is gone already");
                    } finally {
                        done.countDown();
                    }
                });
        try {
            if (!done.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                StackTraceElement[] stack = thread.getStackTrace();
                thread.interrupt();
                return "its " + verb + " did not end within " + deadline.toSeconds() + " s" + hangsAt(stack);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the server stops";
        }
        return failure.get();
    }

    /** The nearest place outside the JDK. */
    private static String hangsAt(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getModuleName() == null) {
                return "; it hangs in " + frame;
            }
        }
        return "";
    }

    private static String words(BundleException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.equals(e) ? String.valueOf(e.getMessage()) : cause.getClass().getName() + ": " + cause.getMessage();
    }
}
