// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.spi.ProtocolHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mounts {@link ProtocolHandler} services; what goes is unpublished, drained, released. */
final class ProtocolBoard implements ServiceTrackerCustomizer<ProtocolHandler, Mount.Protocol> {
    private static final Logger log = LoggerFactory.getLogger(ProtocolBoard.class);

    private final BundleContext context;
    private final Mounts mounts;
    private final Duration drain;
    private @Nullable ServiceTracker<ProtocolHandler, Mount.Protocol> tracker;

    ProtocolBoard(BundleContext context, Mounts mounts, Duration drain) {
        this.context = context;
        this.mounts = mounts;
        this.drain = drain;
    }

    void open() {
        tracker = new ServiceTracker<>(context, ProtocolHandler.class, this);
        tracker.open();
    }

    void close() {
        if (tracker != null) {
            tracker.close();
        }
    }

    @Override
    public Mount.@Nullable Protocol addingService(ServiceReference<ProtocolHandler> reference) {
        ProtocolHandler handler = context.getService(reference);
        if (handler == null) {
            return null;
        }
        ClassLoader loader = reference.getBundle().adapt(BundleWiring.class).getClassLoader();
        List<Mount.Served> operations = handler.operations().stream().map(Mount.Served::of).toList();
        Mount.Protocol mount = new Mount.Protocol(handler.path(), handler, operations, loader, new InFlight());
        mounts.swap(List.of(), List.of(mount));
        return mount;
    }

    @Override
    public void modifiedService(ServiceReference<ProtocolHandler> reference, Mount.Protocol mount) {
        // path and operations are constant
    }

    @Override
    public void removedService(ServiceReference<ProtocolHandler> reference, Mount.Protocol mount) {
        mounts.swap(List.of(mount), List.of());
        if (!mount.inFlight().drain(drain)) {
            log.warn("{} was taken away with {} requests at work", mount.path(), mount.inFlight().inside());
        }
        context.ungetService(reference);
    }
}
