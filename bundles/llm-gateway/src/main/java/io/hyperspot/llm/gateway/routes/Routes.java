// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import io.hyperspot.llm.ModelId;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The routes that are configured now. Thread-safe; readers see one snapshot. */
public final class Routes {
    /** The first part of the ids of all routes. */
    public static final String PROVIDER = "route";

    private final Latencies latencies = new Latencies();
    private volatile Map<String, Route> byName = Map.of();

    public synchronized void add(Route route) {
        Map<String, Route> next = new HashMap<>(byName);
        next.put(route.route(), route);
        byName = Map.copyOf(next);
    }

    /** Takes a route out, unless another has taken its name. */
    public synchronized void remove(Route route) {
        Map<String, Route> next = new HashMap<>(byName);
        next.remove(route.route(), route);
        byName = Map.copyOf(next);
    }

    /** The ids of all routes with their models. */
    public Map<ModelId, List<ModelId>> all() {
        Map<ModelId, List<ModelId>> all = new HashMap<>();
        Collection<Route> routes = byName.values();
        routes.forEach(route -> all.put(new ModelId(PROVIDER, route.route()), route.models()));
        return all;
    }

    /**
     * The models to ask for one that was asked for, in their order; null: it is no route.
     *
     * @throws ProblemException UNAVAILABLE when the route's settings cannot be used
     */
    public @Nullable List<ModelId> order(ModelId asked) {
        if (!asked.provider().equals(PROVIDER)) {
            return null;
        }
        Route route = byName.get(asked.model());
        if (route == null) {
            return null;
        }
        if (!route.trouble().isEmpty()) {
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "ROUTE_MISCONFIGURED",
                    "the route '" + route.route() + "' cannot be used: " + route.trouble() + "; an operator must mend it");
        }
        return route.order(latencies, ThreadLocalRandom.current());
    }

    /** An answer has begun, so many nanoseconds after it was asked for. */
    public void began(ModelId model, long nanos) {
        latencies.began(model, nanos);
    }

    /** There was no answer. */
    public void failed(ModelId model) {
        latencies.failed(model);
    }
}
