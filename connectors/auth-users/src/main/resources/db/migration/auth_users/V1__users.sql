-- People with a password. name_key is the name as it is compared. password is argon2id with its parameters;
-- setup_hash and the codes are HMAC-SHA256 under a secret of the server, hexadecimal; totp_secret is encrypted
-- under it. Times are milliseconds since 1970 in UTC; lists are separated by line feeds; version grows with
-- every change that people see.
create table auth_users_user (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    name ${name} not null,
    name_key ${name} not null unique,
    display_name ${name} not null,
    held_groups ${text} not null,
    disabled integer not null,
    password ${name},
    password_at bigint,
    setup_hash ${id},
    setup_until bigint,
    totp_secret ${name},
    totp_confirmed integer not null,
    totp_step bigint not null,
    created_at bigint not null,
    version bigint not null
);

create index auth_users_user_tenant on auth_users_user (tenant_id, id);
create unique index auth_users_user_setup on auth_users_user (setup_hash);

create table auth_users_recovery (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    user_id ${id} not null,
    hash ${id} not null
);

create index auth_users_recovery_user on auth_users_recovery (user_id);
