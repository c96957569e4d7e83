// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot plugins}. */
@Command(
        name = "plugins",
        mixinStandardHelpOptions = true,
        description = "Check, show, install, upgrade and roll back plugins while the server runs.",
        subcommands = CheckCommand.class)
final class PluginsCommand {
    private static final String BASE = "/plugins/v1/";

    @Spec
    private @Nullable CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List every plugin and its state.")
    int list(@Mixin HomeOption place, @Mixin ServerApi server) throws InterruptedException {
        JsonNode items = server.call(place.resolve(), "GET", BASE + "plugins?$top=1000", null).path("items");
        if (items.isEmpty()) {
            out().println("no plugins: copy a connector's JAR into " + place.resolve().plugins());
        }
        items.forEach(this::row);
        return 0;
    }

    @Command(
            name = "install",
            aliases = "upgrade",
            mixinStandardHelpOptions = true,
            description = "Install a plugin, or upgrade it beside the version that serves. Returns when the new version serves.")
    int install(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(paramLabel = "JAR", description = "The plugin.") Path jar,
            @Option(
                            names = "--canary",
                            paramLabel = "PERCENT",
                            description = "Try it with a share of the requests first, for example 10%%; then 'plugins canary'.")
                    @Nullable String canary,
            @Option(names = "--tenant", paramLabel = "ID", description = "Try it with all requests of a tenant; may be repeated.")
                    @Nullable List<String> tenants)
            throws InterruptedException {
        if (!Files.isRegularFile(jar)) {
            throw new LaunchException("there is no file " + jar);
        }
        StringBuilder query = new StringBuilder("?");
        if (canary != null || tenants != null) {
            query.append("percent=").append(percent(canary == null ? "0" : canary));
        }
        for (String tenant : tenants == null ? List.<String>of() : tenants) {
            query.append("&tenant=").append(encoded(tenant));
        }
        steps(server.upload(place.resolve(), BASE + "upload" + query, jar));
        return 0;
    }

    @Command(
            name = "canary",
            mixinStandardHelpOptions = true,
            description = "Change the share of a version that is being tried; 100%% makes it the active one.")
    int canary(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(paramLabel = "PLUGIN", description = "Its id.") String id,
            @Parameters(paramLabel = "PERCENT", description = "For example 50%%.") String share)
            throws InterruptedException {
        ObjectNode request = server.json().createObjectNode().put("percent", percent(share));
        steps(server.call(place.resolve(), "POST", path(id) + "/canary", request));
        return 0;
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Go back to the version before, or to another one that is kept.")
    int rollback(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(paramLabel = "PLUGIN", description = "Its id.") String id,
            @Option(names = "--to", paramLabel = "VERSION", description = "A version, or the first characters of a SHA-256.")
                    @Nullable String version)
            throws InterruptedException {
        ObjectNode request = server.json().createObjectNode();
        if (version != null) {
            request.put("version", version);
        }
        steps(server.call(place.resolve(), "POST", path(id) + "/rollback", request));
        return 0;
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a plugin and its file; its calls end first.")
    int remove(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(paramLabel = "PLUGIN", description = "Its id.") String id)
            throws InterruptedException {
        server.call(place.resolve(), "DELETE", path(id), null);
        out().println(id + " goes; 'hyperspot plugins list' shows when it is gone");
        return 0;
    }

    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description = "Explain the state of a plugin: what is wrong, its versions, the steps of its last change.")
    int explain(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(paramLabel = "PLUGIN", description = "Its id, or the name of a file in the folder.") String id)
            throws InterruptedException {
        out().print(server.text(place.resolve(), path(id) + "/diagnosis"));
        return 0;
    }

    private void row(JsonNode plugin) {
        out().printf(
                        Locale.ROOT,
                        "%-11s %-40s %-16s %s%n",
                        plugin.path("state").asText(),
                        plugin.path("id").asText("-"),
                        plugin.path("version").asText("-"),
                        plugin.path("file").asText());
        if (plugin.hasNonNull("reason")) {
            out().println("            " + plugin.path("reason").asText().replace("\n", "\n            "));
        }
    }

    private void steps(JsonNode plugin) {
        for (JsonNode step : plugin.path("steps")) {
            out().println("  " + step.path("at").asText() + "  " + step.path("text").asText());
        }
        row(plugin);
    }

    private static String path(String id) {
        return BASE + "plugins/" + encoded(id);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static int percent(String text) {
        try {
            return Integer.parseInt(text.replace("%", "").strip());
        } catch (NumberFormatException e) {
            throw new LaunchException("'" + text + "' is no share; write it as 10%", e);
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
