// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder of one installation's state. {@code config/} and {@code plugins/} belong to the
 * operator, {@code models/} holds downloads, {@code data/} and {@code logs/} belong to the server.
 */
record Home(Path root) {
    /** Framework property that tells bundles where home is. */
    static final String PROPERTY = "hyperspot.home";

    Home {
        root = root.toAbsolutePath().normalize();
    }

    Path config() {
        return root.resolve("config");
    }

    Path data() {
        return root.resolve("data");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path plugins() {
        return root.resolve("plugins");
    }

    Path models() {
        return root.resolve("models");
    }

    Path bundleCache() {
        return data().resolve("bundle-cache");
    }

    Path configFile() {
        return config().resolve("hyperspot.yaml");
    }

    /** Holds the URL of the running server; absent when none runs. */
    Path address() {
        return data().resolve("server-url");
    }

    Path firstApiKey() {
        return data().resolve("first-api-key");
    }

    Path adminToken() {
        return data().resolve("admin-token");
    }

    /**
     * Creates the folders that are not there.
     *
     * @throws LaunchException when one cannot be created or written to
     */
    void create() {
        try {
            for (Path folder : List.of(config(), data(), logs(), plugins(), models())) {
                Files.createDirectories(folder);
                if (!Files.isWritable(folder)) {
                    throw new AccessDeniedException(folder.toString());
                }
            }
            protectData();
        } catch (IOException e) {
            throw new LaunchException(
                    "cannot use " + root + " as home: " + LaunchException.reason(e)
                            + "; choose another with --home or $HYPERSPOT_HOME, or mend its rights",
                    e);
        }
    }

    private void protectData() throws IOException {
        if (Files.getFileStore(data()).supportsFileAttributeView(PosixFileAttributeView.class)) {
            // keys, tokens and the database
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        }
    }
}
