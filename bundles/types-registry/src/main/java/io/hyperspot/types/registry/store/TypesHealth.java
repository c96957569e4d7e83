// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.modkit.HealthContributor;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells operators of documents of bundles that were refused, and of stored ones that cannot be loaded. */
@Component
public final class TypesHealth implements HealthContributor {
    private final Registry registry;

    @Activate
    public TypesHealth(@Reference Registry registry) {
        this.registry = registry;
    }

    @Override
    public String name() {
        return "types-registry";
    }

    @Override
    public Health health() {
        if (!registry.trouble().isEmpty()) {
            return Health.down(registry.trouble());
        }
        List<Problem> problems = registry.problems();
        if (problems.isEmpty()) {
            return Health.up();
        }
        return Health.degraded(problems.stream()
                .map(problem -> "the types of " + problem.owner() + " are not registered: " + problem.file() + ": "
                        + problem.reason())
                .collect(Collectors.joining("; ")));
    }
}
