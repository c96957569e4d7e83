-- What transactions tell other modules; a row is gone once its message was handled.
-- fields is a JSON object of strings; times are milliseconds since 1970 in UTC.
create table outbox_message (
    id ${id} not null primary key,
    tenant_id ${id} not null,
    topic ${id} not null,
    fields ${text} not null,
    created_at bigint not null
);

create index outbox_message_topic on outbox_message (topic, id);

-- Which node handles a topic, until when.
create table outbox_lease (
    topic ${id} not null primary key,
    holder ${id} not null,
    expires_at bigint not null
);
