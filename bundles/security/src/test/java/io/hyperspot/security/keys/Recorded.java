// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import static org.awaitility.Awaitility.await;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.persistence.Databases;
import io.hyperspot.persistence.MessageHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was recorded: in transactions, and beside them. */
public final class Recorded implements MessageHandler, AuditTrail, AutoCloseable {
    public final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private final Databases.Delivering delivering;

    public Recorded(Databases databases) {
        delivering = databases.deliver(this);
    }

    @Override
    public String topic() {
        return AuditEvent.TOPIC;
    }

    @Override
    public void handle(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> events.add(AuditEvent.of(delivery.message())));
    }

    @Override
    public void record(AuditEvent event) {
        events.add(event);
    }

    @Override
    public void notice(AuditEvent event) {
        events.add(event);
    }

    public AuditEvent awaitEvent(String action, String target) {
        return await().until(
                        () -> events.stream()
                                .filter(event -> event.action().equals(action) && event.target().equals(target))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        delivering.close();
    }
}
