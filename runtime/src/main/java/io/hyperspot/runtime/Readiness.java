// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What the bundles say about being ready. They tell by two services of JDK types, so that the
 * launcher needs none of their classes: a {@code Supplier<List<String>>} with {@code
 * hyperspot.readiness=true} gives what is missing, a {@code URI} with {@code hyperspot.web=true}
 * the address.
 */
final class Readiness {
    private final BundleContext context;

    Readiness(BundleContext context) {
        this.context = context;
    }

    /** Waits until nothing is missing or the deadline passes; returns what is still missing. */
    List<String> await(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        List<String> missing = missing();
        while (!missing.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(10);
            missing = missing();
        }
        return missing;
    }

    private List<String> missing() {
        var reference = find(Supplier.class, "(hyperspot.readiness=true)");
        if (reference == null) {
            return List.of("the observability bundle has not started");
        }
        Supplier<?> supplier = context.getService(reference);
        if (supplier == null) {
            return List.of("the observability bundle is stopping");
        }
        try {
            return ((List<?>) supplier.get()).stream().map(String::valueOf).toList();
        } finally {
            context.ungetService(reference);
        }
    }

    /** The server's address. */
    URI baseUrl() {
        var reference = find(URI.class, "(hyperspot.web=true)");
        URI url = reference == null ? null : context.getService(reference);
        return url == null ? URI.create("http://127.0.0.1:8087") : url;
    }

    private <T> @org.jspecify.annotations.Nullable ServiceReference<T> find(Class<T> type, String filter) {
        try {
            return context.getServiceReferences(type, filter).stream().findFirst().orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
