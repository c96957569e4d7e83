// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.engine;

import io.hyperspot.security.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The roles that every tenant has and nobody changes. */
public final class BuiltInRoles {
    public static final List<Role> ALL = List.of(
            role("admin", "Everything.", List.of(), "gts.*:*"),
            role(
                    "operator",
                    "Runs the installation: plugins, child processes, logs; reads all else of the platform.",
                    List.of("auditor"),
                    "gts.hyperspot.core.plugins.*:*",
                    "gts.hyperspot.core.process_manager.*:*",
                    "gts.hyperspot.core.observability.*:*",
                    "gts.hyperspot.core.workers.*:*"),
            role(
                    "member",
                    "Uses models and reads types.",
                    List.of(),
                    "gts.hyperspot.llm.*:*",
                    "gts.hyperspot.core.types_registry.*:read"),
            role("auditor", "Reads everything of the platform, changes nothing.", List.of(), "gts.hyperspot.core.*:read"),
            role("viewer", "Reads everything.", List.of(), "gts.*:read"),
            role("writer", "Reads and writes; meant to be bound at a resource.", List.of("viewer"), "gts.*:write"),
            role(
                    "owner",
                    "Reads, writes, deletes and administers; meant to be bound at a resource.",
                    List.of("writer"),
                    "gts.*:delete",
                    "gts.*:admin"));

    private BuiltInRoles() {}

    private static Role role(String name, String description, List<String> parents, String... permissions) {
        List<Permission> parsed = new ArrayList<>();
        for (String permission : permissions) {
            parsed.add(Permission.parse(permission));
        }
        return new Role(name, name, description, parsed, parents, Instant.EPOCH, 0);
    }
}
