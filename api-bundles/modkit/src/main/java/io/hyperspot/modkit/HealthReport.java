// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.lifecycle.BoundedStep;
import io.hyperspot.modkit.lifecycle.BoundedStep.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * What a contributor said when it was asked. One that cannot tell is DOWN, and does not hide what the
 * others say.
 *
 * @param name the contributor's, or its class's when it cannot even tell that
 */
public record HealthReport(String name, Health health) {
    /** The first question may start a component, and what hangs is interrupted. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final String COMPONENT = "component.name";

    /** Asks a contributor. */
    public static HealthReport of(HealthContributor contributor) {
        String name = contributor.getClass().getName();
        try {
            name = contributor.name();
            return new HealthReport(name, contributor.health());
        } catch (RuntimeException | LinkageError e) {
            return silent(name, "cannot tell its state: " + e);
        }
    }

    /**
     * Asks the contributors that a bundle has registered, which may start them. One that does not answer within
     * 5 s is DOWN.
     *
     * @param context of the one who asks
     */
    public static List<HealthReport> of(BundleContext context, Bundle bundle) {
        return of(context, bundle, PATIENCE);
    }

    static List<HealthReport> of(BundleContext context, Bundle bundle, Duration patience) {
        List<HealthReport> reports = new ArrayList<>();
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
            if (List.of((Object[]) service.getProperty(Constants.OBJECTCLASS)).contains(HealthContributor.class.getName())) {
                String name = service.getProperty(COMPONENT) instanceof String component ? component : bundle.getSymbolicName();
                HealthReport report = bounded(name, patience, () -> get(context, service));
                if (report != null) {
                    reports.add(report);
                }
            }
        }
        return reports;
    }

    /**
     * Asks a contributor that may hang: one that does not answer within 5 s is DOWN.
     *
     * @param name what it is called when it cannot tell that in time
     */
    public static HealthReport within(String name, HealthContributor contributor) {
        return Objects.requireNonNull(bounded(name, PATIENCE, () -> of(contributor)));
    }

    /** Null when the service has gone. */
    private static @Nullable HealthReport get(BundleContext context, ServiceReference<?> service) {
        Object object = context.getService(service);
        try {
            return object instanceof HealthContributor contributor ? of(contributor) : null;
        } finally {
            context.ungetService(service);
        }
    }

    private static @Nullable HealthReport bounded(
            String name, Duration patience, Supplier<@Nullable HealthReport> question) {
        AtomicReference<@Nullable HealthReport> answer = new AtomicReference<>();
        Outcome outcome = BoundedStep.run("health-" + name, patience, () -> answer.set(question.get()));
        return switch (outcome) {
            case Outcome.Done() -> answer.get();
            case Outcome.Failed(Throwable cause) -> silent(name, "cannot tell its state: " + cause);
            case Outcome.Hanging(String place) ->
                silent(name, "did not tell its state within " + patience.toMillis() + " ms; it hangs in " + place);
            case Outcome.Interrupted() -> silent(name, "was not asked to the end: the one who asks stops");
        };
    }

    private static HealthReport silent(String name, String reason) {
        return new HealthReport(name, Health.down(reason));
    }
}
