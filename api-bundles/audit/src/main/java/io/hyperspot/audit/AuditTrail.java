// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit;

import io.hyperspot.persistence.DatabaseException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Records acts that have no transaction of their own in which {@link AuditEvent#publish} would do it. An
 * OSGi service, thread-safe.
 */
@ProviderType
public interface AuditTrail {
    /**
     * Records an event before it returns: call it before the act is done, or answered.
     *
     * @throws io.hyperspot.persistence.DatabaseException when it cannot be recorded now
     */
    void record(AuditEvent event);

    /**
     * Records an event before it returns, or soon after when the database cannot be used now; throws nothing.
     * For acts that an outage must not prevent, such as taking back a bad version.
     */
    default void report(AuditEvent event) {
        try {
            record(event);
        } catch (DatabaseException e) {
            notice(event);
        }
    }

    /**
     * Records an event within a second, costs the caller no I/O and throws nothing. For what anybody can
     * cause at any rate, such as requests that are refused: when more come than can be written, their
     * number is recorded instead.
     */
    void notice(AuditEvent event);
}
