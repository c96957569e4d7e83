drop table credstore_rotation;
drop table credstore_version;
drop table credstore_secret;
