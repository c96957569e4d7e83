// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Finds programs as a shell does: a name without a slash is looked for in PATH. */
final class Executables {
    private Executables() {}

    static Optional<Path> find(String program) {
        if (program.indexOf('/') >= 0 || program.indexOf(File.separatorChar) >= 0) {
            return Optional.of(Path.of(program)).filter(Executables::isProgram);
        }
        for (String folder : Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator)) {
            Path candidate = Path.of(folder).resolve(program);
            if (!folder.isEmpty() && isProgram(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** Said here, because the programs that the command is wrapped in would only fail. */
    static String require(String program) throws IOException {
        return find(program)
                .orElseThrow(() -> new IOException("there is no program '" + program + "'"))
                .toString();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
