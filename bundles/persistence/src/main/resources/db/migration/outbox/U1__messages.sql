drop table outbox_lease;
drop table outbox_message;
