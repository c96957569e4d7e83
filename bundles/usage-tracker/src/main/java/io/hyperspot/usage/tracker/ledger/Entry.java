// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.security.TenantId;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A record that is well-formed, and its quantity as it is kept.
 *
 * @param quantity in units of the last digit of the type's scale
 */
record Entry(UsageRecord record, UsageType type, long quantity) {
    String id() {
        return record.id();
    }

    boolean isCounter() {
        return type.kind() == UsageType.Kind.COUNTER;
    }

    Tables.RecordRow row(Instant now) {
        Tables.RecordRow row = new Tables.RecordRow();
        row.set(Tables.RECORD.tenantId, record.tenant().toString());
        row.set(Tables.RECORD.id, record.id());
        row.set(Tables.RECORD.type, record.type());
        row.set(Tables.RECORD.subject, record.subject());
        row.set(Tables.RECORD.resource, record.resource());
        row.set(Tables.RECORD.quantity, quantity);
        row.set(Tables.RECORD.usedAt, record.at().toEpochMilli());
        row.set(Tables.RECORD.recordedAt, now.toEpochMilli());
        row.set(Tables.RECORD.corrects, record.corrects());
        row.set(Tables.RECORD.dimensions, lines(record.dimensions()));
        return row;
    }

    /** Whether the row says the same. */
    boolean isSame(Tables.RecordRow row) {
        return row.get(Tables.RECORD.type).equals(record.type())
                && row.get(Tables.RECORD.subject).equals(record.subject())
                && row.get(Tables.RECORD.resource).equals(record.resource())
                && row.get(Tables.RECORD.quantity) == quantity
                && row.get(Tables.RECORD.usedAt) == record.at().toEpochMilli()
                && row.get(Tables.RECORD.corrects).equals(record.corrects())
                && row.get(Tables.RECORD.dimensions).equals(lines(record.dimensions()));
    }

    static UsageRecord record(Tables.RecordRow row, int scale) {
        return new UsageRecord(
                row.get(Tables.RECORD.id),
                TenantId.of(row.get(Tables.RECORD.tenantId)),
                row.get(Tables.RECORD.subject),
                row.get(Tables.RECORD.type),
                row.get(Tables.RECORD.resource),
                BigDecimal.valueOf(row.get(Tables.RECORD.quantity), scale),
                Instant.ofEpochMilli(row.get(Tables.RECORD.usedAt)),
                dimensions(row.get(Tables.RECORD.dimensions)),
                row.get(Tables.RECORD.corrects));
    }

    // neither names nor values hold control characters
    private static String lines(Map<String, String> dimensions) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(dimensions).forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
        return lines.toString();
    }

    private static Map<String, String> dimensions(String lines) {
        Map<String, String> dimensions = new TreeMap<>();
        lines.lines().forEach(line -> dimensions.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        return dimensions;
    }
}
