drop table web_idempotency;
