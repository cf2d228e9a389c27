create table file (
  id {id} primary key, name {text} not null, size {int} not null, media_type {text} not null, kind {text} not null, sha256 {text} not null,
  uploader_person_id {id} not null, uploader_identity_id {id} not null, uploader_unit_id {id} not null, created_at {ts} not null,
  loose_at {ts}, frozen_at {ts}, preview_state {text} not null, preview_sha256 {text}, preview_note {text}
) {strict};
create index ix_file_sha256 on file (sha256);
create index ix_file_preview_sha256 on file (preview_sha256);
create index ix_file_loose_at on file (loose_at);
create table file_link (
  file_id {id} not null references file (id), subject_kind {text} not null, subject_id {id} not null, role {text} not null,
  sort {int} not null, linked_at {ts} not null, primary key (subject_kind, subject_id, file_id)
) {strict};
create index ix_file_link_file on file_link (file_id);
