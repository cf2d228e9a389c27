create table number_series (
  id {id} primary key, unit_id {id} not null, key {text} not null, year {int} not null, next {int} not null, updated_at {ts} not null
) {strict};
create unique index uq_number_series_unit_id_key_year on number_series (unit_id, key, year);
create table numbering_void (
  id {id} primary key, unit_id {id} not null, key {text} not null, year {int} not null, number {int} not null,
  reason {text} not null, entity {text} not null, entity_id {id} not null, voided_by {text} not null, voided_at {ts} not null
) {strict};
create unique index uq_numbering_void_unit_id_key_year_number on numbering_void (unit_id, key, year, number);
