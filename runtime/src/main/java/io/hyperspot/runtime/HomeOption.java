// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --home}, the same for every command. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Home folder: config/ data/ logs/ plugins/ models/ (default: $HYPERSPOT_HOME or ~/.hyperspot).")
    private @Nullable Path home;

    Home resolve() {
        return resolve(System.getenv());
    }

    Home resolve(Map<String, String> environment) {
        if (home != null) {
            return new Home(home);
        }
        String fromEnvironment = environment.get("HYPERSPOT_HOME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return new Home(Path.of(fromEnvironment));
        }
        return new Home(Path.of(System.getProperty("user.home"), ".hyperspot"));
    }
}
