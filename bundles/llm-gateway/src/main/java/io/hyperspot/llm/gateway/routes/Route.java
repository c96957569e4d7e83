// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import io.hyperspot.llm.ModelId;
import io.hyperspot.modkit.HealthContributor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One name for several models. With settings that cannot be used it is there, without models, and tells. Immutable. */
@Component(
        service = {Route.class, HealthContributor.class},
        configurationPid = "llm-route",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RouteConfig.class, factory = true)
public final class Route implements HealthContributor {
    private final String name;
    private final List<ModelId> models;
    private final String strategy;
    private final int[] weights;
    private final String trouble;

    @Activate
    public Route(RouteConfig config, Map<String, Object> properties) {
        name = properties.get("instance.name") instanceof String given ? given : "default";
        strategy = config.strategy();
        weights = config.weights().clone();
        List<ModelId> read = List.of();
        String wrong = "";
        try {
            read = models(config);
        } catch (IllegalArgumentException e) {
            wrong = String.valueOf(e.getMessage());
        }
        models = read;
        trouble = wrong;
    }

    private static List<ModelId> models(RouteConfig config) {
        List<ModelId> models = new ArrayList<>();
        for (String text : config.models()) {
            ModelId id = ModelId.parse(text);
            if (id.provider().equals(Routes.PROVIDER)) {
                throw new IllegalArgumentException("'" + text + "' is a route itself; name models");
            }
            models.add(id);
        }
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models names none");
        }
        int[] weights = config.weights();
        if (weights.length > 0 && weights.length != models.size()) {
            throw new IllegalArgumentException("there are " + weights.length + " weights for " + models.size() + " models");
        }
        if (Arrays.stream(weights).anyMatch(weight -> weight < 0)) {
            throw new IllegalArgumentException("weights must not be negative");
        }
        return List.copyOf(models);
    }

    String route() {
        return name;
    }

    /** What is wrong with its settings; empty: nothing. */
    String trouble() {
        return trouble;
    }

    List<ModelId> models() {
        return models;
    }

    /** Its models in the order in which they are to be asked now. */
    List<ModelId> order(Latencies latencies, RandomGenerator random) {
        if (models.size() < 2) {
            return models;
        }
        return switch (strategy) {
            case "weighted" -> weighted(random);
            case "fastest" ->
                models.stream().sorted(Comparator.comparingLong(latencies::of)).toList();
            default -> models;
        };
    }

    /** Each place is drawn from those that are left. */
    private List<ModelId> weighted(RandomGenerator random) {
        List<Weighted> left = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            left.add(new Weighted(models.get(i), weights.length == 0 ? 1 : weights[i]));
        }
        List<ModelId> order = new ArrayList<>();
        while (!left.isEmpty()) {
            Weighted drawn = draw(left, random);
            left.remove(drawn);
            order.add(drawn.model());
        }
        return order;
    }

    private record Weighted(ModelId model, int weight) {}

    private static Weighted draw(List<Weighted> left, RandomGenerator random) {
        long sum = left.stream().mapToLong(Weighted::weight).sum();
        long draw = sum == 0 ? 0 : random.nextLong(sum);
        for (Weighted one : left) {
            draw -= one.weight();
            if (draw < 0) {
                return one;
            }
        }
        return left.getFirst();
    }

    @Override
    public String name() {
        return "llm-route-" + name;
    }

    @Override
    public Health health() {
        return trouble.isEmpty() ? Health.up() : Health.degraded(trouble + "; set modules.llm-route.instances." + name);
    }

    /** For logs. */
    @Override
    public String toString() {
        return "route " + name;
    }
}
