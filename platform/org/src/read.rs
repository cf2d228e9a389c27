//! Lookups of nodes, people and identities.
use zs_base::{Error, Id, Result};
use zs_db::{Query, Row, Tx, vals};

use crate::model::{Identity, Node, NodeKind, Person};

pub(crate) const NODE: &str = "select n.id, n.parent_id, n.kind, n.unit_kind, n.name, n.short_name, n.code, n.sort, n.status, \
     n.heir_id, n.path, n.version from org_node n";
pub(crate) const IDENTITY: &str = "select i.id, i.person_id, p.name, i.unit_id, u.short_name, i.division_id, d.name, i.post, i.rank, \
     i.is_head, i.is_liaison, i.is_primary, i.status from org_identity i join org_person p on p.id = i.person_id \
     join org_node u on u.id = i.unit_id left join org_node d on d.id = i.division_id";

zs_db::statements! {
    PERSON = "select id, name, mobile, status, version from org_person where id = $1";
}

/// Leaders before heads before staff; a stable order everywhere.
const BY_RANK: &str = " order by i.rank, case when i.is_head then 0 else 1 end, i.id";

fn to_nodes(rows: &[Row]) -> Result<Vec<Node>> {
    rows.iter().map(Node::from_row).collect()
}
fn to_identities(rows: &[Row]) -> Result<Vec<Identity>> {
    rows.iter().map(Identity::from_row).collect()
}
pub(crate) fn subtree_pattern(path: &str) -> String {
    // Paths hold digits and slashes only: no wildcard to escape, no letter case.
    format!("{path}%")
}

/// A node, if it exists (any status).
pub fn node_opt(tx: &mut Tx<'_>, id: Id) -> Result<Option<Node>> {
    let mut q = Query::new(NODE, &[]);
    q.push(" where n.id = ?", vals![id]);
    tx.rows(&q)?.first().map(Node::from_row).transpose()
}
/// A node; not found otherwise.
pub fn node(tx: &mut Tx<'_>, id: Id) -> Result<Node> {
    node_opt(tx, id)?.ok_or_else(|| Error::not_found("这个机构"))
}
/// Several nodes, in no order; unknown ids are left out.
pub fn nodes(tx: &mut Tx<'_>, ids: &[Id]) -> Result<Vec<Node>> {
    let mut q = Query::new(NODE, &[]);
    q.push(" where ", &[]).push_in("n.id", ids.iter().copied());
    to_nodes(&tx.rows(&q)?)
}
/// The node with this code (编码).
pub fn node_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Node>> {
    let mut q = Query::new(NODE, &[]);
    q.push(" where n.code = ?", vals![code]);
    tx.rows(&q)?.first().map(Node::from_row).transpose()
}
/// Active children of a node in their order.
pub fn children(tx: &mut Tx<'_>, parent: Id) -> Result<Vec<Node>> {
    let mut q = Query::new(NODE, &[]);
    q.push(
        " where n.parent_id = ? and n.status = 'active' order by n.sort, n.id",
        vals![parent],
    );
    to_nodes(&tx.rows(&q)?)
}
/// Active nodes at the top of the tree.
pub fn roots(tx: &mut Tx<'_>) -> Result<Vec<Node>> {
    let mut q = Query::new(NODE, &[]);
    q.push(
        " where n.parent_id is null and n.status = 'active' order by n.sort, n.id",
        &[],
    );
    to_nodes(&tx.rows(&q)?)
}
/// The nodes above a node and itself, from the top.
pub fn ancestors(tx: &mut Tx<'_>, of: &Node) -> Result<Vec<Node>> {
    let mut all = nodes(tx, &of.path_ids())?;
    all.sort_by_key(|n| n.path.len());
    Ok(all)
}
/// Is `node` the node `ancestor` itself or below it? Unknown ids are not.
pub fn is_under(tx: &mut Tx<'_>, node: Id, ancestor: Id) -> Result<bool> {
    Ok(match (node_opt(tx, node)?, node_opt(tx, ancestor)?) {
        (Some(n), Some(a)) => n.is_under(&a),
        _ => false,
    })
}
/// The level guard (分级): where `from` may pass a document on to: its own divisions and its direct child units; units of
/// a region directly below count as direct (S2: a unit passes on only to its next level).
pub fn next_level(tx: &mut Tx<'_>, from: Id) -> Result<Vec<Node>> {
    let mut out = Vec::new();
    for n in children(tx, from)? {
        if n.kind == NodeKind::Region {
            out.extend(
                children(tx, n.id)?
                    .into_iter()
                    .filter(|c| c.kind == NodeKind::Unit),
            );
        } else {
            out.push(n);
        }
    }
    Ok(out)
}
/// The unit of a node: itself, or the nearest unit above; a region has none.
pub fn unit_of(tx: &mut Tx<'_>, id: Id) -> Result<Node> {
    let n = node(tx, id)?;
    if n.kind == NodeKind::Unit {
        return Ok(n);
    }
    if n.kind == NodeKind::Region {
        return Err(Error::not_found("所属单位"));
    }
    let mut above = ancestors(tx, &n)?;
    above.reverse();
    above
        .into_iter()
        .find(|a| a.kind == NodeKind::Unit)
        .ok_or_else(|| Error::internal(format!("division {id} stands under no unit")))
}
/// Ids of the active units at or below a node.
pub fn units_under(tx: &mut Tx<'_>, id: Id) -> Result<Vec<Id>> {
    let top = node(tx, id)?;
    let q = Query::new(
        "select id from org_node where kind = 'unit' and status = 'active' and path like ? order by sort, id",
        vals![subtree_pattern(&top.path)],
    );
    tx.rows(&q)?.iter().map(|r| r.get(0)).collect()
}

