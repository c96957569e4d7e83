// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.lang.reflect.Method;
import java.net.URI;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.jspecify.annotations.Nullable;

/**
 * The REST resources of one bundle as one Jersey application. The application is built at its first
 * request: most of a start's time would otherwise go into applications that nobody asks yet. What
 * can be refused (posture) is checked in the constructor.
 */
final class JerseyApplication {
    private static final String VISIT = "io.hyperspot.web.visit";
    private static final String GATE = "io.hyperspot.web.gate";
    static final String CALLER = "io.hyperspot.web.caller";

    private final List<Object> resources;
    private final List<Object> extensions;
    private final Map<Method, Posture> postures = new HashMap<>();
    private final ObjectMapper json;
    private final Problems problems;
    private final ReentrantLock building = new ReentrantLock();
    private volatile @Nullable ApplicationHandler built;

    /**
     * @throws IllegalArgumentException when a resource does not declare its posture
     */
    JerseyApplication(List<Object> resources, List<Object> extensions, ObjectMapper json, Problems problems) {
        this.resources = List.copyOf(resources);
        this.extensions = List.copyOf(extensions);
        this.json = json;
        this.problems = problems;
        for (Object resource : resources) {
            postures.putAll(postures(resource.getClass()));
        }
    }

    /**
     * The postures of a resource's operations.
     *
     * @throws IllegalArgumentException when the class does not declare them, or is no resource
     */
    static Map<Method, Posture> postures(Class<?> resource) {
        Map<Method, Posture> found = new HashMap<>();
        for (Method method : ResourceMethods.of(resource)) {
            found.put(method, Posture.of(resource, method));
        }
        return found;
    }

    /** The literal prefixes of the resources' paths, each a mount. */
    List<String> prefixes() {
        List<String> prefixes = new ArrayList<>();
        for (Object resource : resources) {
            String prefix = ResourceMethods.prefix(resource.getClass());
            if (!prefixes.contains(prefix)) {
                prefixes.add(prefix);
            }
        }
        return prefixes;
    }

    void handle(JettyExchange exchange, Gate gate, int maxBodyBytes, Chain.Visit visit) throws Exception {
        ApplicationHandler handler = handler();
        Request request = exchange.request();
        HttpURI uri = request.getHttpURI();
        URI base = URI.create(uri.getScheme() + "://" + uri.getAuthority() + "/");
        String query = uri.getQuery();
        URI full = uri(base + uri.getCanonicalPath().substring(1) + (query == null ? "" : "?" + query));
        var jersey = new ContainerRequest(base, full, request.getMethod(), new NoSecurity(), new MapPropertiesDelegate(), handler.getConfiguration());
        for (HttpField field : request.getHeaders()) {
            jersey.header(field.getName(), field.getValue());
        }
        jersey.setProperty(VISIT, visit);
        jersey.setProperty(GATE, gate);
        exchange.limitBody(maxBodyBytes);
        jersey.setEntityStream(exchange.bodyStream());
        JerseyAnswer answer = new JerseyAnswer(exchange);
        jersey.setWriter(answer);
        handler.handle(jersey);
        answer.await();
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_URI",
                    "the path or the query has a character that must be percent-encoded",
                    Map.of(),
                    e);
        }
    }

    private ApplicationHandler handler() {
        ApplicationHandler ready = built;
        if (ready != null) {
            return ready;
        }
        building.lock();
        try {
            if (built == null) {
                built = build();
            }
            return java.util.Objects.requireNonNull(built);
        } finally {
            building.unlock();
        }
    }

    private ApplicationHandler build() {
        ResourceConfig config = new ResourceConfig();
        config.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        config.property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
        config.property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
        config.property(ServerProperties.BV_FEATURE_DISABLE, true);
        config.register(new JacksonJsonProvider(json));
        config.register(new ProblemMapper(problems));
        config.register(new PostureFilter(postures));
        config.register(new SelectFilter(json));
        config.register(new CallerBinder());
        extensions.forEach(config::register);
        resources.forEach(config::register);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ApplicationHandler.class.getClassLoader());
        try {
            return new ApplicationHandler(config);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Authenticates and authorizes as the matched method declares. */
    private static final class PostureFilter implements ContainerRequestFilter {
        private final Map<Method, Posture> postures;

        PostureFilter(Map<Method, Posture> postures) {
            this.postures = postures;
        }

        @Override
        public void filter(ContainerRequestContext context) {
            var matched = ((ExtendedUriInfo) context.getUriInfo()).getMatchedResourceMethod();
            Method method = matched.getInvocable().getHandlingMethod();
            Posture posture = postures.get(method);
            if (posture == null && context.getMethod().equals("OPTIONS")) {
                // the framework's own answer, the methods of the path
                return;
            }
            if (posture == null) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED, "NO_POSTURE", "the operation " + method.getName() + " does not declare who may call it");
            }
            Chain.Visit visit = (Chain.Visit) context.getProperty(VISIT);
            visit.operation = ResourceMethods.template(method);
            SecurityContext caller = ((Gate) context.getProperty(GATE)).pass(visit.exchange.request(), posture);
            visit.calledBy(caller);
            context.setProperty(CALLER, caller);
        }
    }

    /** Lets resource methods take {@code @Context SecurityContext}. */
    private static final class CallerBinder extends AbstractBinder {
        @Override
        protected void configure() {
            bindFactory(CallerSupplier.class).to(SecurityContext.class);
        }
    }

    /** Gives the caller of the current request. */
    static final class CallerSupplier implements Supplier<SecurityContext> {
        private final Provider<ContainerRequestContext> request;

        @Inject
        CallerSupplier(Provider<ContainerRequestContext> request) {
            this.request = request;
        }

        @Override
        public SecurityContext get() {
            return (SecurityContext) request.get().getProperty(CALLER);
        }
    }

    /** The Jakarta security context says nothing: ours is the explicit parameter. */
    private static final class NoSecurity implements jakarta.ws.rs.core.SecurityContext {
        @Override
        @SuppressWarnings("NullAway") // the specification: null when not authenticated
        public Principal getUserPrincipal() {
            return null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public String getAuthenticationScheme() {
            return "bearer";
        }
    }
}
