-- One row whose update serialises structural changes of the tree; its version tells caches that something moved.
create table org_tree (id {id} primary key, version {int} not null) {strict};
insert into org_tree (id, version) values (1, 1);
create table org_node (
  id {id} primary key, parent_id {id} references org_node (id), kind {text} not null, unit_kind {text}, name {text} not null,
  name_key {text} not null, short_name {text} not null, code {text}, sort {int} not null, status {text} not null,
  heir_id {id} references org_node (id), path {text} not null, pinyin_key {text} not null, version {int} not null,
  created_at {ts} not null, updated_at {ts} not null
) {strict};
create unique index uq_org_node_code on org_node (code);
create unique index uq_org_node_parent_id_name_key on org_node (parent_id, name_key) where status = 'active';
create index ix_org_node_parent on org_node (parent_id, sort, id);
create table org_person (
  id {id} primary key, name {text} not null, name_key {text} not null, pinyin_key {text} not null, mobile {text},
  status {text} not null, version {int} not null, created_at {ts} not null, updated_at {ts} not null
) {strict};
create index ix_org_person_name on org_person (name_key, id);
create index ix_org_person_pinyin on org_person (pinyin_key, id);
create table org_identity (
  id {id} primary key, person_id {id} not null references org_person (id), node_id {id} not null references org_node (id),
  unit_id {id} not null references org_node (id), division_id {id} references org_node (id), post {text} not null,
  rank {int} not null, is_head {bool} not null, is_liaison {bool} not null, is_primary {bool} not null, status {text} not null,
  heir_id {id} references org_identity (id), version {int} not null, created_at {ts} not null, ended_at {ts}
) {strict};
create index ix_org_identity_person on org_identity (person_id, status, id);
create index ix_org_identity_node on org_identity (node_id, status, rank, id);
create index ix_org_identity_unit on org_identity (unit_id, status, rank, id);
create table org_supervision (
  identity_id {id} not null references org_identity (id), node_id {id} not null references org_node (id),
  primary key (identity_id, node_id)
) {strict};
create index ix_org_supervision_node on org_supervision (node_id);
create table org_recent (
  identity_id {id} not null, purpose {text} not null, kind {text} not null, target_id {id} not null, used_at {ts} not null,
  primary key (identity_id, purpose, kind, target_id)
) {strict};
