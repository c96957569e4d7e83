drop table security_departure;
drop table security_generation;
drop table security_session;
