// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.lifecycle.BoundedStep;
import io.hyperspot.modkit.lifecycle.BoundedStep.Outcome;
import io.hyperspot.modkit.resolution.MissingRequirements;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
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
        BoundedStep step = () -> bundle.start(Bundle.START_TRANSIENT);
        Outcome outcome = BoundedStep.run("plugin-start-" + bundle.getSymbolicName(), startDeadline, step);
        String failure = words("start", startDeadline, outcome);
        if (failure != null) {
            boolean linkage = outcome instanceof Outcome.Failed(Throwable cause) && root(cause) instanceof LinkageError;
            throw new Refusal(linkage ? VersionState.QUARANTINED : VersionState.REJECTED, failure);
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

    /** Null when all went well, else why not. */
    private static @Nullable String bounded(String verb, Bundle bundle, Duration deadline, BoundedStep step) {
        return words(verb, deadline, BoundedStep.run("plugin-" + verb + "-" + bundle.getSymbolicName(), deadline, step));
    }

    private static @Nullable String words(String verb, Duration deadline, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done() -> null;
            case Outcome.Failed(IllegalStateException gone) -> "it is gone already";
            case Outcome.Failed(Throwable cause) -> words(cause);
            case Outcome.Hanging(String place) ->
                "its " + verb + " did not end within " + deadline.toSeconds() + " s; it hangs in " + place;
            case Outcome.Interrupted() -> "the server stops";
        };
    }

    private static Throwable root(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String words(Throwable e) {
        Throwable cause = root(e);
        return cause.equals(e) ? String.valueOf(e.getMessage()) : cause.getClass().getName() + ": " + cause.getMessage();
    }
}
