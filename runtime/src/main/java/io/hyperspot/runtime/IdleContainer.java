// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.launch.Framework;

/** The framework with the bundles of an installation, none of them started: to look at. */
final class IdleContainer implements AutoCloseable {
    private final Framework framework;
    private final Path cache;

    private IdleContainer(Framework framework, Path cache) {
        this.framework = framework;
        this.cache = cache;
    }

    /**
     * @param home whose plugins are there too; those that are no bundles are left out
     */
    static IdleContainer of(Installation installation, @Nullable Home home) throws IOException {
        List<FeatureFiles.Entry> entries = FeatureFiles.read(installation);
        Path cache = Files.createTempDirectory("hyperspot-check");
        Framework framework =
                Container.framework(cache, Map.of("felix.service.urlhandlers", "false", "felix.log.level", "0"));
        IdleContainer container = new IdleContainer(framework, cache);
        try {
            framework.init();
            for (FeatureFiles.Entry entry : entries) {
                container.install(entry.file());
            }
            for (Path plugin : plugins(home)) {
                container.installIfBundle(plugin);
            }
            return container;
        } catch (BundleException e) {
            container.close();
            throw new LaunchException("the bundles of this distribution cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> plugins(@Nullable Home home) throws IOException {
        if (home == null || !Files.isDirectory(home.plugins())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(home.plugins())) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private void install(Path jar) throws BundleException {
        context().installBundle("reference:" + jar.toUri());
    }

    private void installIfBundle(Path jar) {
        try {
            install(jar);
        } catch (BundleException e) {
            // the server would not take it either
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** The version of a bundle; empty when there is none. */
    String version(String name) {
        return Stream.of(context().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .map(Bundle::getVersion)
                .max(Comparator.naturalOrder())
                .map(Version::toString)
                .orElse("");
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (BundleException e) {
            throw new LaunchException("the framework does not stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LaunchException("cannot remove " + cache + ": " + LaunchException.reason(e), e);
        }
    }
}
