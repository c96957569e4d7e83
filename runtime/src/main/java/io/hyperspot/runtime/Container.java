// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import io.hyperspot.modkit.lifecycle.BoundedStep;
import io.hyperspot.modkit.lifecycle.BoundedStep.Outcome;
import io.hyperspot.modkit.resolution.MissingRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OSGi framework with the bundles of an installation. The bundle cache is disposable: it is
 * rebuilt at every start. Each bundle is started on a thread of its own with a deadline, so that one
 * that hangs delays nobody for longer than that.
 */
final class Container implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Container.class);
    static final Duration START_DEADLINE = Duration.ofSeconds(20);
    private static final int RUNNING_LEVEL = 100;

    private final Framework framework;

    private Container(Framework framework) {
        this.framework = framework;
    }

    /**
     * Boots the framework and starts every bundle that resolves.
     *
     * @param properties framework properties for bundles, for example {@code hyperspot.home}
     * @param startDeadline for each bundle; one that does not start in time is left behind
     * @throws LaunchException when the framework itself does not start, or a bundle does not resolve
     */
    static Container boot(Installation installation, Path cache, Map<String, String> properties, Duration startDeadline) {
        List<FeatureFiles.Entry> entries = FeatureFiles.read(installation);
        Map<String, String> settings = new HashMap<>(properties);
        settings.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, String.valueOf(RUNNING_LEVEL));
        settings.put("felix.log.level", "1");
        // the web console waits for our sign-in and never falls back to its default password
        settings.put("felix.webconsole.security.providers", "hyperspot");
        Framework framework = framework(cache, settings);
        Container container = new Container(framework);
        try {
            framework.init();
            List<Bundle> bundles = container.install(entries);
            container.resolve(bundles);
            framework.start();
            for (Bundle bundle : bundles) {
                start(bundle, startDeadline);
            }
        } catch (BundleException e) {
            container.close();
            throw new LaunchException("the container does not start: " + e.getMessage(), e);
        } catch (LaunchException e) {
            container.close();
            throw e;
        }
        return container;
    }

    /**
     * A framework as the server's bundles see it, not started.
     *
     * @param properties beside those that every framework of ours has
     */
    static Framework framework(Path cache, Map<String, String> properties) {
        Map<String, String> settings = new HashMap<>(properties);
        settings.put(Constants.FRAMEWORK_STORAGE, cache.toString());
        settings.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SharedPackages.header());
        // two builds of one version of a plugin run side by side while one replaces the other
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        return ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new LaunchException("no OSGi framework on the class path"))
                .newFramework(settings);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    private List<Bundle> install(List<FeatureFiles.Entry> entries) {
        List<Bundle> bundles = new ArrayList<>();
        BundleContext context = framework.getBundleContext();
        Set<String> names = new HashSet<>();
        for (FeatureFiles.Entry entry : entries) {
            Bundle bundle;
            try {
                bundle = context.installBundle("reference:" + entry.file().toUri());
            } catch (BundleException e) {
                throw new LaunchException("cannot install " + entry.file() + ", which the feature " + entry.feature() + " names: " + e.getMessage(), e);
            }
            // plugins may be there twice while one replaces the other, features never
            if (!names.add(bundle.getSymbolicName() + " " + bundle.getVersion())) {
                throw new LaunchException(entry.file() + ", which the feature " + entry.feature() + " names, is "
                        + bundle.getSymbolicName() + " " + bundle.getVersion() + ", which is there already");
            }
            if (entry.startLevel() > 0) {
                bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
            }
            bundles.add(bundle);
        }
        return bundles;
    }

    private void resolve(List<Bundle> bundles) {
        if (framework.adapt(FrameworkWiring.class).resolveBundles(bundles)) {
            return;
        }
        List<Bundle> present = List.of(framework.getBundleContext().getBundles());
        StringBuilder reports = new StringBuilder();
        for (Bundle bundle : bundles) {
            if (bundle.getState() == Bundle.INSTALLED) {
                reports.append('\n').append(MissingRequirements.report(bundle, present));
            }
        }
        throw new LaunchException("the features do not fit together:" + reports);
    }

    private static void start(Bundle bundle, Duration deadline) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        switch (BoundedStep.run("start-" + bundle.getSymbolicName(), deadline, () -> bundle.start(Bundle.START_TRANSIENT))) {
            case Outcome.Done(), Outcome.Interrupted() -> {}
            case Outcome.Failed(Throwable cause) ->
                log.error(
                        "bundle {} {} was not started: {}",
                        bundle.getSymbolicName(),
                        bundle.getVersion(),
                        cause.getMessage(),
                        cause);
            case Outcome.Hanging(String place) ->
                log.error(
                        "bundle {} {} did not start within {} ms and is left behind; it waits at {}",
                        bundle.getSymbolicName(),
                        bundle.getVersion(),
                        deadline.toMillis(),
                        place);
        }
    }

    /** Waits until the framework has stopped. */
    void join() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops the bundles in the reverse order; gives up after the deadline. */
    boolean stop(Duration deadline) {
        try {
            framework.stop();
            return framework.waitForStop(deadline.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            log.error("the container does not stop", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }
}
