-- Requests with an Idempotency-Key. id: hash of tenant, subject and key; the key itself is nowhere, and the answer is
-- sealed under it. Times are milliseconds since 1970 in UTC.
create table web_idempotency (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    request ${id} not null,
    answer ${bytes},
    begun_at bigint not null
);

create index web_idempotency_begun on web_idempotency (begun_at);
