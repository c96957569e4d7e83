// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * People that have logged in. An OSGi service, thread-safe. What ends a session is in force here when the
 * call returns, and on other servers of the same database within seconds.
 */
@ProviderType
public interface Sessions {
    /**
     * The topic of a message that ends all sessions of a subject: published in the transaction that takes
     * away what the sessions rest on, it cannot get lost. It comes later than a call of {@link #endAll}, which
     * should follow the transaction.
     */
    String END_TOPIC = "security.sessions.end";

    /** The field of such a message that holds the subject; whose tenant is the message's. */
    String END_SUBJECT = "subject";

    /**
     * A session that can be used.
     *
     * @param name of the person, for other people
     * @param provider by which it was logged in
     * @param address from where it was logged in, or empty
     * @param agent what the browser called itself at the login
     * @param usedAt to the minute
     * @param expiresAt when it ends also when it is used
     */
    record Session(
            String id,
            String subject,
            String name,
            TenantId tenant,
            String provider,
            String address,
            String agent,
            Instant createdAt,
            Instant usedAt,
            Instant expiresAt) {}

    /**
     * Sessions of the caller's tenant, newest first.
     *
     * @param subject whose; null: everybody's
     * @param after the id of the last one of the page before, or null for the first page
     */
    List<Session> list(SecurityContext ctx, @Nullable String subject, @Nullable String after, int limit);

    /** The sessions that are newer than one, the nearest first. */
    List<Session> listBefore(SecurityContext ctx, @Nullable String subject, String before, int limit);

    /** A session of the caller's tenant. */
    Optional<Session> find(SecurityContext ctx, String id);

    /** Ends a session of the caller's tenant; false when there is none that could be used. */
    boolean end(SecurityContext ctx, String id);

    /**
     * Ends all sessions of a subject of the caller's tenant.
     *
     * @return how many could be used until now
     */
    int endAll(SecurityContext ctx, String subject);
}
