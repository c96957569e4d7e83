// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Preflight;
import java.util.List;

/** What the page of plugins shows, as JSON. */
final class PluginsJson {
    private PluginsJson() {}

    static ArrayNode plugins(List<Plugin> plugins, List<Admission.Entry> workers) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        plugins.forEach(plugin -> array.add(plugin(plugin, workers)));
        return array;
    }

    private static ObjectNode plugin(Plugin plugin, List<Admission.Entry> workers) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", plugin.id())
                .put("file", plugin.file())
                .put("version", plugin.version())
                .put("sha256", plugin.sha256())
                .put("state", plugin.state().name())
                .put("reason", plugin.reason())
                .put("since", plugin.since().toString())
                .put("in_flight", plugin.inFlight());
        ArrayNode own = node.putArray("workers");
        workers.stream()
                .filter(worker -> !plugin.id().isEmpty() && worker.origin().startsWith(plugin.id() + " "))
                .forEach(worker -> own.add(worker(worker)));
        ArrayNode versions = node.putArray("versions");
        for (Plugin.Version version : plugin.versions()) {
            versions.addObject()
                    .put("version", version.version())
                    .put("sha256", version.sha256())
                    .put("state", version.state().name())
                    .put("reason", version.reason())
                    .put("since", version.since().toString())
                    .put("release", version.release());
        }
        ArrayNode steps = node.putArray("steps");
        for (Plugin.Step step : plugin.steps()) {
            steps.addObject().put("at", step.at().toString()).put("text", step.text());
        }
        return node;
    }

    /** By type, each in the order of selection. */
    static ArrayNode types(List<Admission.Entry> workers) {
        ArrayNode types = JsonNodeFactory.instance.arrayNode();
        String type = null;
        ArrayNode members = types;
        for (Admission.Entry worker : workers) {
            if (!worker.type().equals(type)) {
                type = worker.type();
                members = types.addObject().put("type", type).putArray("workers");
            }
            members.add(worker(worker));
        }
        return types;
    }

    private static ObjectNode worker(Admission.Entry worker) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("instance", worker.instance())
                .put("priority", worker.priority())
                .put("state", worker.state().name())
                .put("origin", worker.origin())
                .put("in_flight", worker.inFlight())
                .put("reason", worker.reason());
    }

    static ObjectNode preflight(Preflight report) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("accepted", report.accepted())
                .put("id", report.id())
                .put("version", report.version())
                .put("replaces", report.replaces())
                .put("text", report.text());
    }
}
