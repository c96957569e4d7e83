// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class HomeTest {
    @Command
    private static final class Options {
        @Mixin
        private final HomeOption home = new HomeOption();
    }

    @Test
    void keepsItsDataFromOtherUsers(@TempDir Path dir) throws IOException {
        Home home = new Home(dir.resolve("deep/home"));

        home.create();
        home.create();

        assertThat(home.root()).isDirectoryContaining("glob:**/{config,data,logs,plugins,models}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.data()))).isEqualTo("rwx------");
    }

    @Test
    void isTheOptionThenTheEnvironmentThenTheUsersFolder(@TempDir Path dir) {
        Options given = new Options();
        new CommandLine(given).parseArgs("--home", dir.resolve("a/../b").toString());
        HomeOption none = new HomeOption();

        assertThat(given.home.resolve(Map.of("HYPERSPOT_HOME", "/env")).root()).isEqualTo(dir.resolve("b"));
        assertThat(none.resolve(Map.of("HYPERSPOT_HOME", "/env")).root()).isEqualTo(Path.of("/env").toAbsolutePath());
        assertThat(none.resolve(Map.of("HYPERSPOT_HOME", " ")).root())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".hyperspot"));
    }

    @Test
    void saysInOneLineThatItCannotBeUsed(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        Path inside = file.resolve("home");
        Home plain = new Home(inside);

        assertThatThrownBy(plain::create)
                .isInstanceOf(LaunchException.class)
                .hasMessageStartingWith("cannot use " + inside + " as home: ")
                .hasMessageEndingWith("; choose another with --home or $HYPERSPOT_HOME, or mend its rights")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void saysThatItHasNoRightToWrite(@TempDir Path dir) throws IOException {
        Home home = new Home(dir.resolve("home"));
        home.create();
        Files.setPosixFilePermissions(home.models(), PosixFilePermissions.fromString("r-x------"));
        // the superuser may write everywhere
        assumeTrue(!Files.isWritable(home.models()));

        assertThatThrownBy(home::create).hasMessageContaining("no right to use " + home.models());
    }
}
