//! Looking up the organisation: open to everyone who works here.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_web::{NoArgs, Routes};

use super::{ById, Items, NodeOut, node_out, node_outs};
use crate::model::Identity;
use crate::search::Hit;
use crate::{perm, query, read, rule, search};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/org/nodes", perm::READ, "下级机构", nodes)
        .get("/org/nodes/{id}", perm::READ, "机构", node)
        .get("/org/nodes/{id}/people", perm::READ, "机构人员", people)
        .get("/org/search", perm::READ, "搜索机构和人员", find)
        .get("/org/options", perm::READ, "机构选项", options)
        .get("/org/identities/{id}", perm::READ, "身份", identity)
}

#[derive(Deserialize, JsonSchema)]
struct NodesArgs {
    /// Absent = the top of the tree.
    parent_id: Option<Id>,
}

async fn nodes(ctx: Ctx, a: NodesArgs) -> Result<Items<NodeOut>> {
    ctx.read(move |tx| {
        let found = match a.parent_id {
            Some(p) => {
                read::node(tx, p)?;
                read::children(tx, p)?
            }
            None => read::roots(tx)?,
        };
        Ok(Items {
            items: node_outs(tx, found)?,
        })
    })
    .await
}

/// A step of the path from the top.
#[derive(Serialize, JsonSchema)]
struct PathStep {
    id: Id,
    name: String,
}
#[derive(Serialize, JsonSchema)]
struct NodeWithPath {
    #[serde(flatten)]
    node: NodeOut,
    /// From the top down to the node.
    path: Vec<PathStep>,
}

async fn node(ctx: Ctx, a: ById) -> Result<NodeWithPath> {
    ctx.read(move |tx| {
        let n = read::node(tx, a.id)?;
        let path = read::ancestors(tx, &n)?
            .into_iter()
            .map(|x| PathStep {
                id: x.id,
                name: x.short_name,
            })
            .collect();
        Ok(NodeWithPath {
            node: node_out(tx, n)?,
            path,
        })
    })
    .await
}

/// A person in a list of a node.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PersonRow {
    identity_id: Id,
    person_id: Id,
    name: String,
    post: String,
    rank: i64,
    is_head: bool,
    is_liaison: bool,
    is_primary: bool,
    unit_name: String,
    division_name: Option<String>,
    /// Shown within one's own unit and to administrators.
    mobile: Option<String>,
    status: String,
}

#[derive(Deserialize, JsonSchema)]
struct PeopleArgs {
    id: Id,
    /// With the people of a unit's divisions.
    #[serde(default)]
    deep: bool,
}

async fn people(ctx: Ctx, a: PeopleArgs) -> Result<Items<PersonRow>> {
    let (unit, admin) = (ctx.actor()?.unit, ctx.may(perm::MANAGE));
    ctx.read(move |tx| {
        let n = read::node(tx, a.id)?;
        let found = match a.deep && n.kind == crate::model::NodeKind::Unit {
            true => read::people_of_unit(tx, n.id)?,
            false => read::people_of(tx, n.id)?,
        };
        let open: Vec<Id> = found
            .iter()
            .filter(|i| admin || i.unit_id == unit)
            .map(|i| i.person_id)
            .collect();
        let mobiles = query::mobiles(tx, &open)?;
        let items = found
            .into_iter()
            .map(|i| PersonRow {
                mobile: mobiles.get(&i.person_id).cloned().flatten(),
                identity_id: i.id,
                person_id: i.person_id,
                name: i.name,
                post: i.post,
                rank: i.rank,
                is_head: i.is_head,
                is_liaison: i.is_liaison,
                is_primary: i.is_primary,
                unit_name: i.unit_name,
                division_name: i.division_name,
                status: i.status,
            })
            .collect();
        Ok(Items { items })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct FindArgs {
    #[serde(default)]
    q: String,
    /// Some of `region,unit,division,person`; all but regions if absent.
    kinds: Option<String>,
    limit: Option<u32>,
}

async fn find(ctx: Ctx, a: FindArgs) -> Result<Items<Hit>> {
    let scope = ctx.scope(perm::READ)?;
    ctx.read(move |tx| {
        let kinds = a.kinds.as_deref().unwrap_or("unit,division,person");
        let kinds: Vec<&str> = kinds.split(',').map(str::trim).collect();
        let limit = i64::from(a.limit.unwrap_or(20).clamp(1, 100));
        Ok(Items {
            items: search::search(tx, &a.q, &kinds, limit, &scope)?,
        })
    })
    .await
}

async fn identity(ctx: Ctx, a: ById) -> Result<Identity> {
    ctx.read(move |tx| read::identity(tx, a.id)).await
}

/// A kind of unit.
#[derive(Serialize, JsonSchema)]
struct UnitKind {
    key: &'static str,
    title: &'static str,
}
/// A rank (级别) with a name; numbers in between are allowed.
#[derive(Serialize, JsonSchema)]
struct RankName {
    rank: i64,
    title: &'static str,
}
#[derive(Serialize, JsonSchema)]
struct Options {
    unit_kinds: Vec<UnitKind>,
    ranks: Vec<RankName>,
}

async fn options(_: Ctx, _: NoArgs) -> Result<Options> {
    let unit_kinds = rule::UNIT_KINDS
        .iter()
        .map(|(key, title)| UnitKind { key, title });
    let ranks = rule::RANKS
        .iter()
        .map(|(rank, title)| RankName { rank: *rank, title });
    Ok(Options {
        unit_kinds: unit_kinds.collect(),
        ranks: ranks.collect(),
    })
}
