// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;

/** The tables of usage and quotas. */
final class Tables {
    static final Records RECORD = new Records();
    static final Corrections CORRECTED = new Corrections();
    static final Totals TOTAL = new Totals();
    static final QuotaTable QUOTA = new QuotaTable();
    static final CounterTable COUNTER = new CounterTable();
    static final Reservations RESERVATION = new Reservations();

    private Tables() {}

    /** What is added to a row is found by its key. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is made by the callers here, of such fields
    private static <R extends Record> UniqueKey<R> key(Table<R> table, TableField<R, ?>... fields) {
        return Internal.createUniqueKey(table, DSL.name(table.getName() + "_key"), fields, true);
    }

    static final class Records extends CustomTable<RecordRow> {
        private static final long serialVersionUID = 1L;

        final TableField<RecordRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<RecordRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<RecordRow, String> type = createField(DSL.name("type"), SQLDataType.CLOB);
        final TableField<RecordRow, String> subject = createField(DSL.name("subject"), SQLDataType.CLOB);
        final TableField<RecordRow, String> resource = createField(DSL.name("resource"), SQLDataType.CLOB);
        final TableField<RecordRow, Long> quantity = createField(DSL.name("quantity"), SQLDataType.BIGINT);
        final TableField<RecordRow, Long> usedAt = createField(DSL.name("used_at"), SQLDataType.BIGINT);
        final TableField<RecordRow, Long> recordedAt = createField(DSL.name("recorded_at"), SQLDataType.BIGINT);
        final TableField<RecordRow, String> corrects = createField(DSL.name("corrects"), SQLDataType.CLOB);
        final TableField<RecordRow, String> dimensions = createField(DSL.name("dimensions"), SQLDataType.CLOB);

        private Records() {
            super(DSL.name("usage_record"));
        }

        @Override
        public Class<? extends RecordRow> getRecordType() {
            return RecordRow.class;
        }

        @Override
        public UniqueKey<RecordRow> getPrimaryKey() {
            return key(this, tenantId, id);
        }
    }

    static final class Corrections extends CustomTable<CorrectedRow> {
        private static final long serialVersionUID = 1L;

        final TableField<CorrectedRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<CorrectedRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<CorrectedRow, Long> quantity = createField(DSL.name("quantity"), SQLDataType.BIGINT);

        private Corrections() {
            super(DSL.name("usage_corrected"));
        }

        @Override
        public Class<? extends CorrectedRow> getRecordType() {
            return CorrectedRow.class;
        }

        @Override
        public UniqueKey<CorrectedRow> getPrimaryKey() {
            return key(this, tenantId, id);
        }
    }

    static final class Totals extends CustomTable<TotalRow> {
        private static final long serialVersionUID = 1L;

        final TableField<TotalRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<TotalRow, String> period = createField(DSL.name("period"), SQLDataType.CLOB);
        final TableField<TotalRow, Long> startAt = createField(DSL.name("start_at"), SQLDataType.BIGINT);
        final TableField<TotalRow, String> series = createField(DSL.name("series"), SQLDataType.CLOB);
        final TableField<TotalRow, String> type = createField(DSL.name("type"), SQLDataType.CLOB);
        final TableField<TotalRow, String> subject = createField(DSL.name("subject"), SQLDataType.CLOB);
        final TableField<TotalRow, String> resource = createField(DSL.name("resource"), SQLDataType.CLOB);
        final TableField<TotalRow, Long> quantity = createField(DSL.name("quantity"), SQLDataType.BIGINT);
        final TableField<TotalRow, Long> records = createField(DSL.name("records"), SQLDataType.BIGINT);
        final TableField<TotalRow, Long> lastQuantity = createField(DSL.name("last_quantity"), SQLDataType.BIGINT);
        final TableField<TotalRow, Long> lastAt = createField(DSL.name("last_at"), SQLDataType.BIGINT);

        private Totals() {
            super(DSL.name("usage_total"));
        }

        @Override
        public Class<? extends TotalRow> getRecordType() {
            return TotalRow.class;
        }

        @Override
        public UniqueKey<TotalRow> getPrimaryKey() {
            return key(this, tenantId, period, startAt, series);
        }
    }

    static final class QuotaTable extends CustomTable<QuotaRow> {
        private static final long serialVersionUID = 1L;

        final TableField<QuotaRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> ownerId = createField(DSL.name("owner_id"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> slot = createField(DSL.name("slot"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> type = createField(DSL.name("type"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> subject = createField(DSL.name("subject"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> period = createField(DSL.name("period"), SQLDataType.CLOB);
        final TableField<QuotaRow, String> enforcement = createField(DSL.name("enforcement"), SQLDataType.CLOB);
        final TableField<QuotaRow, Long> most = createField(DSL.name("most"), SQLDataType.BIGINT);
        final TableField<QuotaRow, Long> grace = createField(DSL.name("grace"), SQLDataType.BIGINT);
        final TableField<QuotaRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<QuotaRow, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

        private QuotaTable() {
            super(DSL.name("usage_quota"));
        }

        @Override
        public Class<? extends QuotaRow> getRecordType() {
            return QuotaRow.class;
        }
    }

    static final class CounterTable extends CustomTable<CounterRow> {
        private static final long serialVersionUID = 1L;

        final TableField<CounterRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<CounterRow, String> quotaId = createField(DSL.name("quota_id"), SQLDataType.CLOB);
        final TableField<CounterRow, Long> startAt = createField(DSL.name("start_at"), SQLDataType.BIGINT);
        final TableField<CounterRow, Long> used = createField(DSL.name("used"), SQLDataType.BIGINT);
        final TableField<CounterRow, Long> reserved = createField(DSL.name("reserved"), SQLDataType.BIGINT);

        private CounterTable() {
            super(DSL.name("usage_counter"));
        }

        @Override
        public Class<? extends CounterRow> getRecordType() {
            return CounterRow.class;
        }

        @Override
        public UniqueKey<CounterRow> getPrimaryKey() {
            return key(this, tenantId, quotaId, startAt);
        }
    }

    static final class Reservations extends CustomTable<ReservationRow> {
        private static final long serialVersionUID = 1L;

        final TableField<ReservationRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<ReservationRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<ReservationRow, String> state = createField(DSL.name("state"), SQLDataType.CLOB);
        final TableField<ReservationRow, String> holds = createField(DSL.name("holds"), SQLDataType.CLOB);
        final TableField<ReservationRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<ReservationRow, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);

        private Reservations() {
            super(DSL.name("usage_reservation"));
        }

        @Override
        public Class<? extends ReservationRow> getRecordType() {
            return ReservationRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class RecordRow extends CustomRecord<RecordRow> {
        private static final long serialVersionUID = 1L;

        public RecordRow() {
            super(RECORD);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class CorrectedRow extends CustomRecord<CorrectedRow> {
        private static final long serialVersionUID = 1L;

        public CorrectedRow() {
            super(CORRECTED);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class TotalRow extends CustomRecord<TotalRow> {
        private static final long serialVersionUID = 1L;

        public TotalRow() {
            super(TOTAL);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class QuotaRow extends CustomRecord<QuotaRow> {
        private static final long serialVersionUID = 1L;

        public QuotaRow() {
            super(QUOTA);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class CounterRow extends CustomRecord<CounterRow> {
        private static final long serialVersionUID = 1L;

        public CounterRow() {
            super(COUNTER);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class ReservationRow extends CustomRecord<ReservationRow> {
        private static final long serialVersionUID = 1L;

        public ReservationRow() {
            super(RESERVATION);
        }
    }
}
