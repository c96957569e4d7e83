// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.credstore.ConfiguredSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the access key is. Thread-safe.
 */
@FunctionalInterface
interface AccessKeys {
    /** The file may hold many profiles; more than this is another file. */
    int MOST_BYTES = 1 << 20;

    /**
     * The one to use now.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when there is none
     */
    AccessKey current();

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static AccessKeys of(
            AwsConfig config, Supplier<ConfiguredSecrets> secrets, UnaryOperator<@Nullable String> environment, Problems problems) {
        return switch (config.credentials().strip()) {
            case "configured" -> configured(config, secrets, problems);
            case "environment" -> () -> key(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
                    "the environment", problems);
            case "file" -> file(config.credentials__file().strip(), config.profile().strip(), problems);
            default -> throw new IllegalArgumentException("'credentials' must be configured, environment or file");
        };
    }

    private static AccessKeys configured(AwsConfig config, Supplier<ConfiguredSecrets> secrets, Problems problems) {
        String id = config.access__key__id().strip();
        if (id.isEmpty() || config._secret__access__key().isBlank()) {
            throw new IllegalArgumentException("'access_key_id' and 'secret_access_key' must be set");
        }
        LateSecret secret = new LateSecret(config._secret__access__key(), secrets, problems);
        LateSecret token = new LateSecret(config._session__token(), secrets, problems);
        return () -> checked(new AccessKey(id, secret.reveal(), token.reveal()), "the configuration", problems);
    }

    private static AccessKeys file(String file, String profile, Problems problems) {
        if (file.isEmpty() || profile.isEmpty()) {
            throw new IllegalArgumentException("'credentials_file' and 'profile' must be set");
        }
        Path path;
        try {
            path = Path.of(file);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'credentials_file' is not a path");
        }
        return () -> {
            String where = "the profile " + profile + " of the file " + path;
            try (InputStream in = Files.newInputStream(path)) {
                Map<String, String> values = profile(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8), profile);
                return key(values::get, "aws_access_key_id", "aws_secret_access_key", "aws_session_token", where, problems);
            } catch (IOException e) {
                throw problems.noKey("the file " + path + " cannot be read (" + e.getClass().getSimpleName() + ")");
            }
        };
    }

    /** The settings of a profile in a file of the AWS CLI: sections in brackets, lines of {@code name = value}. */
    private static Map<String, String> profile(String text, String profile) {
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[")) {
                inside = line.equals("[" + profile + "]") || line.equals("[profile " + profile + "]");
            } else if (inside && equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            }
        }
        return values;
    }

    private static AccessKey key(
            UnaryOperator<@Nullable String> values, String id, String secret, String token, String where, Problems problems) {
        return checked(new AccessKey(text(values, id), text(values, secret), text(values, token)), where, problems);
    }

    private static String text(UnaryOperator<@Nullable String> values, String name) {
        String value = values.apply(name);
        return value == null ? "" : value.strip();
    }

    private static AccessKey checked(AccessKey key, String where, Problems problems) {
        if (key.id().isEmpty() || key.secret().isEmpty()) {
            throw problems.noKey("there is no access key in " + where);
        }
        if (!isPrintable(key.id()) || !isPrintable(key.token())) {
            throw problems.noKey("what is in " + where + " is no access key");
        }
        return key;
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127);
    }
}
