-- unit_id 0 = the installation.
create table setting_value (
  unit_id {id} not null, key {text} not null, value {text} not null, version {int} not null, updated_at {ts} not null,
  updated_by {id}, primary key (unit_id, key)
) {strict};
