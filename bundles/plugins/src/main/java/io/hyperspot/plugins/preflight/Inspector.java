// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import io.hyperspot.plugins.Preflight;
import io.hyperspot.plugins.archive.PluginArchive;
import java.util.List;

/** Says what would come of installing a plugin. Thread-safe. */
public final class Inspector {
    /**
     * Looks at a plugin.
     *
     * @param replaces the version that serves now; empty when none does
     */
    public Preflight inspect(PluginArchive archive, String replaces) {
        return new Preflight(
                archive.id(),
                archive.version().toString(),
                archive.sha256(),
                archive.size(),
                replaces,
                0,
                archive.workers(),
                List.of());
    }

    /** The report on a file that is no plugin. */
    public static Preflight unusable(String reason) {
        return new Preflight(
                "",
                "",
                "",
                0,
                "",
                0,
                List.of(),
                List.of(new Preflight.Finding(Preflight.Severity.ERROR, "NO_PLUGIN", "a plugin; " + reason, "", "")));
    }
}
