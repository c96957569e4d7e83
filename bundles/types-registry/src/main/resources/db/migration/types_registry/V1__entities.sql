-- Documents that tenants registered; those of bundles come from the bundles each time.
-- status is active, deprecated or deleted; times are milliseconds since 1970 in UTC.
create table types_registry_entity (
    tenant_id ${id} not null,
    entity_key ${key} not null,
    content ${text} not null,
    status ${id} not null,
    created_by ${name} not null,
    created_at bigint not null,
    changed_by ${name} not null,
    changed_at bigint not null,
    primary key (tenant_id, entity_key)
);
