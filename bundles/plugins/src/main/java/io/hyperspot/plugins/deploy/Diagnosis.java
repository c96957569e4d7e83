// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.plugins.Plugin;

/** Tells an operator all that is known of a plugin. */
final class Diagnosis {
    private Diagnosis() {}

    static String text(Plugin plugin) {
        StringBuilder text = new StringBuilder();
        text.append(plugin.id().isEmpty() ? "File " + plugin.file() : "Plugin " + plugin.id() + " " + plugin.version());
        text.append(" is ").append(plugin.state()).append(" since ").append(plugin.since()).append(", ");
        text.append(plugin.inFlight()).append(" calls in flight.");
        if (!plugin.reason().isEmpty()) {
            text.append('\n').append(plugin.reason());
        }
        if (!plugin.versions().isEmpty()) {
            text.append("\nVersions");
        }
        for (Plugin.Version version : plugin.versions()) {
            text.append("\n  ").append(version.version()).append(' ').append(version.sha256(), 0, 12);
            text.append(' ').append(version.state());
            if (!version.release().isEmpty()) {
                text.append(", class loader ").append(version.release());
            }
            if (!version.reason().isEmpty()) {
                text.append(": ").append(version.reason().replace("\n", "\n    "));
            }
        }
        if (!plugin.steps().isEmpty()) {
            text.append("\nLast change");
        }
        for (Plugin.Step step : plugin.steps()) {
            text.append("\n  ").append(step.at()).append("  ").append(step.text());
        }
        return text.toString();
    }
}
