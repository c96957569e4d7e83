// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Handles the messages of one topic, see {@link Databases#deliver}. They come in the order in which they
 * were published, on a thread of the database's own; each comes at least once, on one of the nodes that
 * share the database, also after a crash of all of them.
 */
@ConsumerType
public interface MessageHandler {
    /**
     * A message as it was published.
     *
     * @param id UUID version 7, by which one that comes again is known
     * @param at when it was published
     */
    record Delivery(String id, Instant at, Message message) {}

    /** Constant. */
    String topic();

    /**
     * Handles messages, oldest first. When it throws, all of them come again after a pause that grows up to
     * half a minute.
     */
    void handle(List<Delivery> deliveries);
}
