// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

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

    void create() throws IOException {
        for (Path folder : new Path[] {config(), data(), logs(), plugins(), models()}) {
            Files.createDirectories(folder);
        }
        if (Files.getFileStore(data()).supportsFileAttributeView(PosixFileAttributeView.class)) {
            // keys, tokens and the database
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        }
    }
}
