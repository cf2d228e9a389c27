//! The pickers: who may be chosen for a purpose, already guarded, recent choices first.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_ctx::Ctx;
use zs_web::Routes;

use crate::{perm, pick};

pub(crate) fn routes() -> Routes {
    Routes::new().get("/org/pick", perm::READ, "选择人员或机构", choices)
}

#[derive(Deserialize, JsonSchema)]
struct Args {
    /// `instruct`, `circulate`, `undertake`, `transfer`, `delegate` or `cascade`.
    purpose: String,
    #[serde(default)]
    q: String,
}

/// Something to choose.
#[derive(Serialize, JsonSchema)]
struct Choice {
    /// `identity` or `node`.
    kind: &'static str,
    id: Id,
    name: String,
    hint: String,
    rank: i64,
}
#[derive(Serialize, JsonSchema)]
struct Group {
    id: String,
    title: String,
    items: Vec<Choice>,
}
#[derive(Serialize, JsonSchema)]
struct Groups {
    groups: Vec<Group>,
}

async fn choices(ctx: Ctx, a: Args) -> Result<Groups> {
    let actor = ctx.actor()?;
    let (me, unit, division) = (actor.identity, actor.unit, actor.division);
    let purpose = pick::Purpose::parse(&a.purpose)
        .ok_or_else(|| Error::field("purpose", "不认识这个用途，请刷新页面后再试"))?;
    let groups = ctx
        .read(move |tx| pick::choices(tx, purpose, me, unit, division, &a.q))
        .await?;
    Ok(Groups {
        groups: groups
            .into_iter()
            .map(|g| Group {
                id: g.id,
                title: g.title,
                items: g
                    .items
                    .into_iter()
                    .map(|c| Choice {
                        kind: c.kind,
                        id: c.id,
                        name: c.name,
                        hint: c.hint,
                        rank: c.rank,
                    })
                    .collect(),
            })
            .collect(),
    })
}
