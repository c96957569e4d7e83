drop table types_registry_entity;
