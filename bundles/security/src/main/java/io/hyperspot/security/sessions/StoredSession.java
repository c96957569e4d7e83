// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions.Session;
import io.hyperspot.security.keys.KeyHash;
import io.hyperspot.security.spi.Identity;
import java.util.List;

/** A session as it is kept. */
record StoredSession(Session session, Identity identity, KeyHash hash) {
    /** What everybody may do who has logged in: see who they are, and log out. */
    private static final Permission SELF = Permission.parse("gts.hyperspot.core.security.self.*:*");

    private static final List<Permission> UNLIMITED = List.of(Permission.ALL);

    SecurityContext context() {
        List<Permission> scopes = identity.scopes().equals(UNLIMITED)
                ? UNLIMITED
                : java.util.stream.Stream.concat(identity.scopes().stream(), java.util.stream.Stream.of(SELF)).toList();
        return new SecurityContext(identity.subject(), identity.tenant(), identity.groups(), List.of(SELF), scopes);
    }
}
