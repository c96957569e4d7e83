// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import java.util.List;

/** The registry as the other parts of this bundle use it. */
public interface Registry {
    /**
     * The state, once everything stored is known.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE before
     */
    Store store();

    /** Why the stored documents are not there; empty when they are. */
    String trouble();

    /** Why documents of bundles are not registered. */
    List<Problem> problems();
}
