// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.security.Permission;
import java.time.Instant;
import java.util.List;

/**
 * A named set of permissions.
 *
 * @param id for a built-in role its name
 * @param parents ids of roles whose permissions it has too
 * @param version 0: built in
 */
public record Role(
        String id,
        String name,
        String description,
        List<Permission> permissions,
        List<String> parents,
        Instant createdAt,
        long version) {
    public Role {
        permissions = List.copyOf(permissions);
        parents = List.copyOf(parents);
    }

    public boolean builtIn() {
        return version == 0;
    }
}
