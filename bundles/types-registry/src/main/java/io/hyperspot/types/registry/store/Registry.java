// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

/** The registry as the other parts of this bundle use it. */
public interface Registry {
    /**
     * The state, once everything stored is known.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE before
     */
    Store store();
}
