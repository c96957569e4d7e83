drop table auth_users_recovery;
drop table auth_users_user;
