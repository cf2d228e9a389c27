//! Keeping identities: posts, moves, ends, who is in charge of what.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_web::{Empty, Routes};

use super::{ById, Items};
use crate::model::{Heir, Identity, NewIdentity};
use crate::service::guard_identity;
use crate::service::people::{self, EditIdentity};
use crate::{api, perm, read};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post(
            "/admin/people/{id}/identities",
            perm::MANAGE,
            "新增身份",
            add_identity,
        )
        .put(
            "/admin/identities/{id}",
            perm::MANAGE,
            "修改身份",
            update_identity,
        )
        .post("/admin/identities/{id}/end", perm::MANAGE, "结束身份", end)
        .post(
            "/admin/identities/{id}/move",
            perm::MANAGE,
            "人员调动",
            move_to,
        )
        .get(
            "/admin/identities/{id}/open_items",
            perm::MANAGE,
            "未办结事项",
            open_items,
        )
        .get(
            "/admin/identities/{id}/supervision",
            perm::MANAGE,
            "分管机构",
            supervision,
        )
        .put(
            "/admin/identities/{id}/supervision",
            perm::MANAGE,
            "设置分管机构",
            supervise,
        )
}

#[derive(Deserialize, JsonSchema)]
struct AddIdentity {
    id: Id,
    node_id: Id,
    #[serde(default)]
    post: String,
    rank: Option<i64>,
    #[serde(default)]
    is_head: bool,
    #[serde(default)]
    is_liaison: bool,
    #[serde(default)]
    is_primary: bool,
}

async fn add_identity(ctx: Ctx, a: AddIdentity) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    let new = NewIdentity {
        node_id: a.node_id,
        post: a.post,
        rank: a.rank,
        is_head: a.is_head,
        is_liaison: a.is_liaison,
        is_primary: a.is_primary,
    };
    ctx.write(perm::CREATE_IDENTITY, move |tx| {
        people::create_identity(tx, &g, a.id, &new)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct UpdateIdentity {
    id: Id,
    post: Option<String>,
    rank: Option<i64>,
    is_head: Option<bool>,
    is_liaison: Option<bool>,
    is_primary: Option<bool>,
}

async fn update_identity(ctx: Ctx, a: UpdateIdentity) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    let edit = EditIdentity {
        post: a.post,
        rank: a.rank,
        is_head: a.is_head,
        is_liaison: a.is_liaison,
        is_primary: a.is_primary,
    };
    ctx.write(perm::UPDATE_IDENTITY, move |tx| {
        people::update_identity(tx, &g, a.id, &edit)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct End {
    id: Id,
    heir_identity_id: Option<Id>,
}

async fn end(ctx: Ctx, a: End) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::END_IDENTITY, move |tx| {
        people::end_identity(tx, &g, a.id, a.heir_identity_id)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Move {
    id: Id,
    node_id: Id,
    #[serde(default)]
    post: String,
    /// As before if absent.
    rank: Option<i64>,
    #[serde(default)]
    is_head: bool,
    #[serde(default)]
    is_liaison: bool,
    heir_identity_id: Option<Id>,
    /// Within the unit the person may take the open items along.
    #[serde(default)]
    take_along: bool,
}

async fn move_to(ctx: Ctx, a: Move) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::MOVE_IDENTITY, move |tx| {
        let rank = match a.rank {
            Some(r) => Some(r),
            None => Some(guard_identity(tx, &g, a.id)?.rank),
        };
        let to = NewIdentity {
            node_id: a.node_id,
            post: a.post.clone(),
            rank,
            is_head: a.is_head,
            is_liaison: a.is_liaison,
            is_primary: false,
        };
        let heir = Heir {
            identity_id: a.id,
            heir_identity_id: a.heir_identity_id,
            take_along: a.take_along,
        };
        people::move_identity(tx, &g, a.id, &to, &heir)
    })
    .await
}

/// One open item.
#[derive(Serialize, JsonSchema)]
struct OpenItem {
    title: String,
    step_title: String,
}
#[derive(Serialize, JsonSchema)]
struct OpenItemList {
    count: i64,
    items: Vec<OpenItem>,
}

async fn open_items(ctx: Ctx, a: ById) -> Result<OpenItemList> {
    let (scope, service) = (ctx.scope(perm::MANAGE)?, api::open_items(&ctx));
    ctx.read(move |tx| {
        let i = read::identity(tx, a.id)?;
        crate::service::node_in_scope(tx, &scope, i.unit_id, "这个身份")?;
        let Some(s) = service else {
            return Ok(OpenItemList {
                count: 0,
                items: Vec::new(),
            });
        };
        let count = s.count(tx, a.id)?;
        let items = s.list(tx, a.id, 100)?;
        Ok(OpenItemList {
            count,
            items: items
                .into_iter()
                .map(|(title, step_title)| OpenItem { title, step_title })
                .collect(),
        })
    })
    .await
}

async fn supervision(ctx: Ctx, a: ById) -> Result<Items<Id>> {
    let scope = ctx.scope(perm::MANAGE)?;
    ctx.read(move |tx| {
        let i = read::identity(tx, a.id)?;
        crate::service::node_in_scope(tx, &scope, i.unit_id, "这个身份")?;
        Ok(Items {
            items: people::supervised(tx, a.id)?,
        })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Supervise {
    id: Id,
    node_ids: Vec<Id>,
}

async fn supervise(ctx: Ctx, a: Supervise) -> Result<Empty> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::SUPERVISE, move |tx| {
        people::set_supervision(tx, &g, a.id, &a.node_ids)?;
        Ok(Empty {})
    })
    .await
}
