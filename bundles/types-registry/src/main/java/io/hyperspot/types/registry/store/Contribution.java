// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.types.registry.engine.Document;
import java.util.List;
import java.util.Map;

/**
 * What one bundle brings: all its documents, or none of them and the problems that stop them.
 *
 * @param documents by the file each stands in
 */
public record Contribution(Owner.OfBundle owner, Map<String, Document> documents, List<Problem> problems) {
    public Contribution {
        documents = problems.isEmpty() ? Map.copyOf(documents) : Map.of();
        problems = List.copyOf(problems);
    }

    public boolean isEmpty() {
        return documents.isEmpty() && problems.isEmpty();
    }
}
