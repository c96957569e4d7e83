-- Values that a finished rotation could not encrypt again, because they are not what was stored.
alter table credstore_rotation add column left_over bigint;
