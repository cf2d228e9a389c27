//! Endpoints.
mod admin_identity;
mod admin_node;
mod admin_people;
mod pick;
mod reading;
mod sheet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Result};
use zs_db::Tx;
use zs_web::Routes;

use crate::model::{self, NodeKind};
use crate::query;

pub(crate) fn routes() -> Routes {
    reading::routes()
        .merge(pick::routes())
        .merge(admin_node::routes())
        .merge(admin_people::routes())
        .merge(admin_identity::routes())
        .merge(sheet::routes())
}

/// A node of the tree as pages see it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Node")]
pub(crate) struct NodeOut {
    id: Id,
    parent_id: Option<Id>,
    kind: NodeKind,
    unit_kind: Option<String>,
    name: String,
    short_name: String,
    code: Option<String>,
    sort: i64,
    /// `active`, `merged` or `closed`.
    status: String,
    has_children: bool,
    /// People in it; those of a unit's divisions count too.
    people_count: i64,
    version: i64,
}

/// Adds what pages want to know about nodes.
pub(crate) fn node_outs(tx: &mut Tx<'_>, nodes: Vec<model::Node>) -> Result<Vec<NodeOut>> {
    let sizes = query::sizes(tx, &nodes)?;
    Ok(nodes
        .into_iter()
        .map(|n| {
            let (has_children, people_count) = sizes.get(&n.id).copied().unwrap_or_default();
            NodeOut {
                id: n.id,
                parent_id: n.parent_id,
                kind: n.kind,
                unit_kind: n.unit_kind,
                name: n.name,
                short_name: n.short_name,
                code: n.code,
                sort: n.sort,
                status: n.status,
                has_children,
                people_count,
                version: n.version,
            }
        })
        .collect())
}

pub(crate) fn node_out(tx: &mut Tx<'_>, node: model::Node) -> Result<NodeOut> {
    node_outs(tx, vec![node])?
        .pop()
        .ok_or_else(|| zs_base::Error::internal("a node without its view"))
}

/// A list.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Items<T> {
    pub(crate) items: Vec<T>,
}

/// Only the id of the path.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ById {
    pub(crate) id: Id,
}
