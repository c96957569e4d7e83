// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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

/** {@code hyperspot keys}. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Create, list and revoke API keys of the caller's tenant.")
final class KeysCommand {
    private static final String PATH = "/security/v1/api-keys";

    @Spec
    private @Nullable CommandSpec spec;

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Create a key; it is shown once.")
    int create(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "NAME", description = "What it is for.") String name,
            @Option(
                            names = "--scope",
                            paramLabel = "PERMISSION",
                            defaultValue = "gts.hyperspot.llm.*:*",
                            description = "What it may do, <gts pattern>:<action>; may be repeated (default: ${DEFAULT-VALUE}).")
                    List<String> scopes,
            @Option(names = "--expires-in-days", paramLabel = "N", description = "Days until it expires (default: never).")
                    @Nullable Integer days)
            throws InterruptedException {
        ObjectNode request = api.json().createObjectNode().put("name", name);
        scopes.forEach(request.putArray("scopes")::add);
        if (days != null) {
            request.put("expires_at", Instant.now().plus(Duration.ofDays(days)).toString());
        }
        JsonNode created = api.call(home.resolve(), "POST", PATH, request);
        out().println(created.path("secret").asText());
        return 0;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List keys, newest first, revoked ones included.")
    int list(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
        String cursor = "";
        do {
            JsonNode page = api.call(home.resolve(), "GET", PATH + cursor, null);
            for (JsonNode key : page.path("items")) {
                out().printf(
                                Locale.ROOT,
                                "%-36s %-14s %-8s %-24s %s%n",
                                key.path("id").asText(),
                                key.path("prefix").asText(),
                                key.hasNonNull("revoked_at") ? "revoked" : "active",
                                key.path("name").asText(),
                                key.path("scopes"));
            }
            String next = page.path("page_info").path("next_cursor").asText("");
            cursor = next.isEmpty() ? "" : "?$skiptoken=" + next;
        } while (!cursor.isEmpty());
        return 0;
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a key; takes effect at once.")
    int revoke(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Parameters(paramLabel = "ID", description = "Its id, as 'keys list' shows it.") String id)
            throws InterruptedException {
        api.call(home.resolve(), "DELETE", PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20"), null);
        out().println("revoked " + id);
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
