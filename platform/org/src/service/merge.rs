//! Mergers (机构改革): one node goes up in another; nobody's open work is left behind.
use serde_json::json;
use zs_base::{Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::vals;

use super::check::{guard_below, guard_node, lock_tree};
use super::node::{free_name, rebase};
use super::{heir, people};
use crate::code::{MERGE_KIND, NODE_INACTIVE};
use crate::model::{Heir, NewIdentity, Node};
use crate::{api, read};

zs_db::statements! {
    MERGE = "update org_node set status = 'merged', heir_id = $3, updated_at = $4, version = version + 1 where id = $1 and version = $2";
    MOVE_SUPERVISION = "insert into org_supervision (identity_id, node_id) select identity_id, $2 from org_supervision where node_id = $1 \
        on conflict (identity_id, node_id) do nothing";
    DROP_SUPERVISION = "delete from org_supervision where node_id = $1";
}

/// 合并机构: `id` goes up in `into`. What is below moves along; the people directly in it get an identity in `into`, and
/// each who has open items needs an entry in `heirs` (an heir, or `take_along`).
pub fn merge_node(
    tx: &mut WriteTx<'_, '_>,
    g: &Granted,
    id: Id,
    into: Id,
    heirs: &[Heir],
) -> Result<Node> {
    lock_tree(tx)?;
    let old = guard_below(tx, g, id)?;
    let new = guard_node(tx, g, into)?;
    for n in [&old, &new] {
        if !n.is_active() {
            return Err(NODE_INACTIVE.with(&[&n.name]));
        }
    }
    if old.kind != new.kind || new.is_under(&old) {
        return Err(MERGE_KIND.with(&[&old.name, &new.name]));
    }
    let people = read::people_of(tx, id)?;
    // Everything that is missing is asked for before anything changes.
    heir::require_all(tx, &people, heirs)?;
    for child in read::children(tx, id)? {
        free_name(tx, Some(&new), &child.name, Some(child.id))?;
        rebase(tx, &child, Some(&new))?;
    }
    let ending: Vec<Id> = people.iter().map(|i| i.id).collect();
    for i in &people {
        let there = read::people_of(tx, into)?
            .into_iter()
            .find(|x| x.person_id == i.person_id);
        let successor = match there {
            Some(s) => s.id,
            None => {
                let post = NewIdentity {
                    node_id: into,
                    post: i.post.clone(),
                    rank: Some(i.rank),
                    is_head: false,
                    is_liaison: false,
                    is_primary: i.is_primary,
                };
                people::insert_identity(tx, i.person_id, &new, &post)?
            }
        };
        heir::hand_over(
            tx,
            g,
            i,
            heirs.iter().find(|h| h.identity_id == i.id),
            Some(successor),
            &ending,
        )?;
        people::finish(tx, i, Some(successor))?;
    }
    let now = tx.now();
    tx.exec_one(MERGE, vals![id, old.version, into, now])?;
    tx.exec(MOVE_SUPERVISION, vals![id, into])?;
    tx.exec(DROP_SUPERVISION, vals![id])?;
    let change = json!({"act": "merge", "name": old.name, "into": into, "people": people.len()});
    tx.touch("org_node", id, &change)?;
    tx.emit(api::NODE_CHANGED, id, change)?;
    read::node(tx, into)
}
