// SPDX-License-Identifier: Apache-2.0
package acme.swap;

import io.hyperspot.modkit.HealthContributor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The health of a version: up, never up, or up for a while. */
@Component(immediate = true, service = HealthContributor.class)
public final class SwapHealth implements HealthContributor {
    private final Behaviour behaviour = new Behaviour();
    private final long begin = System.nanoTime();

    @Activate
    public SwapHealth() {}

    @Override
    public String name() {
        return "acme-swap";
    }

    @Override
    public Health health() {
        if (behaviour.is("health", "down")) {
            return Health.down("its backend was never there");
        }
        long after = behaviour.number("health_down_after_ms");
        return after > 0 && System.nanoTime() - begin > after * 1_000_000
                ? Health.down("its backend has gone")
                : Health.up();
    }
}
