create table incoming_doc (
  id {id} primary key, unit_id {id} not null, division_id {id}, instance_id {id} not null, year {int} not null,
  doc_class {text} not null, serial {int}, serial_no {text}, status {text} not null, source {text} not null,
  sender {text} not null, sender_key {text} not null, sender_rank {text}, title {text} not null, title_key {text} not null,
  doc_number {text}, doc_number_key {text}, secrecy {text} not null, paper_only {bool} not null, urgency {text} not null,
  genre {text}, class_code {text}, subject_terms {text}, doc_date {text}, received_date {text} not null, copies {int} not null,
  pages {int}, summary {text}, remark {text}, kind {text}, plan {text}, deadline {text}, urge {bool} not null,
  pre_reminder_days {int}, urge_count {int} not null, stage_text {text} not null, reply_text {text}, replied_date {text},
  handling_result {text}, fonds_note {text}, retention {text}, digest {text}, reject_reason {text}, void_reason {text},
  signed_in_by {id} not null, signed_in_name {text} not null, signed_in_at {ts} not null, registered_by {id},
  registered_name {text}, registered_at {ts}, completed_at {ts}, archived_at {ts}, has_files {bool} not null,
  version {int} not null, updated_at {ts} not null
) {strict};
create unique index uq_incoming_doc_unit_id_year_doc_class_serial on incoming_doc (unit_id, year, doc_class, serial);
create unique index uq_incoming_doc_instance_id on incoming_doc (instance_id);
create index ix_incoming_doc_unit_received on incoming_doc (unit_id, received_date, id);
create index ix_incoming_doc_unit_registered on incoming_doc (unit_id, registered_at, id);
create index ix_incoming_doc_unit_deadline on incoming_doc (unit_id, deadline, id);
create index ix_incoming_doc_number on incoming_doc (unit_id, doc_number_key, sender_key);
create table incoming_plan (
  doc_id {id} not null, revision {int} not null, plan {text} not null, step {text} not null, step_title {text} not null,
  identity_id {id} not null, name {text} not null, at {ts} not null, primary key (doc_id, revision)
) {strict};
create table incoming_ink (
  seat_id {id} primary key, doc_id {id} not null, identity_id {id} not null, ink {text} not null, digest {text} not null,
  at {ts} not null
) {strict};
create index ix_incoming_ink_doc on incoming_ink (doc_id, seat_id);
create table incoming_participant (
  doc_id {id} not null, identity_id {id} not null, first_at {ts} not null, visible_status {text} not null,
  sees_end {bool} not null, sees_plan {bool} not null,
  primary key (doc_id, identity_id)
) {strict};
create index ix_incoming_participant_identity on incoming_participant (identity_id, doc_id);
create table incoming_undertaking (
  doc_id {id} not null, ord {int} not null, node_id {id} not null, node_name {text} not null, role {text} not null,
  liaison_id {id}, liaison {text}, head_id {id}, head {text}, head_opinion {text}, undertaker_id {id}, undertaker {text},
  result {text}, done_at {ts}, state {text} not null, primary key (doc_id, ord)
) {strict};
create index ix_incoming_undertaking_node on incoming_undertaking (node_id, doc_id);
create table incoming_circulation (
  doc_id {id} not null, ord {int} not null, identity_id {id} not null, name {text} not null, post {text} not null,
  division {text}, sent_at {ts} not null, read_at {ts}, opinion {text}, passed_on_by {id}, passed_on_name {text},
  primary key (doc_id, ord)
) {strict};
create table incoming_ledger (
  doc_id {id} primary key, unit_id {id} not null, year {int} not null, signed_in_at {ts} not null, state {text} not null,
  sign_in_mark {text} not null, sign_in_by {text} not null, sign_in_on {text} not null,
  entry_mark {text} not null, entry_by {text} not null, entry_on {text} not null,
  proposal_mark {text} not null, proposed_by {text} not null, proposed_on {text} not null, proposed_handling {text} not null,
  deadline {text} not null, urged {text} not null, urged_on {text} not null, pre_reminder {text} not null,
  instruct_needed {text} not null, instructed_by {text} not null, instructed_on {text} not null, instruction {text} not null,
  circulated {text} not null, circulated_leaders {text} not null, circulated_divisions {text} not null,
  circulation_complete {text} not null, undertaken {text} not null, undertaking_unit {text} not null,
  assisted {text} not null, assist_units {text} not null, undertaking_opinion {text} not null,
  handling_result {text} not null, urge_count {text} not null
) {strict};
create index ix_incoming_ledger_unit on incoming_ledger (unit_id, year, signed_in_at, doc_id);
create table incoming_package (
  doc_id {id} primary key, package {text} not null, digest {text} not null, made_at {ts} not null, made_by {id} not null
) {strict};
