-- What each server let through within a second, for the others: they count it too. Kept for some seconds. Times are
-- milliseconds since 1970 in UTC.
create table web_rate_use (
    node ${id} not null,
    tick bigint not null,
    used ${bytes} not null,
    told_at bigint not null,
    primary key (node, tick)
);
