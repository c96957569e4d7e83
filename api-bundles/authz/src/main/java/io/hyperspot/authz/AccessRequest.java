// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The question whether a subject may do something, shaped as in AuthZEN 1.0. */
public record AccessRequest(Subject subject, String action, Resource resource, Context context) {
    /**
     * Who asks.
     *
     * @param id as in {@link io.hyperspot.security.SecurityContext#subject}, for example {@code user:ada}
     * @param type for example {@code user} or {@code key}
     * @param permissions what the subject may do by itself, without any binding
     */
    public record Subject(
            String id, String type, List<String> groups, List<Permission> permissions, Map<String, Object> properties) {
        public Subject {
            groups = List.copyOf(groups);
            permissions = List.copyOf(permissions);
            properties = Map.copyOf(properties);
        }
    }

    /**
     * What is to be accessed.
     *
     * @param id null: any of the type
     */
    public record Resource(GtsPattern type, @Nullable String id, Map<String, Object> properties) {
        public Resource {
            properties = Map.copyOf(properties);
        }
    }

    /**
     * Under which circumstances.
     *
     * @param address where the request comes from, or null when that is not known
     * @param scopes what the credential is limited to, whatever the subject may do
     * @param time null: now
     */
    public record Context(
            TenantId tenant, @Nullable InetAddress address, List<Permission> scopes, @Nullable Instant time) {
        public Context {
            scopes = List.copyOf(scopes);
        }
    }

    public Permission permission() {
        return new Permission(resource.type(), action);
    }
}
