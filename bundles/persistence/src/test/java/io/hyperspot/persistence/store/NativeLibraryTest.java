// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    private Path home;

    @BeforeEach
    @AfterEach
    void forget() {
        System.clearProperty("org.sqlite.lib.path");
        System.clearProperty("org.sqlite.lib.name");
    }

    private List<Path> files() throws Exception {
        try (var files = Files.list(home.resolve("native"))) {
            return files.toList();
        }
    }

    @Test
    void isUnpackedOnceAndComplete() throws Exception {
        NativeLibrary.unpack(home.resolve("native"));
        assertThat(files()).hasSize(1);
        Path library = files().getFirst();
        assertThat(Files.size(library)).isGreaterThan(100_000);
        assertThat(library).isEqualTo(Path.of(System.getProperty("org.sqlite.lib.path"), System.getProperty("org.sqlite.lib.name")));
        FileTime before = Files.getLastModifiedTime(library);
        forget();
        NativeLibrary.unpack(home.resolve("native"));
        assertThat(files()).containsExactly(library);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(before);
    }

    @Test
    void leavesTheDriverToItselfWhenItCannotBeKept() throws Exception {
        Files.writeString(home.resolve("native"), "a file where a folder should be");
        NativeLibrary.unpack(home.resolve("native"));
        assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
    }

    @Test
    void respectsAnOperatorsChoice() {
        System.setProperty("org.sqlite.lib.path", "/opt/sqlite");
        NativeLibrary.unpack(home.resolve("native"));
        assertThat(home.resolve("native")).doesNotExist();
        assertThat(System.getProperty("org.sqlite.lib.path")).isEqualTo("/opt/sqlite");
    }
}
