// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

/** {@code hyperspot usage}. */
@Command(
        name = "usage",
        mixinStandardHelpOptions = true,
        description = "Sum what the caller's tenant uses, and limit it.",
        subcommands = UsageCommand.Quotas.class)
final class UsageCommand {
    private static final String BASE = "/usage/v1/";

    @Spec
    private @Nullable CommandSpec spec;

    private static String option(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Command(name = "sum", mixinStandardHelpOptions = true, description = "Sum usage by type and period, of the last 30 days unless told.")
    int sum(
            @Mixin HomeOption home,
            @Mixin ServerApi api,
            @Option(names = "--type", paramLabel = "ID", description = "A usage type, as 'usage types' lists them.") @Nullable String type,
            @Option(names = "--subject", paramLabel = "SUBJECT", description = "Who used it, such as key:hs_1a2b3c4d.") @Nullable String subject,
            @Option(names = "--period", paramLabel = "WORD", defaultValue = "day", description = "hour, day, month or total (default: ${DEFAULT-VALUE}).")
                    String period,
            @Option(names = "--from", paramLabel = "TIME", description = "The first moment, as 2026-11-01T00:00:00Z.") @Nullable String from,
            @Option(names = "--to", paramLabel = "TIME", description = "The first moment that is not meant any more.") @Nullable String to,
            @Option(names = "--by", paramLabel = "WORD", description = "Also by tenant, subject or resource; may be repeated.")
                    @Nullable List<String> groups,
            @Option(names = "--tenant", paramLabel = "ID", description = "Of another tenant (default: the caller's).") @Nullable String tenant,
            @Option(names = "--below", description = "With the tenants below.") boolean below)
            throws InterruptedException {
        StringBuilder query = new StringBuilder("?period=").append(period);
        query.append(option("type", type)).append(option("subject", subject)).append(option("from", from)).append(option("to", to));
        query.append(option("tenant_id", tenant)).append(below ? "&below=true" : "");
        Objects.requireNonNullElse(groups, List.<String>of()).forEach(group -> query.append(option("group_by", group)));
        JsonNode sums = api.call(home.resolve(), "GET", BASE + "aggregates" + query, null).path("items");
        if (sums.isEmpty()) {
            out().println("nothing was used in that time");
        }
        for (JsonNode sum : sums) {
            out().printf(
                            Locale.ROOT,
                            "%-24s %16s %8d  %s%s%s%s%n",
                            sum.path("start").asText(),
                            sum.path("last").asText(sum.path("sum").asText()),
                            sum.path("count").asLong(),
                            sum.path("type").asText(),
                            shown(sum, "tenant_id"),
                            shown(sum, "subject"),
                            shown(sum, "resource"));
        }
        return 0;
    }

    private static String shown(JsonNode sum, String name) {
        return sum.hasNonNull(name) ? "  " + sum.path(name).asText() : "";
    }

    @Command(name = "types", mixinStandardHelpOptions = true, description = "List what can be reported and limited.")
    int types(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
        for (JsonNode type : api.call(home.resolve(), "GET", BASE + "types", null).path("items")) {
            out().printf(Locale.ROOT, "%-8s %-12s %s%n", type.path("kind").asText(), type.path("unit").asText(), type.path("id").asText());
        }
        return 0;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /** {@code hyperspot usage quotas}. */
    @Command(name = "quotas", mixinStandardHelpOptions = true, description = "Show, set and delete limits.")
    static final class Quotas {
        private static final String PATH = BASE + "quotas";

        @Spec
        private @Nullable CommandSpec spec;

        @Command(name = "list", mixinStandardHelpOptions = true, description = "List quotas and how they stand.")
        int list(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Option(names = "--tenant", paramLabel = "ID", description = "Of another tenant (default: the caller's).") @Nullable String tenant)
                throws InterruptedException {
            String query = tenant == null ? "" : "?" + option("tenant_id", tenant).substring(1);
            for (JsonNode status : api.call(home.resolve(), "GET", BASE + "quota-status" + query, null).path("items")) {
                JsonNode quota = status.path("quota");
                out().printf(
                                Locale.ROOT,
                                "%-36s %-5s %-6s %s of %s used, %s left  %s  %s%n",
                                quota.path("id").asText(),
                                quota.path("enforcement").asText(),
                                quota.path("period").asText(),
                                status.path("used").asText(),
                                quota.path("limit").asText(),
                                status.path("left").asText(),
                                quota.path("type").asText(),
                                quota.path("subject").asText());
            }
            return 0;
        }

        @Command(name = "set", mixinStandardHelpOptions = true, description = "Set a limit, in force at once; prints its id.")
        int set(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "TYPE", description = "A usage type that is a counter.") String type,
                @Parameters(paramLabel = "LIMIT", description = "How much.") String limit,
                @Option(names = "--period", paramLabel = "WORD", defaultValue = "month", description = "hour, day, month or total (default: ${DEFAULT-VALUE}).")
                        String period,
                @Option(
                                names = "--enforcement",
                                paramLabel = "WORD",
                                defaultValue = "hard",
                                description = "hard, soft or grace (default: ${DEFAULT-VALUE}).")
                        String enforcement,
                @Option(names = "--grace", paramLabel = "AMOUNT", description = "How much more passes with grace.") @Nullable String grace,
                @Option(names = "--subject", paramLabel = "SUBJECT", description = "Whom of the tenant (default: all together).") @Nullable String subject,
                @Option(names = "--tenant", paramLabel = "ID", description = "Whom it limits (default: the caller's tenant).") @Nullable String tenant)
                throws InterruptedException {
            ObjectNode request = api.json()
                    .createObjectNode()
                    .put("type", type)
                    .put("limit", limit)
                    .put("period", period)
                    .put("enforcement", enforcement);
            put(request, "grace", grace);
            put(request, "subject", subject);
            put(request, "tenant_id", tenant);
            out().println(api.call(home.resolve(), "POST", PATH, request).path("id").asText());
            return 0;
        }

        private static void put(ObjectNode request, String name, @Nullable String value) {
            if (value != null) {
                request.put(name, value);
            }
        }

        @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a limit.")
        int delete(
                @Mixin HomeOption home,
                @Mixin ServerApi api,
                @Parameters(paramLabel = "ID", description = "Its id, as 'usage quotas list' shows it.") String id)
                throws InterruptedException {
            api.call(home.resolve(), "DELETE", PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8), null);
            out().println("deleted " + id);
            return 0;
        }

        private PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }
    }
}
