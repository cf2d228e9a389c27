//! Keeping the tree.
use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_web::Routes;

use super::{ById, NodeOut, node_out};
use crate::model::{Heir, NewNode};
use crate::perm;
use crate::service::node::{self, EditNode};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/admin/org/nodes", perm::MANAGE, "新增机构", create)
        .put("/admin/org/nodes/{id}", perm::MANAGE, "修改机构", update)
        .post(
            "/admin/org/nodes/{id}/move",
            perm::MANAGE,
            "移动机构",
            move_to,
        )
        .post(
            "/admin/org/nodes/{id}/merge",
            perm::MANAGE,
            "合并机构",
            merge,
        )
        .post(
            "/admin/org/nodes/{id}/close",
            perm::MANAGE,
            "撤销机构",
            close,
        )
}

async fn create(ctx: Ctx, a: NewNode) -> Result<NodeOut> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::CREATE_NODE, move |tx| {
        let n = node::create_node(tx, &g, &a)?;
        node_out(tx, n)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Update {
    id: Id,
    unit_kind: Option<String>,
    name: Option<String>,
    short_name: Option<String>,
    /// Empty removes it.
    code: Option<String>,
    sort: Option<i64>,
}

async fn update(ctx: Ctx, a: Update) -> Result<NodeOut> {
    let (g, version) = (ctx.require(perm::MANAGE)?, ctx.if_match()?);
    let edit = EditNode {
        unit_kind: a.unit_kind,
        name: a.name,
        short_name: a.short_name,
        code: a.code,
        sort: a.sort,
    };
    ctx.write(perm::UPDATE_NODE, move |tx| {
        let n = node::update_node(tx, &g, a.id, version, &edit)?;
        node_out(tx, n)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Move {
    id: Id,
    /// Null = the top of the tree.
    parent_id: Option<Id>,
    /// The sibling to stand before; null = last.
    before_id: Option<Id>,
}

async fn move_to(ctx: Ctx, a: Move) -> Result<NodeOut> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::MOVE_NODE, move |tx| {
        let n = node::move_node(tx, &g, a.id, a.parent_id, a.before_id)?;
        node_out(tx, n)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Merge {
    id: Id,
    into_id: Id,
    #[serde(default)]
    heirs: Vec<Heir>,
}

async fn merge(ctx: Ctx, a: Merge) -> Result<NodeOut> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::MERGE_NODE, move |tx| {
        let n = node::merge_node(tx, &g, a.id, a.into_id, &a.heirs)?;
        node_out(tx, n)
    })
    .await
}

async fn close(ctx: Ctx, a: ById) -> Result<NodeOut> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::CLOSE_NODE, move |tx| {
        let n = node::close_node(tx, &g, a.id)?;
        node_out(tx, n)
    })
    .await
}
