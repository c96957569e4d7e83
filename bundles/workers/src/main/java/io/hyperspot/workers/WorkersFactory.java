// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.worker.Workers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** One for each gateway bundle, whose context it uses. */
@Component(service = Workers.Factory.class, scope = ServiceScope.BUNDLE)
public final class WorkersFactory implements Workers.Factory {
    private final AdmissionBoard board;
    private final BundleContext context;
    private final List<Workers<?>> opened = new CopyOnWriteArrayList<>();

    @Activate
    public WorkersFactory(ComponentContext component, @Reference AdmissionBoard board) {
        this(component.getUsingBundle().getBundleContext(), board);
    }

    WorkersFactory(BundleContext context, AdmissionBoard board) {
        this.context = context;
        this.board = board;
    }

    @Override
    public <T> Workers<T> open(Class<T> service, String type, Function<T, String> key) {
        GtsId id = GtsId.parse(type);
        if (!id.isType()) {
            throw new IllegalArgumentException("workers are of a type, which ends with '~'; got " + type);
        }
        TrackedWorkers<T> workers = new TrackedWorkers<>(board, context, service, GtsPattern.of(id), key);
        opened.add(workers);
        workers.open();
        return workers;
    }

    /** Closing twice is harmless, so workers that were closed before are not taken out. */
    @Deactivate
    public void stop() {
        opened.forEach(Workers::close);
    }
}
