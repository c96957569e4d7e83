// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The unpacked distribution: {@code bundles/}, {@code features/}, {@code config/}, {@code lib/}. */
record Installation(Path root) {
    static final String PROPERTY = "hyperspot.installation";

    /**
     * The distribution that this code was started from.
     *
     * @throws LaunchException when it is not inside one
     */
    static Installation current() {
        String set = System.getProperty(PROPERTY);
        Path root;
        if (set != null) {
            root = Path.of(set);
        } else {
            try {
                Path jar = Path.of(Installation.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                root = jar.resolveSibling("..").normalize();
            } catch (URISyntaxException e) {
                throw new LaunchException("cannot tell where the distribution is; set -D" + PROPERTY, e);
            }
        }
        if (!Files.isDirectory(root.resolve("features"))) {
            throw new LaunchException("no distribution at " + root
                    + ": it has no folder features/. Build one with 'mvn package', or set -D" + PROPERTY);
        }
        return new Installation(root.toAbsolutePath().normalize());
    }

    Path bundles() {
        return root.resolve("bundles");
    }

    Path features() {
        return root.resolve("features");
    }

    Path defaultConfig() {
        return root.resolve("config").resolve("hyperspot.yaml");
    }
}
