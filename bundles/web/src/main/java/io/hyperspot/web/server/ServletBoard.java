// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts the dispatcher of the OSGi Servlet Whiteboard below {@code /system}: the Felix web console
 * and its plugins are servlets. Nothing else is served from there, because a servlet declares no
 * posture.
 */
final class ServletBoard implements ServiceTrackerCustomizer<HttpServlet, Mount.Servlets> {
    private static final Logger log = LoggerFactory.getLogger(ServletBoard.class);
    private static final String PREFIX = "/system";

    private final BundleContext context;
    private final Mounts mounts;
    private final Server server;
    private @Nullable ServiceTracker<HttpServlet, Mount.Servlets> tracker;

    ServletBoard(BundleContext context, Mounts mounts, Server server) {
        this.context = context;
        this.mounts = mounts;
        this.server = server;
    }

    void open() throws Exception {
        Filter filter = context.createFilter("(&(objectClass=jakarta.servlet.http.HttpServlet)(http.felix.dispatcher=*))");
        tracker = new ServiceTracker<>(context, filter, this);
        tracker.open();
    }

    void close() {
        if (tracker != null) {
            tracker.close();
        }
    }

    @Override
    public Mount.@Nullable Servlets addingService(ServiceReference<HttpServlet> reference) {
        HttpServlet dispatcher = context.getService(reference);
        if (dispatcher == null) {
            return null;
        }
        ServletContextHandler handler = new ServletContextHandler(ServletContextHandler.SESSIONS);
        handler.setContextPath("/");
        handler.setServer(server);
        handler.getServletContext().setAttribute(BundleContext.class.getName(), context);
        ServletHolder holder = new ServletHolder(dispatcher);
        holder.setAsyncSupported(true);
        handler.addServlet(holder, "/*");
        Mount.Servlets mount = new Mount.Servlets(PREFIX, handler, new InFlight());
        try {
            handler.start();
            mounts.swap(List.of(), List.of(mount));
        } catch (Exception e) {
            throw new ProblemException(
                    ErrorCategory.INTERNAL, "SERVLETS", "the servlet context does not start", java.util.Map.of(), e);
        }
        return mount;
    }

    @Override
    public void modifiedService(ServiceReference<HttpServlet> reference, Mount.Servlets mount) {
        // nothing of it is used
    }

    @Override
    public void removedService(ServiceReference<HttpServlet> reference, Mount.Servlets mount) {
        mounts.swap(List.of(mount), List.of());
        try {
            mount.handler().stop();
        } catch (Exception e) {
            log.warn("the servlet context does not stop cleanly", e);
        }
        context.ungetService(reference);
    }
}
