// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code hyperspot} command. */
@Command(
        name = "hyperspot",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        description = "A plugin runtime for multi-tenant AI services.",
        subcommands = {
            RunCommand.class,
            StatusCommand.class,
            ModelsCommand.class,
            PluginsCommand.class,
            KeysCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    /** Exit code 0: done; 1: failed, the reason is on standard error; 2: wrong usage. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int code = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(code);
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
