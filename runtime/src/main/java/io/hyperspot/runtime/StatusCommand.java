// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hyperspot status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Say whether the server is ready, and what is missing. Exit code 0: ready; 1: not.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private ServerApi api = new ServerApi();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ServerApi.Answer answer = api.open(home.resolve(), "/health/ready");
        boolean ready = answer.status() == 200;
        out.println(ready ? "ready" : "not ready:");
        answer.body().path("missing").forEach(reason -> out.println("  - " + reason.asText()));
        for (Map.Entry<String, JsonNode> part : answer.body().path("parts").properties()) {
            out.printf(
                    Locale.ROOT,
                    "  %-16s %-9s %s%n",
                    part.getKey(),
                    part.getValue().path("status").asText().toLowerCase(Locale.ROOT),
                    part.getValue().path("reason").asText().replace("\n", "\n" + " ".repeat(29)));
        }
        return ready ? 0 : 1;
    }
}
