create table audit_log (
  id {id} primary key, at {ts} not null, op {text} not null, person_id {id}, identity_id {id}, actor_name {text} not null,
  on_behalf_of {text}, unit_id {id}, ip {text}, request_id {text} not null, entity {text} not null, entity_id {id},
  change {text} not null, result {text} not null
) {strict};
create index ix_audit_log_entity on audit_log (entity, entity_id, id);
create index ix_audit_log_person on audit_log (person_id, id);
create table outbox (
  id {id} primary key, topic {text} not null, key {id}, payload {text} not null, created_at {ts} not null
) {strict};
create table job (
  id {id} primary key, kind {text} not null, payload {text} not null, run_at {ts} not null, state {text} not null,
  attempts {int} not null, dedup {text}, locked_until {ts}, last_error {text}, created_at {ts} not null, done_at {ts}
) {strict};
create unique index uq_job_dedup on job (dedup);
create index ix_job_due on job (state, run_at, id);
create table idempotency (
  person_id {id} not null, key {text} not null, reply {text} not null, created_at {ts} not null, primary key (person_id, key)
) {strict};
create index ix_idempotency_created on idempotency (created_at);
