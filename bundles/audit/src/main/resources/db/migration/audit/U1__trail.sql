drop table audit_hold;
drop table audit_person_key;
drop table audit_end;
drop table audit_record;
