// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts Jakarta REST whiteboard services (OSGi Compendium 151): the resources and extensions of one
 * bundle are one application, swapped in one step. A resource that is refused is named, and leaves
 * all others alone. What goes is first unpublished, then drained, then released.
 */
final class ResourceBoard implements ServiceTrackerCustomizer<Object, Object> {
    private static final Logger log = LoggerFactory.getLogger(ResourceBoard.class);

    private static final class Group {
        final Map<ServiceReference<?>, Object> resources = new LinkedHashMap<>();
        final Map<ServiceReference<?>, Object> extensions = new LinkedHashMap<>();
        List<Mount.Resources> mounts = List.of();
    }

    private final BundleContext context;
    private final Mounts mounts;
    private final ObjectMapper json;
    private final Problems problems;
    private final Duration drain;
    private final Map<Bundle, Group> groups = new HashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();
    private @Nullable ServiceTracker<Object, Object> tracker;

    ResourceBoard(BundleContext context, Mounts mounts, ObjectMapper json, Problems problems, Duration drain) {
        this.context = context;
        this.mounts = mounts;
        this.json = json;
        this.problems = problems;
        this.drain = drain;
    }

    void open(Filter filter) {
        tracker = new ServiceTracker<>(context, filter, this);
        tracker.open();
    }

    void close() {
        if (tracker != null) {
            tracker.close();
        }
    }

    /** Symbolic names of bundles whose resources were refused, and why. */
    Map<String, String> refusals() {
        return Map.copyOf(refusals);
    }

    @Override
    public @Nullable Object addingService(ServiceReference<Object> reference) {
        Object service = context.getService(reference);
        if (service != null) {
            change(reference.getBundle(), group -> members(group, reference).put(reference, service));
        }
        return service;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, Object service) {
        // postures and paths are annotations: a change of properties changes nothing
    }

    @Override
    public void removedService(ServiceReference<Object> reference, Object service) {
        Bundle bundle = reference.getBundle();
        if (bundle == null) {
            bundle = owner(reference);
        }
        if (bundle != null) {
            List<Mount.Resources> old = change(bundle, group -> members(group, reference).remove(reference));
            for (Mount.Resources mount : old) {
                if (!mount.inFlight().drain(drain)) {
                    log.warn("{} was taken away with {} requests at work", mount.path(), mount.inFlight().inside());
                }
            }
        }
        context.ungetService(reference);
    }

    private synchronized @Nullable Bundle owner(ServiceReference<?> reference) {
        for (Map.Entry<Bundle, Group> entry : groups.entrySet()) {
            if (members(entry.getValue(), reference).containsKey(reference)) {
                return entry.getKey();
            }
        }
        return null;
    }

    private static Map<ServiceReference<?>, Object> members(Group group, ServiceReference<?> reference) {
        return reference.getProperty("osgi.jakartars.extension") != null ? group.extensions : group.resources;
    }

    /** Rebuilds a bundle's application; returns the mounts that were replaced. */
    private synchronized List<Mount.Resources> change(Bundle bundle, java.util.function.Consumer<Group> edit) {
        Group group = groups.computeIfAbsent(bundle, b -> new Group());
        edit.accept(group);
        List<Mount.Resources> before = group.mounts;
        List<Mount.Resources> after = build(bundle, group);
        mounts.swap(before, after);
        group.mounts = after;
        if (group.resources.isEmpty() && group.extensions.isEmpty()) {
            groups.remove(bundle);
        }
        return before;
    }

    private List<Mount.Resources> build(Bundle bundle, Group group) {
        refusals.remove(bundle.getSymbolicName());
        List<Mount.Resources> built = new ArrayList<>();
        List<Object> resources = admitted(bundle, group);
        if (!resources.isEmpty()) {
            try {
                JerseyApplication application = new JerseyApplication(
                        resources, List.copyOf(group.extensions.values()), json, problems);
                for (String prefix : application.prefixes()) {
                    built.add(new Mount.Resources(prefix, application, new InFlight()));
                }
            } catch (IllegalArgumentException | LinkageError e) {
                refuse(bundle, e);
            }
        }
        return built;
    }

    /** The resources that declare who may call them; the others are named and left out. */
    private List<Object> admitted(Bundle bundle, Group group) {
        List<Object> admitted = new ArrayList<>();
        for (Object resource : group.resources.values()) {
            try {
                JerseyApplication.declarations(resource.getClass());
                admitted.add(resource);
            } catch (IllegalArgumentException | LinkageError e) {
                refuse(bundle, e);
            }
        }
        return admitted;
    }

    private void refuse(Bundle bundle, Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        refusals.merge(bundle.getSymbolicName(), reason, (first, next) -> first + "; " + next);
        log.error("REST resources of {} are refused: {}", bundle.getSymbolicName(), reason);
    }
}
