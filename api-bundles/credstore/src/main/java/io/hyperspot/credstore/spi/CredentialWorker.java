// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.spi;

import io.hyperspot.credstore.Secret;
import io.hyperspot.security.TenantId;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A place outside of the database where values of secrets are kept. A DS component with
 * {@code @GtsWorker(type = CredentialWorker.TYPE, ...)}. It keeps values only: who may see what, versions
 * and expiry are the gateway's. Called from many threads at once; calls block their virtual thread and end
 * within a deadline. Failures are {@link io.hyperspot.modkit.ProblemException}s: UNAVAILABLE, BAD_UPSTREAM,
 * DEADLINE_EXCEEDED, UNIMPLEMENTED for a write where nothing can be written. No message, log or metric of
 * it holds a value.
 */
@ConsumerType
public interface CredentialWorker {
    /** The GTS type of credentials workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.core.credstore.worker.v1~";

    /**
     * Which value.
     *
     * @param tenant the secret's owner
     * @param reference the secret's; letters, digits, underscores and dashes
     * @param id of the secret, for ever its own
     * @param version counts from 1
     */
    record Slot(TenantId tenant, String reference, String id, long version) {}

    /** What secrets say in {@code store} to be kept here: lower-case letters, digits and dashes; constant. */
    String store();

    /** Whether values can be written. Others are only referred to: they are there already. */
    boolean isWritable();

    /** The value, or empty when there is none. */
    Optional<Secret> get(Slot slot);

    /** Keeps a value. The gateway writes a version once, and once more after a failure. */
    void put(Slot slot, Secret value);

    /** Forgets all versions of a secret. None is there: nothing happens. */
    void delete(Slot slot);
}
