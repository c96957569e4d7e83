-- Grows with every change of a tenant's rules: other servers of the same database see by it that they must
-- read them again.
create table authz_generation (
    tenant_id ${id} not null primary key,
    generation bigint not null
);
