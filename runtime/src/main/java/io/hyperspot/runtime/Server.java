// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * A running server: the container of an installation on a home. Bundles tell of their state by two
 * services of JDK types, so that the launcher needs none of their classes: a {@code
 * Supplier<List<String>>} with {@code hyperspot.readiness=true} gives what is missing, a {@code URI}
 * with {@code hyperspot.web=true} the address. Thread-safe.
 */
public final class Server implements AutoCloseable {
    private static final URI UNKNOWN = URI.create("http://127.0.0.1:8087");

    private final Container container;
    private final Home home;

    private Server(Container container, Home home) {
        this.container = container;
        this.home = home;
    }

    /**
     * Starts every bundle of the installation; not all may be ready yet when this returns.
     *
     * @param installation the unpacked distribution
     * @param home the folder of the server's state; created when it is not there
     * @param settings framework properties, for example {@code hyperspot.config}
     * @throws LaunchException when the server cannot start; the message says what to do
     */
    public static Server start(Path installation, Path home, Map<String, String> settings) {
        return start(new Installation(installation), new Home(home), settings);
    }

    static Server start(Installation installation, Home home, Map<String, String> settings) {
        home.create();
        try {
            Files.deleteIfExists(home.address());
        } catch (IOException e) {
            throw new LaunchException("cannot remove " + home.address() + ": " + LaunchException.reason(e), e);
        }
        Map<String, String> properties = new HashMap<>(settings);
        properties.put(Home.PROPERTY, home.root().toString());
        properties.put(Installation.PROPERTY, installation.root().toString());
        properties.putIfAbsent("hyperspot.config", home.configFile().toString());
        properties.putIfAbsent("hyperspot.config.explicit", "false");
        return new Server(Container.boot(installation, home.bundleCache(), properties, Container.START_DEADLINE), home);
    }

    /**
     * Waits until nothing is missing, the deadline passes, or a part has failed for good; returns what
     * is still missing, in words.
     */
    public List<String> awaitReady(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        List<String> missing = missing();
        while (!missing.isEmpty() && !failed(missing) && System.nanoTime() < end) {
            Thread.sleep(10);
            missing = missing();
        }
        publishAddress();
        return missing;
    }

    private static boolean failed(List<String> missing) {
        return missing.stream().anyMatch(reason -> reason.contains(" failed to start: "));
    }

    /** What is missing until every module can serve, in words; empty when ready. */
    public List<String> missing() {
        var reference = find(Supplier.class, "(hyperspot.readiness=true)");
        if (reference == null) {
            return List.of("the observability bundle has not started");
        }
        Supplier<?> supplier = context().getService(reference);
        if (supplier == null) {
            return List.of("the observability bundle is stopping");
        }
        try {
            return ((List<?>) supplier.get()).stream().map(String::valueOf).toList();
        } finally {
            context().ungetService(reference);
        }
    }

    /** Where the server listens. */
    public URI url() {
        var reference = find(URI.class, "(hyperspot.web=true)");
        URI url = reference == null ? null : context().getService(reference);
        return url == null ? UNKNOWN : url;
    }

    /** The packages that bundles get from the launcher, for whoever builds a container of their own. */
    public static String lentPackages() {
        return SharedPackages.header();
    }

    /** The framework's own bundle context. */
    public BundleContext context() {
        return container.context();
    }

    /** Lets the other commands find the server. */
    private void publishAddress() {
        try {
            Path temporary = home.address().resolveSibling(home.address().getFileName() + ".tmp");
            Files.writeString(temporary, url() + "\n");
            Files.move(temporary, home.address(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LaunchException("cannot write " + home.address() + ": " + e.getMessage(), e);
        }
    }

    void join() throws InterruptedException {
        container.join();
    }

    /** Stops everything in the reverse order; false when the deadline passed first. */
    public boolean stop(Duration deadline) {
        try {
            Files.deleteIfExists(home.address());
        } catch (IOException e) {
            // the next start writes it anew
        }
        return container.stop(deadline);
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }

    private <T> @Nullable ServiceReference<T> find(Class<T> type, String filter) {
        try {
            return context().getServiceReferences(type, filter).stream().findFirst().orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
