// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts.registry;

import org.osgi.annotation.versioning.ConsumerType;

/** Told when the registry changed: registered as an OSGi service by whoever wants to know. */
@ConsumerType
@FunctionalInterface
public interface TypesRegistryListener {
    /**
     * Called after every change, on the thread that caused it; must not block. Calls may overtake
     * each other: compare the generations, or read {@link TypesRegistry#snapshot()} instead.
     */
    void changed(TypesRegistry.Snapshot snapshot);
}
