-- Sessions of people. The token is nowhere: hash is HMAC-SHA256 under the server's secret, hexadecimal.
-- Lists are separated by line feeds; times are milliseconds since 1970 in UTC. Every end of a session that
-- other servers must hear of takes the next generation.
create table security_session (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    subject ${name} not null,
    person ${name} not null,
    provider ${id} not null,
    hash ${id} not null unique,
    held_groups ${text} not null,
    scopes ${text} not null,
    address ${id} not null,
    agent ${name} not null,
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    ended_in bigint
);

create index security_session_subject on security_session (tenant_id, subject);
create index security_session_ended on security_session (ended_in);
create index security_session_expires on security_session (expires_at);

create table security_generation (
    id ${id} not null primary key,
    generation bigint not null
);

insert into security_generation (id, generation) values ('sessions', 0);

-- Logins at the page of somebody else that have begun. Found by the hash of the state; what the worker must
-- know again is encrypted under a key that only the state gives.
create table security_departure (
    id ${id} not null primary key,
    browser ${id} not null,
    provider ${id} not null,
    return_to ${key} not null,
    memory ${text} not null,
    expires_at bigint not null
);

create index security_departure_expires on security_departure (expires_at);
