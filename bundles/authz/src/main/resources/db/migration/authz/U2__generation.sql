drop table authz_generation;
