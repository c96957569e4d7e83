// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistryListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as an extender: follows the resolved bundles and registers their documents, one atomic
 * change a bundle. Types are as inert as exported packages, so they stay while a bundle is stopped.
 *
 * <p>Immediate: workers wait for their types, so they should be known as early as possible.
 */
@Component(service = TypesRegistry.class, immediate = true)
public final class BundleTypesRegistry implements TypesRegistry, BundleTrackerCustomizer<Contribution> {
    private static final Logger log = LoggerFactory.getLogger(BundleTypesRegistry.class);
    private static final String FOLDER = "META-INF/gts";
    private static final int RESOLVED = Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;

    private final BundleContext context;
    private final DocumentReader reader = new DocumentReader();
    private final ReentrantLock change = new ReentrantLock();
    private final Map<Long, Contribution> contributions = new LinkedHashMap<>();
    private final BundleTracker<Contribution> tracker;
    private volatile Generation current = Generation.NONE;
    private volatile boolean opened;

    @Activate
    public BundleTypesRegistry(BundleContext context) {
        this.context = context;
        tracker = new BundleTracker<>(context, RESOLVED, this);
        tracker.open();
        // Only now: a listener is usually a component that needs this service to be activated.
        opened = true;
    }

    @Deactivate
    public void stop() {
        opened = false;
        tracker.close();
    }

    @Override
    public Snapshot snapshot() {
        return current;
    }

    @Override
    public Contribution addingBundle(Bundle bundle, @Nullable BundleEvent event) {
        Contribution contribution = read(bundle);
        if (!contribution.isEmpty()) {
            apply(() -> contributions.put(bundle.getBundleId(), contribution));
            report(contribution);
        }
        return contribution;
    }

    @Override
    public void modifiedBundle(Bundle bundle, @Nullable BundleEvent event, Contribution contribution) {}

    @Override
    public void removedBundle(Bundle bundle, @Nullable BundleEvent event, Contribution contribution) {
        if (!contribution.isEmpty()) {
            apply(() -> contributions.remove(bundle.getBundleId(), contribution));
        }
    }

    private void report(Contribution contribution) {
        List<Problem> problems = current.problems().stream()
                .filter(problem -> problem.owner().equals(contribution.owner()))
                .toList();
        for (Problem problem : problems) {
            log.warn(
                    "the types of {} are not registered: {}{}: {}",
                    problem.owner(),
                    problem.file(),
                    problem.pointer().isEmpty() ? "" : "#" + problem.pointer(),
                    problem.reason());
        }
        if (problems.isEmpty()) {
            log.debug("{} contributes {} types and instances", contribution.owner(), contribution.documents().size());
        }
    }

    private void apply(Runnable edit) {
        Generation next;
        change.lock();
        try {
            edit.run();
            next = current.next(contributions.values());
            current = next;
        } finally {
            change.unlock();
        }
        if (opened) {
            tell(next);
        }
    }

    /** Looks the listeners up at each change, which is rare, so that none is kept alive meanwhile. */
    private void tell(Generation generation) {
        Collection<ServiceReference<TypesRegistryListener>> listeners;
        try {
            listeners = context.getServiceReferences(TypesRegistryListener.class, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter that could be wrong", e);
        }
        for (ServiceReference<TypesRegistryListener> reference : listeners) {
            TypesRegistryListener listener = context.getService(reference);
            if (listener == null) {
                continue;
            }
            try {
                listener.changed(generation);
            } catch (RuntimeException e) {
                log.warn("a listener of the types registry failed on generation {}", generation.generation(), e);
            } finally {
                context.ungetService(reference);
            }
        }
    }

    private Contribution read(Bundle bundle) {
        String owner = bundle.getSymbolicName() + " " + bundle.getVersion();
        List<Document> documents = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (URL url : files(bundle)) {
            String file = url.getPath().startsWith("/") ? url.getPath().substring(1) : url.getPath();
            try (InputStream in = url.openStream()) {
                documents.add(reader.read(owner, file, in.readNBytes(DocumentReader.MAX_BYTES + 1)));
            } catch (DocumentException e) {
                problems.add(new Problem(owner, file, e.pointer(), e.reason()));
            } catch (IOException e) {
                problems.add(new Problem(owner, file, "", "not readable: " + e.getMessage()));
            }
        }
        return new Contribution(bundle.getBundleId(), owner, documents, problems);
    }

    private static List<URL> files(Bundle bundle) {
        Enumeration<URL> found = bundle.findEntries(FOLDER, "*.json", false);
        if (found == null) {
            return List.of();
        }
        List<URL> files = new ArrayList<>(Collections.list(found));
        files.sort(Comparator.comparing(URL::getPath));
        return files;
    }
}
