drop table authz_policy;
drop table authz_binding;
drop table authz_role;
