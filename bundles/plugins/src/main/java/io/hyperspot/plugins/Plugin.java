// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.time.Instant;

/**
 * A file of the drop-in folder and what became of it.
 *
 * @param file its name in the folder
 * @param id the bundle's symbolic name; empty while unknown
 * @param version empty while unknown
 * @param sha256 of the file, hexadecimal; empty while unknown
 * @param reason empty when active, else what is wrong and what would mend it
 * @param since when it entered this state
 */
public record Plugin(
        String file, String id, String version, String sha256, PluginState state, String reason, Instant since) {
    static Plugin arriving(String file, Instant now) {
        return new Plugin(file, "", "", "", PluginState.ARRIVING, "", now);
    }

    Plugin of(PluginArchive archive) {
        return new Plugin(file, archive.id(), archive.version(), archive.sha256(), state, reason, since);
    }

    Plugin in(PluginState next, String why, Instant now) {
        return new Plugin(file, id, version, sha256, next, why, now);
    }
}
