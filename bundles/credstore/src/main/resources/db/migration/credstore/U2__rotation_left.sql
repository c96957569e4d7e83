alter table credstore_rotation drop column left_over;