/// A person; not found otherwise.
pub fn person(tx: &mut Tx<'_>, id: Id) -> Result<Person> {
    match tx.opt(PERSON, vals![id])? {
        Some(r) => Person::from_row(&r),
        None => Err(Error::not_found("这名人员")),
    }
}
/// An identity, if it exists (any status: old documents still name it).
pub fn identity_opt(tx: &mut Tx<'_>, id: Id) -> Result<Option<Identity>> {
    Ok(identities(tx, &[id])?.pop())
}
/// An identity; not found otherwise.
pub fn identity(tx: &mut Tx<'_>, id: Id) -> Result<Identity> {
    identity_opt(tx, id)?.ok_or_else(|| Error::not_found("这个身份"))
}
/// Several identities by rank (any status); unknown ids are left out.
pub fn identities(tx: &mut Tx<'_>, ids: &[Id]) -> Result<Vec<Identity>> {
    let mut q = Query::new(IDENTITY, &[]);
    q.push(" where ", &[])
        .push_in("i.id", ids.iter().copied())
        .push(BY_RANK, &[]);
    to_identities(&tx.rows(&q)?)
}
/// The active identities of a person, the primary one first.
pub fn identities_of_person(tx: &mut Tx<'_>, person: Id) -> Result<Vec<Identity>> {
    let mut q = Query::new(IDENTITY, &[]);
    q.push(
        " where i.person_id = ? and i.status = 'active' order by case when i.is_primary then 0 else 1 end, i.id",
        vals![person],
    );
    to_identities(&tx.rows(&q)?)
}
/// The active identities directly at a node, by rank.
pub fn people_of(tx: &mut Tx<'_>, node: Id) -> Result<Vec<Identity>> {
    let mut q = Query::new(IDENTITY, &[]);
    q.push(" where i.node_id = ? and i.status = 'active'", vals![node])
        .push(BY_RANK, &[]);
    to_identities(&tx.rows(&q)?)
}
/// The active identities of a unit and all its divisions, by rank.
pub fn people_of_unit(tx: &mut Tx<'_>, unit: Id) -> Result<Vec<Identity>> {
    let mut q = Query::new(IDENTITY, &[]);
    q.push(" where i.unit_id = ? and i.status = 'active'", vals![unit])
        .push(BY_RANK, &[]);
    to_identities(&tx.rows(&q)?)
}
/// The heads (负责人) of a node. A division without one falls back to the node above, in the end to the unit; a unit
/// without one to its most senior person at unit level.
pub fn heads_of(tx: &mut Tx<'_>, id: Id) -> Result<Vec<Identity>> {
    let n = node(tx, id)?;
    let mut people = people_of(tx, id)?;
    if people.iter().any(|i| i.is_head) {
        people.retain(|i| i.is_head);
        return Ok(people);
    }
    match (n.kind, n.parent_id) {
        (NodeKind::Division, Some(above)) => heads_of(tx, above),
        (NodeKind::Unit, _) => {
            people.truncate(1);
            Ok(people)
        }
        _ => Ok(Vec::new()),
    }
}
/// The liaisons (综合代表) of a node: its own; for a unit without one at its own level, those of its divisions.
pub fn liaisons_of(tx: &mut Tx<'_>, id: Id) -> Result<Vec<Identity>> {
    let n = node(tx, id)?;
    let mut own = people_of(tx, id)?;
    own.retain(|i| i.is_liaison);
    if own.is_empty() && n.kind == NodeKind::Unit {
        own = people_of_unit(tx, id)?;
        own.retain(|i| i.is_liaison);
    }
    Ok(own)
}
/// The leaders in charge (分管领导) of a node; a division without any asks the divisions above it.
pub fn supervising_leaders(tx: &mut Tx<'_>, id: Id) -> Result<Vec<Identity>> {
    let n = node(tx, id)?;
    let mut q = Query::new(IDENTITY, &[]);
    q.push(
        " join org_supervision s on s.identity_id = i.id where s.node_id = ? and i.status = 'active'",
        vals![id],
    )
    .push(BY_RANK, &[]);
    let found = to_identities(&tx.rows(&q)?)?;
    match (found.is_empty(), n.kind, n.parent_id) {
        (true, NodeKind::Division, Some(above)) => supervising_leaders(tx, above),
        _ => Ok(found),
    }
}
/// Who stands directly over an identity: the head of its node; for a head the leader in charge, else the unit's head;
/// for the unit's head the heads of the unit above.
pub fn superiors_of(tx: &mut Tx<'_>, id: Id) -> Result<Vec<Identity>> {
    let me = identity(tx, id)?;
    let not_me = |mut v: Vec<Identity>| {
        v.retain(|i| i.person_id != me.person_id);
        v
    };
    if let Some(division) = me.division_id {
        if !me.is_head {
            let heads = not_me(heads_of(tx, division)?);
            if !heads.is_empty() {
                return Ok(heads);
            }
        }
        let leaders = not_me(supervising_leaders(tx, division)?);
        if !leaders.is_empty() {
            return Ok(leaders);
        }
    }
    let unit_heads = heads_of(tx, me.unit_id)?;
    if !unit_heads.iter().any(|i| i.person_id == me.person_id) {
        return Ok(unit_heads);
    }
    let unit = node(tx, me.unit_id)?;
    let mut above = ancestors(tx, &unit)?;
    above.reverse();
    match above.iter().skip(1).find(|n| n.kind == NodeKind::Unit) {
        Some(n) => Ok(not_me(heads_of(tx, n.id)?)),
        None => Ok(Vec::new()),
    }
}
