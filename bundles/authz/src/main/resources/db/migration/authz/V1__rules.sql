-- Roles, bindings and policies of tenants. Lists are separated by line feeds; times are milliseconds
-- since 1970 in UTC; version grows with every change.
create table authz_role (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    name ${id} not null,
    description ${text} not null,
    permissions ${text} not null,
    parents ${text} not null,
    created_at bigint not null,
    version bigint not null
);

create unique index authz_role_name on authz_role (tenant_id, name);

create table authz_binding (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    principal ${name} not null,
    role_id ${id} not null,
    resource_type ${key},
    resource_id ${name},
    created_at bigint not null,
    expires_at bigint,
    version bigint not null
);

create index authz_binding_tenant on authz_binding (tenant_id, id);

create table authz_policy (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    name ${id} not null,
    description ${text} not null,
    effect ${id} not null,
    target ${key} not null,
    principal ${name} not null,
    expression ${text} not null,
    addresses ${text} not null,
    created_at bigint not null,
    version bigint not null
);

create unique index authz_policy_name on authz_policy (tenant_id, name);
