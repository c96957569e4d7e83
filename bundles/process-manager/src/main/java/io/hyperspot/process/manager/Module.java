// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager;

import io.hyperspot.modkit.HealthReport;
import java.util.List;

/**
 * A module, a connector or a plugin: a bundle that does something.
 *
 * @param id its symbolic name
 * @param state of the bundle: installed, resolved, starting, stopping, active
 * @param kind what it is in the product
 * @param needs ids of the modules without which a component of it does not work, in order
 * @param neededBy ids of the modules that need it, in order
 * @param workers GTS instance ids that it offers
 * @param health what its parts say
 */
public record Module(
        String id,
        String version,
        String state,
        Kind kind,
        List<String> needs,
        List<String> neededBy,
        List<String> workers,
        List<HealthReport> health) {

    /** What a module is in the product. */
    public enum Kind {
        /** The server does not work, or cannot be reached, without it. */
        ESSENTIAL,
        MODULE,
        /** Came as a JAR into the drop-in folder, and is handled there. */
        PLUGIN
    }

    public Module {
        needs = List.copyOf(needs);
        neededBy = List.copyOf(neededBy);
        workers = List.copyOf(workers);
        health = List.copyOf(health);
    }
}
