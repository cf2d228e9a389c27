//! Endpoints.
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zs_base::Result;
use zs_ctx::Ctx;
use zs_web::{Empty, NoArgs, Routes};

use crate::api::{self, SettingDefs};
use crate::{perm, store};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/admin/settings", perm::MANAGE, "参数列表", list)
        .put("/admin/settings", perm::MANAGE, "修改参数", put)
}

/// One setting with its present value.
#[derive(Serialize, JsonSchema)]
struct Item {
    key: &'static str,
    title: &'static str,
    /// `int`, `bool`, `text` or `choice:a,b`.
    kind: &'static str,
    value: String,
    default: &'static str,
    help: &'static str,
}
#[derive(Serialize, JsonSchema)]
struct Items {
    items: Vec<Item>,
}

fn defs(ctx: &Ctx) -> Result<Arc<SettingDefs>> {
    ctx.service::<SettingDefs>()
}

async fn list(ctx: Ctx, _: NoArgs) -> Result<Items> {
    let defs = defs(&ctx)?;
    let own = ctx.read(|tx| store::own(tx, None)).await?;
    let items = defs
        .0
        .iter()
        .map(|d| Item {
            key: d.key,
            title: d.title,
            kind: d.kind,
            value: own
                .iter()
                .find(|(k, _)| k == d.key)
                .map_or_else(|| d.default.to_owned(), |(_, v)| v.clone()),
            default: d.default,
            help: d.help,
        })
        .collect();
    Ok(Items { items })
}

#[derive(Deserialize, JsonSchema)]
struct Put {
    key: String,
    /// The new value; null goes back to the default.
    value: Value,
}

async fn put(ctx: Ctx, a: Put) -> Result<Empty> {
    let g = ctx.require(perm::MANAGE)?;
    let defs = defs(&ctx)?;
    ctx.write(perm::CHANGE, move |tx| {
        api::set(tx, &g, &defs, None, &a.key, &a.value)?;
        Ok(Empty {})
    })
    .await
}
