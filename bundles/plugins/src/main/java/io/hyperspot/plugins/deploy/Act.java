// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.plugins.archive.PluginArchive;
import io.hyperspot.security.TenantId;
import java.util.Map;

/** Something that is done with a plugin, for the trail of the root tenant, to which the platform belongs. */
record Act(String actor, String action, String plugin, Map<String, String> details) {
    /** Who puts files into the drop-in folder is not known. */
    static final String FOLDER = "system:drop-in-folder";

    static Act install(String actor, PluginArchive archive) {
        return new Act(
                actor,
                "plugin.install",
                archive.id(),
                Map.of("version", archive.version().toString(), "sha256", archive.sha256()));
    }

    AuditEvent event(AuditEvent.Outcome outcome) {
        return new AuditEvent(TenantId.ROOT, actor, action, plugin, outcome, details);
    }
}
