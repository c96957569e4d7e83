drop table usage_reservation;
drop table usage_counter;
drop table usage_quota;
drop table usage_total;
drop table usage_corrected;
drop table usage_record;
