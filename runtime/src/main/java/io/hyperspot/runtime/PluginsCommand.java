// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hyperspot plugins}. */
@Command(name = "plugins", mixinStandardHelpOptions = true, description = "Show the plugins of the folder <home>/plugins.")
final class PluginsCommand {
    @Spec
    private @Nullable CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List every file of the folder with its state.")
    int list(@Mixin HomeOption place, @Mixin ServerApi server) throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        JsonNode items = server.call(place.resolve(), "GET", "/plugins/v1/plugins", null).path("items");
        if (items.isEmpty()) {
            out.println("no plugins: copy a connector's JAR into " + place.resolve().plugins());
        }
        for (JsonNode plugin : items) {
            out.printf(
                    Locale.ROOT,
                    "%-9s %-40s %-16s %s%n",
                    plugin.path("state").asText(),
                    plugin.path("id").asText("-"),
                    plugin.path("version").asText("-"),
                    plugin.path("file").asText());
            if (plugin.hasNonNull("reason")) {
                out.println("          " + plugin.path("reason").asText().replace("\n", "\n          "));
            }
        }
        return 0;
    }
}
