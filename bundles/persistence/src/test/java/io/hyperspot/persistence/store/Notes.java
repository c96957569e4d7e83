// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Migration;
import io.hyperspot.security.TenantId;
import java.util.List;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** A module with two tables, and one of the platform. */
final class Notes {
    static final String MODULE = "notes";
    static final TenantId A = TenantId.of("0192f000-0000-7000-8000-00000000000a");
    static final TenantId B = TenantId.of("0192f000-0000-7000-8000-00000000000b");
    static final Migration V1 = new Migration("V1__notes.sql", """
            create table notes_note (id ${id} primary key, tenant_id ${id} not null, body ${text} not null);
            create table notes_tag (note_id ${id} not null, tenant_id ${id} not null, tag ${name} not null,
                foreign key (note_id) references notes_note (id));
            create table notes_setting (name ${name} primary key);
            """);
    static final NoteTable NOTE = new NoteTable("notes_note");
    static final NoteTable FOREIGN = new NoteTable("other_note");
    static final TagTable TAG = new TagTable();
    static final SettingTable SETTING = new SettingTable();

    private Notes() {}

    static List<Migration> migrations() {
        return List.of(V1);
    }

    static NoteRecord note(String id, TenantId tenant, String body) {
        NoteRecord note = new NoteRecord();
        note.set(NOTE.id, id);
        note.set(NOTE.tenant, tenant.toString());
        note.set(NOTE.body, body);
        return note;
    }

    static TagRecord tag(String note, TenantId tenant, String tag) {
        TagRecord row = new TagRecord();
        row.set(TAG.note, note);
        row.set(TAG.tenant, tenant.toString());
        row.set(TAG.tag, tag);
        return row;
    }

    static final class NoteTable extends CustomTable<NoteRecord> {
        private static final long serialVersionUID = 1L;

        final TableField<NoteRecord, String> id = createField(DSL.name("id"), SQLDataType.VARCHAR);
        final TableField<NoteRecord, String> tenant = createField(DSL.name("tenant_id"), SQLDataType.VARCHAR);
        final TableField<NoteRecord, String> body = createField(DSL.name("body"), SQLDataType.VARCHAR);

        NoteTable(String name) {
            super(DSL.name(name));
        }

        @Override
        public Class<? extends NoteRecord> getRecordType() {
            return NoteRecord.class;
        }
    }

    static final class NoteRecord extends CustomRecord<NoteRecord> {
        private static final long serialVersionUID = 1L;

        NoteRecord() {
            super(NOTE);
        }
    }

    static final class TagTable extends CustomTable<TagRecord> {
        private static final long serialVersionUID = 1L;

        final TableField<TagRecord, String> note = createField(DSL.name("note_id"), SQLDataType.VARCHAR);
        final TableField<TagRecord, String> tenant = createField(DSL.name("tenant_id"), SQLDataType.VARCHAR);
        final TableField<TagRecord, String> tag = createField(DSL.name("tag"), SQLDataType.VARCHAR);

        TagTable() {
            super(DSL.name("notes_tag"));
        }

        @Override
        public Class<? extends TagRecord> getRecordType() {
            return TagRecord.class;
        }
    }

    static final class TagRecord extends CustomRecord<TagRecord> {
        private static final long serialVersionUID = 1L;

        TagRecord() {
            super(TAG);
        }
    }

    static final class SettingTable extends CustomTable<SettingRecord> {
        private static final long serialVersionUID = 1L;

        final TableField<SettingRecord, String> name = createField(DSL.name("name"), SQLDataType.VARCHAR);

        SettingTable() {
            super(DSL.name("notes_setting"));
        }

        @Override
        public Class<? extends SettingRecord> getRecordType() {
            return SettingRecord.class;
        }
    }

    static final class SettingRecord extends CustomRecord<SettingRecord> {
        private static final long serialVersionUID = 1L;

        SettingRecord() {
            super(SETTING);
        }
    }

    static List<String> ids(List<? extends Record> rows) {
        return rows.stream().map(row -> row.get(NOTE.id)).toList();
    }
}
