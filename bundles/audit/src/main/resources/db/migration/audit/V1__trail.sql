-- Each tenant's trail: records numbered from 1, each signed over its hash, which covers the one before.
-- What concerns a person is sealed under keys that can be destroyed. Times are milliseconds since 1970 in UTC.
create table audit_record (
    tenant_id ${id} not null,
    seq bigint not null,
    id ${id} not null unique,
    recorded_at bigint not null,
    action ${name} not null,
    outcome ${id} not null,
    target ${text} not null,
    target_ref ${id} not null,
    actor_ref ${id} not null,
    actor_key ${id} not null,
    actor_sealed ${bytes} not null,
    details_key ${id} not null,
    details_sealed ${bytes} not null,
    previous_hash ${id} not null,
    hash ${id} not null,
    signature ${bytes} not null,
    primary key (tenant_id, seq)
);

create index audit_record_action on audit_record (tenant_id, action, seq);
create index audit_record_actor on audit_record (tenant_id, actor_ref, seq);
create index audit_record_target on audit_record (tenant_id, target_ref, seq);

-- The end of each trail, and, once the oldest records were removed in order, where it begins now.
create table audit_end (
    tenant_id ${id} not null,
    kind ${id} not null,
    seq bigint not null,
    hash ${id} not null,
    signed_at bigint not null,
    signature ${bytes} not null,
    primary key (tenant_id, kind)
);

create table audit_person_key (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    person_ref ${id} not null,
    sealed ${bytes},
    created_at bigint not null,
    erased_at bigint
);

create index audit_person_key_person on audit_person_key (tenant_id, person_ref);

create table audit_hold (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    reason ${name} not null,
    created_by ${name} not null,
    created_at bigint not null
);

create index audit_hold_tenant on audit_hold (tenant_id, id);
