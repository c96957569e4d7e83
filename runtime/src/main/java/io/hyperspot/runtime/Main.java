// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code hyperspot} command. */
@Command(
        name = "hyperspot",
        mixinStandardHelpOptions = true,
        versionProvider = Main.class,
        description = "A plugin runtime for multi-tenant AI services.",
        subcommands = {
            RunCommand.class,
            ModelsCommand.class,
            PluginsCommand.class,
            ModulesCommand.class,
            AccessCommands.Keys.class,
            AccessCommands.Tenants.class,
            AccessCommands.Users.class,
            AccessCommands.Roles.class,
            ConfigCommand.Secrets.class,
            AuditCommand.class,
            UsageCommand.class,
            DbCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements IVersionProvider {
    @Spec
    private @Nullable CommandSpec spec;

    /** Exit code 0: done; 1: failed, the reason is on standard error; 2: wrong usage. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int code = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(code);
    }

    @Command(
            name = "version",
            mixinStandardHelpOptions = true,
            description = "Print the versions of HyperSpot and of the Java runtime.")
    int version() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        for (String line : getVersion()) {
            out.println(line);
        }
        return 0;
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Say whether the server is ready, and what is missing. Exit code 0: ready; 1: not.")
    int status(@Mixin HomeOption home, @Mixin ServerApi api) throws InterruptedException {
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

    @Override
    public String[] getVersion() {
        return new String[] {"HyperSpot " + number(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"};
    }

    static String number() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    String reason =
                            switch (e) {
                                case LaunchException known -> known.getMessage();
                                case IOException file -> LaunchException.reason(file);
                                default -> throw e;
                            };
                    command.getErr().println("hyperspot: " + reason);
                    return 1;
                })
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
