// SPDX-License-Identifier: Apache-2.0
package acme.swap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What this version does, by a file in its JAR. */
final class Behaviour {
    private final Properties properties = new Properties();

    Behaviour() {
        try (InputStream in = Behaviour.class.getResourceAsStream("/META-INF/behaviour.properties")) {
            properties.load(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean is(String key, String value) {
        return value.equals(properties.getProperty(key));
    }

    String text(String key) {
        return properties.getProperty(key, "");
    }

    int number(String key) {
        return Integer.parseInt(properties.getProperty(key, "0"));
    }
}
