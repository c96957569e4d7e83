// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

import io.hyperspot.security.Permission;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link ProtocolHandler} with its declared posture and limits.
 *
 * @param method the HTTP method
 * @param path below the handler's path; a last segment {@code *} stands for any rest
 * @param permission null: public, anyone may call it
 * @param feature the licensed feature that it needs, or null
 */
public record Operation(
        String method, String path, @Nullable Permission permission, @Nullable String feature, Limits limits) {
    /** An operation that differs from the server's limits in its body only. */
    public Operation(
            String method, String path, @Nullable Permission permission, @Nullable String feature, int maxBodyBytes) {
        this(method, path, permission, feature, Limits.body(maxBodyBytes));
    }
}
