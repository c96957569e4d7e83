// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.modkit.HealthContributor;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells operators of documents that were refused. */
@Component
public final class TypesHealth implements HealthContributor {
    private final TypesRegistry registry;

    @Activate
    public TypesHealth(@Reference TypesRegistry registry) {
        this.registry = registry;
    }

    @Override
    public String name() {
        return "types-registry";
    }

    @Override
    public Health health() {
        List<Problem> problems = registry.snapshot().problems();
        if (problems.isEmpty()) {
            return Health.up();
        }
        return Health.degraded(problems.stream()
                .map(problem -> "the types of " + problem.owner() + " are not registered: " + problem.file() + ": "
                        + problem.reason())
                .collect(Collectors.joining("; ")));
    }
}
