drop table web_rate_use;
