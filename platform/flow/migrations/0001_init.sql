-- Definitions: immutable once published.
create table flow_def (
  id {id} primary key, key {text} not null, version {int} not null, title {text} not null, hash {text} not null,
  model {text} not null, status {text} not null check (status in ('published', 'retired')), created_at {ts} not null
) {strict};
create unique index uq_flow_def_key_version on flow_def (key, version);
create unique index uq_flow_def_key_hash on flow_def (key, hash);
-- One row per instance: compact state, and what lists need of the subject.
create table flow_instance (
  id {id} primary key, def_id {id} not null references flow_def (id), subject_kind {text} not null, subject_id {id} not null,
  module {text} not null, unit_id {id} not null, title {text} not null, title_key {text} not null, number {text} not null,
  sender {text} not null, urgency {text} not null, status {text} not null, outcome {text}, rev {int} not null, seq {int} not null,
  last_hash {text} not null, starter {id} not null, started_at {ts} not null, ended_at {ts}, state {text} not null
) {strict};
create unique index uq_flow_instance_subject_kind_subject_id on flow_instance (subject_kind, subject_id);
create index ix_flow_instance_starter on flow_instance (starter);
create index ix_flow_instance_mine on flow_instance (starter, started_at desc, id desc) where status in ('running', 'suspended');
create index ix_flow_instance_running on flow_instance (id) where status in ('running', 'suspended');
-- One row per seat or read item; its id is theirs. Open and closed rows stand in separate partial indexes.
create table flow_task (
  id {id} primary key, instance_id {id} not null references flow_instance (id), subject_kind {text} not null,
  step {text} not null, step_title {text} not null, round {int} not null, kind {text} not null check (kind in ('todo', 'read')),
  status {text} not null check (status in ('open', 'parked', 'done', 'cancelled')), assignee {id}, principal {id}, shared {bool} not null,
  from_identity {id}, from_name {text} not null, due_at {ts}, created_at {ts} not null, opened_at {ts}, ended_at {ts},
  done_by {id}, on_behalf_of {id}, action {text}, opinion {text}, draft {text}, urged_at {ts}
) {strict};
create index ix_flow_task_instance on flow_task (instance_id, id);
create index ix_flow_task_open on flow_task (assignee, kind, created_at desc, id desc) where status = 'open';
create index ix_flow_task_open_principal on flow_task (principal, kind, created_at desc, id desc) where status = 'open' and shared;
create index ix_flow_task_done on flow_task (done_by, kind, ended_at desc, id desc) where status = 'done';
create index ix_flow_task_done_behalf on flow_task (on_behalf_of, kind, ended_at desc, id desc) where status = 'done' and on_behalf_of is not null;
create index ix_flow_task_due on flow_task (due_at) where status = 'open' and due_at is not null;
create index ix_flow_task_assignee on flow_task (assignee, instance_id);
-- Set on done rows only. One line per instance in 已办: the newest of a person's acts is found by three equalities.
create index ix_flow_task_done_by on flow_task (done_by, instance_id, kind);
create index ix_flow_task_principal on flow_task (principal, instance_id) where shared;
-- Candidates of an unclaimed group item; gone when it is claimed or closed.
create table flow_candidate (
  task_id {id} not null, identity_id {id} not null, kind {text} not null, created_at {ts} not null, primary key (task_id, identity_id)
) {strict};
create index ix_flow_candidate_identity on flow_candidate (identity_id, kind, created_at desc, task_id desc);
-- The record: append-only, each row hashed with the one before.
create table flow_event (
  instance_id {id} not null, seq {int} not null, rev {int} not null, at {ts} not null, actor {id}, on_behalf_of {id}, kind {text} not null,
  data {text} not null, hash {text} not null, primary key (instance_id, seq)
) {strict};
create table flow_timer (
  id {id} primary key, instance_id {id} not null, round {int} not null, kind {text} not null, due_at {ts} not null
) {strict};
create index ix_flow_timer_due on flow_timer (due_at, id);
create index ix_flow_timer_instance on flow_timer (instance_id);
create table flow_watch (
  identity_id {id} not null, instance_id {id} not null, created_at {ts} not null, primary key (identity_id, instance_id)
) {strict};
create index ix_flow_watch_instance on flow_watch (instance_id);
-- Urging and reminders: the newest of each family (urge, reminder, escalation) per person and round.
create table flow_urge (
  id {id} primary key, identity_id {id} not null, instance_id {id} not null, round {int} not null, family {text} not null,
  kind {text} not null, from_name {text} not null, note {text}, times {int} not null, created_at {ts} not null
) {strict};
create unique index uq_flow_urge_identity_id_instance_id_round_family on flow_urge (identity_id, instance_id, round, family);
create index ix_flow_urge_identity on flow_urge (identity_id, created_at desc, id desc);
create index ix_flow_urge_instance on flow_urge (instance_id);
