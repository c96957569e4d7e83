// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

import io.hyperspot.security.Permission;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link ProtocolHandler} with its declared posture.
 *
 * @param method the HTTP method
 * @param path below the handler's path; a last segment {@code *} stands for any rest
 * @param permission null: public, anyone may call it
 * @param feature the licensed feature that it needs, or null
 * @param maxBodyBytes larger bodies are refused with 413 before they are read
 */
public record Operation(
        String method,
        String path,
        @Nullable Permission permission,
        @Nullable String feature,
        int maxBodyBytes) {}
