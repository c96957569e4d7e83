// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import io.hyperspot.modkit.resolution.MissingRequirements;
import java.time.Duration;
import java.util.List;
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
final class Installer {
    private static final Logger log = LoggerFactory.getLogger(Installer.class);
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** What came of an installation. */
    sealed interface Outcome {
        record Started(Bundle bundle) implements Outcome {}

        /** Something that it needs is not there. */
        record Unresolved(String reason) implements Outcome {}

        record Refused(String reason) implements Outcome {}
    }

    private final BundleContext system;

    Installer(BundleContext context) {
        // what the system bundle installs stays when this bundle is replaced
        system = context.getBundle(0).getBundleContext();
    }

    Outcome install(PluginArchive archive) {
        Bundle bundle;
        try {
            bundle = system.installBundle(archive.location(), archive.open());
        } catch (BundleException e) {
            return new Outcome.Refused("the framework does not take it: " + e.getMessage());
        }
        if (!system.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(List.of(bundle))) {
            String report = MissingRequirements.report(bundle, List.of(system.getBundles()));
            uninstall(bundle);
            return new Outcome.Unresolved(report);
        }
        Failure failure = bounded("start", bundle, () -> bundle.start(Bundle.START_TRANSIENT));
        if (failure != null) {
            if (failure.hangs()) {
                // the framework cannot stop what still starts: it is removed when, and if, that ends
                Thread.ofVirtual().name("plugin-abandoned").start(() -> remove(bundle));
            } else {
                remove(bundle);
            }
            return new Outcome.Refused(failure.reason());
        }
        return new Outcome.Started(bundle);
    }

    /** Stops and uninstalls a bundle; its workers finish their calls first. */
    void remove(Bundle bundle) {
        Failure failure = bounded("stop", bundle, bundle::stop);
        if (failure != null) {
            log.warn("plugin {} {} did not stop well: {}", bundle.getSymbolicName(), bundle.getVersion(), failure.reason());
        }
        uninstall(bundle);
    }

    private static void uninstall(Bundle bundle) {
        Failure failure = bounded("uninstall", bundle, bundle::uninstall);
        if (failure != null) {
            log.warn("plugin {} was not uninstalled: {}", bundle.getSymbolicName(), failure.reason());
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws BundleException;
    }

    private record Failure(String reason, boolean hangs) {}

    /** Null when all went well, else why not. */
    private static @Nullable Failure bounded(String verb, Bundle bundle, Step step) {
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
        // a stop may take as long as the workers' drain timeout, which is their own limit
        Duration deadline = verb.equals("start") ? DEADLINE : DEADLINE.multipliedBy(4);
        try {
            if (!done.await(deadline.toSeconds(), TimeUnit.SECONDS)) {
                StackTraceElement[] stack = thread.getStackTrace();
                thread.interrupt();
                return new Failure(
                        "its " + verb + " did not end within " + deadline.toSeconds() + " s" + hangsAt(stack), true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failure("the server stops", true);
        }
        String reason = failure.get();
        return reason == null ? null : new Failure(reason, false);
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
