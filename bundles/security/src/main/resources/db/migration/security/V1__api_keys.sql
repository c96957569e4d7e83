-- API keys. The key itself is nowhere: hash is HMAC-SHA256 under the server's secret, hexadecimal.
-- Times are milliseconds since 1970 in UTC; scopes are separated by line feeds.
create table security_api_key (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    name ${name} not null,
    prefix ${id} not null,
    hash ${id} not null unique,
    scopes ${text} not null,
    created_by ${name} not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);

create index security_api_key_tenant on security_api_key (tenant_id, id);
