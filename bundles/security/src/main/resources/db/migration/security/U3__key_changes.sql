drop table security_key_change;
