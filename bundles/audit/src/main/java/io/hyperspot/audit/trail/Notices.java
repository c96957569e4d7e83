// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Events that are written soon: a bounded queue, and a count of what did not fit. */
final class Notices {
    private static final int MOST = 2000;
    private static final int BATCH = 200;
    private static final TenantScope ALL = TenantScope.platform("notices of all tenants are written together");

    private final Database database;
    private final ArrayBlockingQueue<AuditEvent> waiting = new ArrayBlockingQueue<>(MOST);
    private final AtomicLong lost = new AtomicLong();

    Notices(Database database) {
        this.database = database;
    }

    void add(AuditEvent event) {
        if (!waiting.offer(event)) {
            lost.incrementAndGet();
        }
    }

    /**
     * Writes what waits. Called by one thread at a time.
     *
     * @throws io.hyperspot.persistence.DatabaseException when it cannot be written now; it goes on waiting
     */
    void write() {
        while (!waiting.isEmpty()) {
            List<AuditEvent> some = new ArrayList<>(BATCH);
            waiting.stream().limit(BATCH).forEach(some::add);
            publish(some);
            some.forEach(event -> waiting.poll());
        }
        long missing = lost.get();
        if (missing > 0) {
            publish(List.of(new AuditEvent(
                    TenantId.ROOT,
                    "system:audit",
                    "audit.overflow",
                    "",
                    AuditEvent.Outcome.FAILED,
                    Map.of("not_recorded", "" + missing))));
            lost.addAndGet(-missing);
        }
    }

    private void publish(List<AuditEvent> events) {
        database.<Integer>write(ALL, rows -> {
            events.forEach(event -> event.publish(rows));
            return events.size();
        });
    }
}
