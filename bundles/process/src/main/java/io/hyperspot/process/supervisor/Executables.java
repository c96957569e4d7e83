// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs as a shell does: a name without a slash is looked for in PATH. */
final class Executables {
    private Executables() {}

    static Optional<Path> find(String program) {
        if (program.indexOf('/') >= 0 || program.indexOf(File.separatorChar) >= 0) {
            return at(Path.of(program));
        }
        return Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> at(Path.of(folder, program)).stream())
                .findFirst();
    }

    /** Windows leaves the end of the name out. */
    private static Optional<Path> at(Path file) {
        return Stream.of(file, file.resolveSibling(file.getFileName() + ".exe"))
                .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    /** Said here, because the programs that the command is wrapped in would only fail. */
    static String require(String program) throws IOException {
        return find(program)
                .orElseThrow(() -> new IOException("there is no program '" + program + "'"))
                .toString();
    }
}
