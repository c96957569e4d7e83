-- Tenants. tenant_id is the tenant's own id: a tenant's row belongs to it.
-- parent_id is null for the root; status is active, suspended or deleted; self_managed is 0 or 1;
-- times are milliseconds since 1970 in UTC; version grows with every change.
create table tenants_database_tenant (
    tenant_id ${id} not null primary key,
    parent_id ${id},
    name ${name} not null,
    type ${id} not null,
    status ${id} not null,
    self_managed integer not null,
    created_at bigint not null,
    changed_at bigint not null,
    version bigint not null
);

create index tenants_database_tenant_parent on tenants_database_tenant (parent_id);
