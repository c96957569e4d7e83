-- Roles, bindings and policies of tenants. Lists are separated by line feeds; times are milliseconds
-- since 1970 in UTC; version grows with every change.
create table authz_role (
    id text not null primary key,
    tenant_id text not null,
    name text not null,
    description text not null,
    permissions text not null,
    parents text not null,
    created_at bigint not null,
    version bigint not null
);

create unique index authz_role_name on authz_role (tenant_id, name);

create table authz_binding (
    id text not null primary key,
    tenant_id text not null,
    principal text not null,
    role_id text not null,
    resource_type text,
    resource_id text,
    created_at bigint not null,
    expires_at bigint,
    version bigint not null
);

create index authz_binding_tenant on authz_binding (tenant_id, id);

create table authz_policy (
    id text not null primary key,
    tenant_id text not null,
    name text not null,
    description text not null,
    effect text not null,
    target text not null,
    principal text not null,
    expression text not null,
    addresses text not null,
    created_at bigint not null,
    version bigint not null
);

create unique index authz_policy_name on authz_policy (tenant_id, name);
