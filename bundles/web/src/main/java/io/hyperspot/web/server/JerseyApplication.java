// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.lang.reflect.Method;
import java.net.URI;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
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
    private static final String LIMITS = "io.hyperspot.web.limits";
    private static final String REPEATS = "io.hyperspot.web.repeats";

    private final List<Object> resources;
    private final List<Object> extensions;
    private final Map<Method, Declaration> declarations = new HashMap<>();
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
            declarations.putAll(declarations(resource.getClass()));
        }
    }

    /**
     * What a resource's operations declare.
     *
     * @throws IllegalArgumentException when the class does not declare them, or is no resource
     */
    static Map<Method, Declaration> declarations(Class<?> resource) {
        Map<Method, Declaration> found = new HashMap<>();
        for (Method method : ResourceMethods.of(resource)) {
            found.put(method, Declaration.of(resource, method));
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

    void handle(Gate gate, Repeats repeats, ServerLimits limits, Visit visit) throws Exception {
        JettyExchange exchange = visit.exchange;
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
        jersey.setProperty(LIMITS, limits);
        jersey.setEntityStream(exchange.requestBody().stream());
        jersey.setProperty(REPEATS, repeats);
        JerseyAnswer answer = new JerseyAnswer(visit);
        jersey.setWriter(answer);
        handler.handle(jersey);
        answer.await();
    }

    static Visit visit(ContainerRequestContext request) {
        return (Visit) request.getProperty(VISIT);
    }

    static Gate gate(ContainerRequestContext request) {
        return (Gate) request.getProperty(GATE);
    }

    static Repeats repeats(ContainerRequestContext request) {
        return (Repeats) request.getProperty(REPEATS);
    }

    static ServerLimits limits(ContainerRequestContext request) {
        return (ServerLimits) request.getProperty(LIMITS);
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
        config.register(new DeclarationFilter(declarations));
        config.register(new SelectFilter(json));
        config.register(new BareProblemFilter(problems));
        config.register(new EntityPartsReader());
        config.register(new RequestBinder());
        extensions.forEach(config::register);
        config.register(new ResourceBinder(resources));
        resources.forEach(resource -> config.register(resource.getClass()));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ApplicationHandler.class.getClassLoader());
        try {
            ApplicationHandler application = new ApplicationHandler(config);
            resources.forEach(application.getInjectionManager()::inject);
            return application;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Gives the services themselves; registered as instances, Jersey would warn that they are no providers. */
    private static final class ResourceBinder extends AbstractBinder {
        private final List<Object> resources;

        ResourceBinder(List<Object> resources) {
            this.resources = resources;
        }

        @Override
        protected void configure() {
            for (Object resource : resources) {
                bind(resource).to(resource.getClass()).ranked(1);
            }
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
