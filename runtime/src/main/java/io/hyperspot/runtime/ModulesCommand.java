// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyperspot modules}. */
@Command(
        name = "modules",
        mixinStandardHelpOptions = true,
        description = "List, start and stop the modules of the running server; plugins have 'hyperspot plugins'.")
final class ModulesCommand {
    private static final String PATH = "/process-manager/v1/modules";

    @Spec
    private @Nullable CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List every module and its state.")
    int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
        api.call(home.resolve(), "GET", PATH, null).path("items").forEach(this::row);
        return 0;
    }

    @Command(name = "start", mixinStandardHelpOptions = true, description = "Start a module. Returns when it has started.")
    int start(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "MODULE", description = "Its id, as 'modules list' shows it.") String id)
            throws InterruptedException {
        row(api.call(home.resolve(), "POST", path(id) + "/start", api.json().createObjectNode()));
        return 0;
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stop a module until it is started, or the server is. Without --yes it only says what else would stop.")
    int stop(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "MODULE", description = "Its id, as 'modules list' shows it.") String id,
            @Option(names = {"-y", "--yes"}, description = "Do it, whatever else stops.") boolean yes)
            throws InterruptedException {
        if (!yes) {
            out().println(api.call(home.resolve(), "GET", path(id) + "/impact", null).path("text").asText());
            throw new LaunchException("nothing was stopped; to do it, add --yes");
        }
        row(api.call(home.resolve(), "POST", path(id) + "/stop", api.json().createObjectNode().put("confirm", true)));
        return 0;
    }

    private void row(JsonNode module) {
        out().printf(
                        Locale.ROOT,
                        "%-9s %-9s %-40s %s%n",
                        stateOf(module),
                        module.path("kind").asText().toLowerCase(Locale.ROOT),
                        module.path("id").asText(),
                        module.path("version").asText());
    }

    /** What OSGi calls resolved is stopped for an operator. */
    private static String stateOf(JsonNode module) {
        String state = module.path("state").asText();
        return state.equals("RESOLVED") || state.equals("INSTALLED") ? "STOPPED" : state;
    }

    private static String path(String id) {
        return PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
