create table access_account (
  person_id {id} primary key, login {text} not null, login_key {text} not null, password_hash {text} not null,
  must_change {bool} not null, status {text} not null, password_changed_at {ts}, last_login_at {ts}, last_login_ip {text},
  created_at {ts} not null
) {strict};
create unique index uq_access_account_login_key on access_account (login_key);
create table access_throttle (
  bucket {text} primary key, fail_count {int} not null, locked_until {ts} not null, failed_at {ts} not null
) {strict};
create index ix_access_throttle_failed on access_throttle (failed_at);
create table access_session (
  id {id} primary key, token_hash {text} not null, person_id {id} not null, identity_id {id} not null,
  created_at {ts} not null, last_seen_at {ts} not null, expires_at {ts} not null, ip {text}, user_agent {text}, revoked_at {ts}
) {strict};
create unique index uq_access_session_token_hash on access_session (token_hash);
create index ix_access_session_person on access_session (person_id, revoked_at, id);
create index ix_access_session_seen on access_session (last_seen_at, id);
create table access_grant (
  id {id} primary key, identity_id {id} not null, role {text} not null, granted_by {id}, granted_at {ts} not null
) {strict};
create unique index uq_access_grant_identity_id_role on access_grant (identity_id, role);
create index ix_access_grant_role on access_grant (role, identity_id);
create table access_delegation (
  id {id} primary key, principal {id} not null, agent {id} not null, from_at {ts} not null, until_at {ts} not null,
  scope {text} not null, include_open {bool} not null, reason {text} not null, status {text} not null,
  created_at {ts} not null, ended_at {ts}, ended_by {id}
) {strict};
create index ix_access_delegation_principal on access_delegation (principal, status, until_at);
create index ix_access_delegation_agent on access_delegation (agent, status, until_at);
create index ix_access_delegation_status on access_delegation (status, until_at);
create table access_phrase (
  id {id} primary key, person_id {id}, content {text} not null, sort {int} not null
) {strict};
create index ix_access_phrase_person on access_phrase (person_id, sort, id);
create table access_filter (
  id {id} primary key, person_id {id} not null, list_key {text} not null, name {text} not null, query {text} not null
) {strict};
create unique index uq_access_filter_person_id_list_key_name on access_filter (person_id, list_key, name);
create table access_pref (
  person_id {id} not null, key {text} not null, value {text} not null, primary key (person_id, key)
) {strict};
create table access_site (
  key {text} primary key, value {text} not null
) {strict};
insert into access_phrase (id, person_id, content, sort) values
  (1, null, '已阅。', 1), (2, null, '同意。', 2), (3, null, '拟同意，请领导批示。', 3), (4, null, '请阅示。', 4),
  (5, null, '请办公室阅处。', 5), (6, null, '请按规定办理，并反馈结果。', 6), (7, null, '请牵头单位会同有关单位研究办理。', 7),
  (8, null, '请按领导批示精神抓好落实。', 8), (9, null, '请阅研，提出意见。', 9), (10, null, '已办结。', 10),
  (11, null, '转请有关单位阅处。', 11), (12, null, '情况属实，同意所拟意见。', 12);
