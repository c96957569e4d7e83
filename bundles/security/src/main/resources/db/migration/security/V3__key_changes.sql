-- What was done to keys lately, for the other servers of the database.
create table security_key_change (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    key_id ${id} not null,
    changed_at bigint not null
);

create index security_key_change_at on security_key_change (changed_at);
