drop table tenants_database_tenant;
