// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistryListener;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.lifecycle.Loading;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.Migration;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.GtsProfile;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as an extender and a service: follows the resolved bundles, each an atomic change. Types are
 * as inert as exported packages, so they stay while a bundle is stopped. The bundles that are resolved when
 * this starts are checked together; what tenants have stored is loaded on a thread of its own meanwhile.
 *
 * <p>Immediate: workers wait for their types, so they should be known as early as possible.
 */
@Component(
        service = {TypesRegistry.class, Registry.class},
        immediate = true,
        configurationPid = "types-registry",
        property = "gts.ready:Boolean=true")
@Designate(ocd = RegistryConfig.class)
public final class RegistryModule implements TypesRegistry, Registry, BundleTrackerCustomizer<Contribution> {
    private static final Logger log = LoggerFactory.getLogger(RegistryModule.class);
    private static final String MODULE = "types_registry";
    private static final int RESOLVED = Bundle.RESOLVED | Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING;

    private final BundleContext context;
    private final Store store;
    private final List<Contribution> atStart = new ArrayList<>();
    private final BundleTracker<Contribution> tracker;
    private final Loading loading;
    private final AtomicReference<@Nullable Tenants> tenants;
    private volatile boolean opened;
    private volatile String trouble = "the stored types are being loaded";

    @Activate
    public RegistryModule(BundleContext context, RegistryConfig config, @Reference Databases databases) {
        this(context, config, databases, new AtomicReference<>());
    }

    private RegistryModule(
            BundleContext context, RegistryConfig config, Databases databases, AtomicReference<@Nullable Tenants> tenants) {
        this(
                context,
                new Store(
                        new GtsEngine(profile(config.profile())),
                        new StoredDocuments(databases.open(MODULE, Migration.of(context.getBundle(), MODULE))),
                        Lineage.of(() -> tree(tenants.get())),
                        Clock.systemUTC(),
                        config.max__entities()),
                tenants);
    }

    RegistryModule(BundleContext context, Store store) {
        this(context, store, new AtomicReference<>());
    }

    private RegistryModule(BundleContext context, Store store, AtomicReference<@Nullable Tenants> tenants) {
        this.tenants = tenants;
        this.context = context;
        this.store = store;
        tracker = new BundleTracker<>(context, RESOLVED, this);
        tracker.open();
        List<Contribution> first = List.copyOf(atStart);
        store.contribute(first, List.of());
        report(first);
        store.onChange(this::tell);
        // Only now: a listener is usually a component that needs this service to be activated.
        opened = true;
        loading = Loading.start("types-registry-load", this::load, this::notLoaded);
    }

    private static @Nullable TenantTree tree(@Nullable Tenants current) {
        return current == null ? null : current.tree();
    }

    /** Optional, because the resolver's own workers are admitted by the types that are here. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTenants(Tenants next) {
        tenants.set(next);
    }

    void unbindTenants(Tenants gone) {
        tenants.compareAndSet(gone, null);
    }

    private static GtsProfile profile(String version) {
        return Arrays.stream(GtsProfile.values())
                .filter(profile -> profile.version().equals(version))
                .findFirst()
                .orElse(GtsProfile.V0_11);
    }

    @Deactivate
    public void stop() {
        opened = false;
        tracker.close();
        loading.close();
    }

    private void load() {
        store.load();
        trouble = "";
    }

    private void notLoaded(Exception reason, Duration pause) {
        trouble = "the stored types cannot be loaded: " + reason.getMessage();
        log.error("{}; trying again in {} ms", trouble, pause.toMillis(), reason);
    }

    @Override
    public Store store() {
        String reason = trouble;
        if (!reason.isEmpty()) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "TYPES_REGISTRY_NOT_READY", reason + ".");
        }
        return store;
    }

    @Override
    public String trouble() {
        return trouble;
    }

    @Override
    public List<Problem> problems() {
        return store.current().problems();
    }

    @Override
    public Snapshot snapshot() {
        Generation generation = store.current();
        return new EntitySnapshot(generation, generation.platformView(), store.engine());
    }

    @Override
    public Snapshot snapshot(TenantId tenant) {
        Generation generation = store().current();
        return new EntitySnapshot(generation, generation.view(tenant), store.engine());
    }

    @Override
    public Snapshot await(long number, Duration timeout) throws InterruptedException {
        Generation generation = store.await(number, timeout);
        return new EntitySnapshot(generation, generation.platformView(), store.engine());
    }

    @Override
    public Contribution addingBundle(Bundle bundle, @Nullable BundleEvent event) {
        Contribution contribution = BundleDocuments.read(bundle, store.engine());
        if (contribution.isEmpty()) {
            return contribution;
        }
        if (opened) {
            store.contribute(List.of(contribution), List.of());
            report(List.of(contribution));
        } else {
            atStart.add(contribution);
        }
        return contribution;
    }

    @Override
    public void modifiedBundle(Bundle bundle, @Nullable BundleEvent event, Contribution contribution) {}

    @Override
    public void removedBundle(Bundle bundle, @Nullable BundleEvent event, Contribution contribution) {
        if (!contribution.isEmpty()) {
            store.contribute(List.of(), List.of(bundle.getBundleId()));
        }
    }

    private void report(List<Contribution> contributions) {
        List<Problem> problems = store.current().problems();
        for (Contribution contribution : contributions) {
            for (Problem problem : problems) {
                if (problem.owner().equals(contribution.owner().name())) {
                    log.warn(
                            "the types of {} are not registered: {}{}: {}",
                            problem.owner(),
                            problem.file(),
                            problem.pointer().isEmpty() ? "" : "#" + problem.pointer(),
                            problem.reason());
                }
            }
        }
    }

    /** Looks the listeners up at each change, which is rare, so that none is kept alive meanwhile. */
    private void tell(Generation generation) {
        if (!opened) {
            return;
        }
        Snapshot snapshot = new EntitySnapshot(generation, generation.platformView(), store.engine());
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
                listener.changed(snapshot);
            } catch (RuntimeException e) {
                log.warn("a listener of the types registry failed on generation {}", generation.number(), e);
            } finally {
                context.ungetService(reference);
            }
        }
    }
}
