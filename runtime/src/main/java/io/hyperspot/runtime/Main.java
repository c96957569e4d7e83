// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code hyperspot} command. */
@Command(
        name = "hyperspot",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A plugin runtime for multi-tenant AI services.",
        subcommands = {RunCommand.class})
public final class Main {
    /** Exit code 0: done; 1: failed, the reason is on standard error; 2: wrong usage. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (!(e instanceof LaunchException)) {
                        throw e;
                    }
                    command.getErr().println("hyperspot: " + e.getMessage());
                    return 1;
                })
                .setCaseInsensitiveEnumValuesAllowed(true);
    }
}
