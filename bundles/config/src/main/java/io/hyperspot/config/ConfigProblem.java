// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.config;

/**
 * Something wrong in the configuration.
 *
 * @param source the file or the environment variable
 * @param line 1-based; 0 when the source has no lines
 * @param key the full key, for example {@code modules.web.port}
 * @param message what is wrong and what would be right
 */
public record ConfigProblem(String source, int line, String key, String message) {
    @Override
    public String toString() {
        return source + (line > 0 ? ":" + line : "") + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
