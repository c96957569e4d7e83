-- Secrets of tenants. owner is the subject of a private one, else empty; times are milliseconds since 1970 in UTC.
create table credstore_secret (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    reference ${key} not null,
    owner ${name} not null,
    sharing ${id} not null,
    type ${key} not null,
    store ${id} not null,
    version bigint not null,
    revision bigint not null,
    created_by ${name} not null,
    created_at bigint not null,
    changed_at bigint not null,
    expires_at bigint,
    unique (tenant_id, reference, owner)
);

-- Values. wrapped_key is the version's own data key, encrypted under the key-encryption key key_id;
-- the three are null when the value is kept elsewhere or its time is over.
create table credstore_version (
    secret_id ${id} not null,
    version bigint not null,
    tenant_id ${id} not null,
    created_at bigint not null,
    valid_until bigint,
    key_id ${key},
    wrapped_key ${bytes},
    ciphertext ${bytes},
    sealed_at bigint,
    primary key (secret_id, version)
);

-- The latest rotation of each kind; finished_at is null while there is something left to do.
create table credstore_rotation (
    tenant_id ${id} not null,
    kind ${id} not null,
    started_at bigint not null,
    total bigint not null,
    finished_at bigint,
    primary key (tenant_id, kind)
);
