// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hyperspot version} and {@code --version}. */
@Command(name = "version", mixinStandardHelpOptions = true, description = "Print the versions of HyperSpot and of the Java runtime.")
final class VersionCommand implements IVersionProvider, Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    static String number() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"HyperSpot " + number(), "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"};
    }

    @Override
    public Integer call() {
        for (String line : getVersion()) {
            Objects.requireNonNull(spec).commandLine().getOut().println(line);
        }
        return 0;
    }
}
