-- Documents that tenants registered; those of bundles come from the bundles each time.
-- status is active, deprecated or deleted; times are milliseconds since 1970 in UTC.
create table types_registry_entity (
    tenant_id text not null,
    entity_key text not null,
    content text not null,
    status text not null,
    created_by text not null,
    created_at bigint not null,
    changed_by text not null,
    changed_at bigint not null,
    primary key (tenant_id, entity_key)
);
