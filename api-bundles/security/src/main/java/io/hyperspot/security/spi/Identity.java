// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.spi;

import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import java.util.List;

/**
 * Who somebody is, as a worker found it. Immutable; holds no credential. What they may do is said by the
 * roles bound to the subject or its groups.
 *
 * @param subject stable, never given to anybody else, and begins with the worker's name so that two
 *     providers never mean two people by one subject: {@code oidc:acme:8f3a}, {@code user:0198…}
 * @param name as people write it, for lists and audits
 * @param tenant whose data they work with
 * @param groups each as bindings name it
 * @param scopes what the credential is limited to; {@link Permission#ALL} alone: not limited
 */
public record Identity(
        String subject, String name, TenantId tenant, List<String> groups, List<Permission> scopes) {
    public Identity {
        groups = List.copyOf(groups);
        scopes = List.copyOf(scopes);
    }
}
