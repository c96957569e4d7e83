-- Usage, its sums, quotas and reservations. Quantities are whole numbers of the last digit that the usage
-- type's scale allows; times are milliseconds since 1970 in UTC. A series is the hash of type, subject and
-- resource: together they are too long for a key.
create table usage_record (
    tenant_id ${id} not null,
    id ${id} not null,
    type ${key} not null,
    subject ${name} not null,
    resource ${name} not null,
    quantity bigint not null,
    used_at bigint not null,
    recorded_at bigint not null,
    corrects ${id} not null,
    dimensions ${text} not null,
    primary key (tenant_id, id)
);

create index usage_record_time on usage_record (tenant_id, used_at, id);

-- By how much records are corrected in the sum.
create table usage_corrected (
    tenant_id ${id} not null,
    id ${id} not null,
    quantity bigint not null,
    primary key (tenant_id, id)
);

create table usage_total (
    tenant_id ${id} not null,
    period ${id} not null,
    start_at bigint not null,
    series ${id} not null,
    type ${key} not null,
    subject ${name} not null,
    resource ${name} not null,
    quantity bigint not null,
    records bigint not null,
    last_quantity bigint,
    last_at bigint,
    primary key (tenant_id, period, start_at, series),
    check (quantity > -9000000000000000000 and quantity < 9000000000000000000)
);

-- owner_id: the tenant that set it; slot: the hash of what makes a second one superfluous.
create table usage_quota (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    owner_id ${id} not null,
    slot ${id} not null,
    type ${key} not null,
    subject ${name} not null,
    period ${id} not null,
    enforcement ${id} not null,
    most bigint not null,
    grace bigint not null,
    created_at bigint not null,
    version bigint not null
);

create unique index usage_quota_slot on usage_quota (tenant_id, slot);

create table usage_counter (
    tenant_id ${id} not null,
    quota_id ${id} not null,
    start_at bigint not null,
    used bigint not null,
    reserved bigint not null,
    primary key (tenant_id, quota_id, start_at),
    check (used > -9000000000000000000 and used < 9000000000000000000)
);

-- holds: lines of tenant, quota, start and amount.
create table usage_reservation (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    state ${id} not null,
    holds ${text} not null,
    created_at bigint not null,
    expires_at bigint not null
);

create index usage_reservation_end on usage_reservation (state, expires_at);
