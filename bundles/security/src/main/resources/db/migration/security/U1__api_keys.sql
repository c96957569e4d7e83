drop table security_api_key;
