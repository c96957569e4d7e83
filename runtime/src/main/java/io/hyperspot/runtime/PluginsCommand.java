// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
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
            description = "Install a plugin, or upgrade it beside the version that serves, and say what happens as it does. Returns"
                    + " when the new version serves.")
    int install(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Mixin Progress progress,
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
        return progress.follow(
                place.resolve(), server, Progress.idOf(jar), out(), () -> server.upload(place.resolve(), BASE + "upload" + query, jar));
    }

    @Command(
            name = "canary",
            mixinStandardHelpOptions = true,
            description = "Change the share of a version that is being tried; 100%% makes it the active one.")
    int canary(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Mixin Progress progress,
            @Parameters(paramLabel = "PLUGIN", description = "Its id.") String id,
            @Parameters(paramLabel = "PERCENT", description = "For example 50%%.") String share)
            throws InterruptedException {
        ObjectNode request = server.json().createObjectNode().put("percent", percent(share));
        return progress.follow(
                place.resolve(), server, id, out(), () -> server.call(place.resolve(), "POST", path(id) + "/canary", request));
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Go back to the version before, or to another one that is kept.")
    int rollback(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Mixin Progress progress,
            @Parameters(paramLabel = "PLUGIN", description = "Its id.") String id,
            @Option(names = "--to", paramLabel = "VERSION", description = "A version, or the first characters of a SHA-256.")
                    @Nullable String version)
            throws InterruptedException {
        ObjectNode request = server.json().createObjectNode();
        if (version != null) {
            request.put("version", version);
        }
        return progress.follow(
                place.resolve(), server, id, out(), () -> server.call(place.resolve(), "POST", path(id) + "/rollback", request));
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
            description = "Explain the state of a plugin: what is wrong, its versions, the steps of its last change; or, for a GTS"
                    + " type or instance, which worker answers a tenant's requests, and why.")
    int explain(
            @Mixin HomeOption place,
            @Mixin ServerApi server,
            @Parameters(
                            paramLabel = "PLUGIN|GTS",
                            description = "A plugin's id, the name of a file in the folder, or a GTS type or instance id.")
                    String id,
            @Option(names = "--tenant", paramLabel = "ID", description = "For a GTS id: whose requests (default: the caller's tenant).")
                    @Nullable String tenant)
            throws InterruptedException {
        if (id.startsWith("gts.")) {
            String query = "selection?id=" + encoded(id) + (tenant == null ? "" : "&tenant=" + encoded(tenant));
            out().println(server.call(place.resolve(), "GET", BASE + query, null).path("text").asText());
            return 0;
        }
        if (tenant != null) {
            throw new LaunchException("--tenant goes with a GTS id, which begins with 'gts.'; " + id + " is the name of a plugin");
        }
        out().print(server.text(place.resolve(), path(id) + "/diagnosis"));
        return 0;
    }

    private void row(JsonNode plugin) {
        row(plugin, out());
    }

    private static void row(JsonNode plugin, PrintWriter out) {
        out.printf(
                        Locale.ROOT,
                        "%-11s %-40s %-16s %s%n",
                        plugin.path("state").asText(),
                        plugin.path("id").asText("-"),
                        plugin.path("version").asText("-"),
                        plugin.path("file").asText());
        if (plugin.hasNonNull("reason")) {
            out.println("            " + plugin.path("reason").asText().replace("\n", "\n            "));
        }
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

    /** Says what happens to a plugin while it does: each step once, and how many calls a version that leaves still has. */
    static final class Progress {
        private static final long MOST_MINUTES = 15;
        private static final long BETWEEN_LINES_NANOS = 1_000_000_000;
        private static final Set<String> ENDING = Set.of("STANDBY", "DRAINING");

        @Option(names = {"-q", "--quiet"}, description = "Print nothing but the outcome.")
        private boolean quiet;

        @Option(
                names = "--wait",
                description = "Wait until the version before has finished its calls and is gone, or has taken over again.")
        private boolean wait;

        private final Set<String> told = new HashSet<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private boolean terminal;
        private boolean answered;
        private String calls = "";
        private long said;
        private JsonNode last = MissingNode.getInstance();

        /** What is done. */
        interface Change {
            JsonNode perform() throws InterruptedException;
        }

        /** The id that a JAR gives itself; empty when it has none, which the server will say. */
        static String idOf(Path jar) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                String name = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
                return name == null ? "" : name.split(";", 2)[0].strip();
            } catch (IOException e) {
                return "";
            }
        }

        int follow(Home home, ServerApi server, String id, PrintWriter out, Change change) throws InterruptedException {
            terminal = isTerminal();
            // what happened before is of no interest
            try {
                server.call(home, "GET", path(id), null).path("steps").forEach(step -> told.add(step.toString()));
            } catch (LaunchException e) {
                // there is no such plugin yet, or what is done now will say what is wrong
            }
            AutoCloseable events = quiet && !wait
                    ? () -> {}
                    : server.follow(home, BASE + "events", plugin -> {
                        if (plugin.path("id").asText().equals(id)) {
                            show(plugin, out);
                        }
                    });
            try {
                JsonNode answer = change.perform();
                synchronized (this) {
                    answered = true;
                    show(answer, out);
                }
                if (wait) {
                    await(id, server, home, out);
                }
                synchronized (this) {
                    clear(out);
                    row(last, out);
                }
            } finally {
                close(events);
            }
            return 0;
        }

        // it is null again by default since JDK 25, when the output goes elsewhere
        @SuppressWarnings("SystemConsoleNull")
        private static boolean isTerminal() {
            Console console = System.console();
            return console != null && console.isTerminal();
        }

        private void await(String id, ServerApi server, Home home, PrintWriter out) throws InterruptedException {
            // what ended between the answer and now was told perhaps before it
            show(server.call(home, "GET", path(id), null), out);
            try {
                ended.get(MOST_MINUTES, TimeUnit.MINUTES);
            } catch (TimeoutException e) {
                throw new LaunchException("after " + MOST_MINUTES + " minutes the version before is not gone; it goes on", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void close(AutoCloseable events) {
            try {
                events.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing a client throws nothing", e);
            }
        }

        private synchronized void show(JsonNode plugin, PrintWriter out) {
            last = plugin;
            for (JsonNode step : plugin.path("steps")) {
                if (told.add(step.toString()) && !quiet) {
                    clear(out);
                    out.println("  " + step.path("at").asText() + "  " + step.path("text").asText());
                    out.flush();
                }
            }
            boolean over = true;
            StringBuilder draining = new StringBuilder();
            for (JsonNode version : plugin.path("versions")) {
                over &= !ENDING.contains(version.path("state").asText());
                if (version.path("state").asText().equals("DRAINING")) {
                    draining.append(draining.isEmpty() ? "" : "; ")
                            .append(version.path("version").asText())
                            .append(" has ")
                            .append(version.path("in_flight").asInt())
                            .append(" calls in flight");
                }
            }
            count(draining.toString(), out);
            if (answered && over) {
                ended.complete(null);
            }
        }

        /** On a terminal one line that changes; in a file or pipe a line at most once a second. */
        private void count(String text, PrintWriter out) {
            if (quiet || text.isEmpty() || text.equals(calls)) {
                return;
            }
            if (terminal) {
                clear(out);
                out.print("  " + text);
                calls = text;
            } else if (System.nanoTime() - said > BETWEEN_LINES_NANOS || calls.isEmpty()) {
                out.println("  " + text);
                calls = text;
                said = System.nanoTime();
            }
            out.flush();
        }

        /** Wipes the line that changes. */
        private void clear(PrintWriter out) {
            if (terminal && !calls.isEmpty()) {
                out.print("\r\u001b[K");
                calls = "";
            }
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
