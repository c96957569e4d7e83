// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * The default chat model in a home. It comes from the folder in HYPERSPOT_TEST_MODELS or the user's
 * cache; the first time the product fetches it, and a copy is kept for the next.
 */
final class LocalModel {
    static final String ID = "local/tinyllama-1.1b-chat";
    private static final String FILE = "tinyllama-1.1b-chat.gguf";

    private LocalModel() {}

    static void into(Path home) throws IOException, InterruptedException {
        String folder = System.getenv("HYPERSPOT_TEST_MODELS");
        Path cached = (folder == null
                        ? Path.of(System.getProperty("user.home"), ".cache", "hyperspot", "models")
                        : Path.of(folder))
                .resolve(FILE);
        Path model = home.resolve("models").resolve(FILE);
        Files.createDirectories(home.resolve("models"));
        if (Files.exists(cached)) {
            copy(cached, model);
            return;
        }
        HyperSpotProcess.Result pulled = HyperSpotProcess.run(Duration.ofMinutes(20), home, "models", "pull");
        assertThat(pulled.exitCode()).as(pulled.err()).isZero();
        Files.createDirectories(cached.getParent());
        Path fresh = Files.createTempFile(cached.getParent(), "model", ".new");
        Files.copy(model, fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, cached, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileSystemException | UnsupportedOperationException e) {
            // on another file system
            Files.copy(from, to);
        }
    }
}
