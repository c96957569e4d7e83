// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import java.util.List;

/**
 * What one bundle brings: all its documents, or none of them and the problems that stopped them.
 *
 * @param bundle the bundle's id in the framework
 * @param owner symbolic name and version
 */
record Contribution(long bundle, String owner, List<Document> documents, List<Problem> problems) {
    Contribution {
        documents = problems.isEmpty() ? List.copyOf(documents) : List.of();
        problems = List.copyOf(problems);
    }

    boolean isEmpty() {
        return documents.isEmpty() && problems.isEmpty();
    }
}
