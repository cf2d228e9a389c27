-- Unfinished input, kept for its writer only.
create table home_draft (
  id {id} primary key, person_id {id} not null, kind {text} not null, title {text} not null, path {text} not null,
  data {text} not null, saved_at {ts} not null
) {strict};
create index ix_home_draft_person on home_draft (person_id, saved_at desc, id desc);
