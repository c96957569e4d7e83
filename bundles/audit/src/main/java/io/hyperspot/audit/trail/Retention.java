// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.END;
import static io.hyperspot.audit.trail.Tables.HOLD;
import static io.hyperspot.audit.trail.Tables.RECORD;

import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.trail.Tables.RecordRow;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Removes the oldest records of trails that are not held, and signs where each begins from then on. */
final class Retention {
    private static final int STEP = 1000;
    private static final TenantScope ALL = TenantScope.platform("old records of all tenants are removed");

    private final Database database;
    private final SigningKey key;
    private final Clock clock;

    Retention(Database database, SigningKey key, Clock clock) {
        this.database = database;
        this.key = key;
        this.clock = clock;
    }

    /** How many records were removed. */
    long remove(Duration age) {
        long before = clock.millis() - age.toMillis();
        List<String> tenants = database.read(ALL, rows -> rows.from(END).where(END.kind.eq(Point.Kind.HEAD.name())).fetch().stream()
                .map(row -> row.get(END.tenantId))
                .toList());
        long removed = 0;
        for (String tenant : tenants) {
            TenantScope scope = TenantScope.of(Set.of(TenantId.of(tenant)));
            int step = STEP;
            while (step == STEP) {
                step = database.<Integer>write(scope, rows -> removeSome(rows, tenant, before));
                removed += step;
            }
        }
        return removed;
    }

    private int removeSome(Writing rows, String tenant, long before) {
        if (rows.from(HOLD).count() > 0) {
            return 0;
        }
        // in order: a record whose clock ran ahead keeps those behind it
        int old = 0;
        RecordRow last = null;
        for (RecordRow row : rows.from(RECORD).orderBy(RECORD.seq.asc()).limit(STEP).fetch()) {
            if (row.get(RECORD.recordedAt) >= before) {
                break;
            }
            last = row;
            old++;
        }
        if (last != null) {
            Point start = new Point(Point.Kind.START, tenant, last.get(RECORD.seq), last.get(RECORD.hash));
            rows.delete(RECORD, RECORD.seq.le(last.get(RECORD.seq)));
            Ends.write(rows, key.sign(start, clock.millis()), Ends.read(rows, Point.Kind.START) == null);
        }
        return old;
    }
}
