//! Routes and manifest.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Result};
use zs_ctx::{Ctx, Reach};
use zs_db::Migration;
use zs_job::{JobKind, Subscriber};
use zs_module::{Layer, Menu, Module, RoleGrant};
use zs_web::{NoArgs, Routes};

use crate::api::{CHANGED, ENDED, URGED};
use crate::replay::{Replay, replay};
use crate::{AUDIT, MANAGE, PERMISSIONS, VIEW, definition, follow, read, stale, store, timer};

#[derive(Serialize, JsonSchema)]
struct FlowView {
    /// Definition.
    id: Id,
    /// Key.
    key: String,
    /// Version.
    version: i64,
    /// Title.
    title: String,
    /// `published` or `retired`.
    status: String,
    /// When.
    created_at: i64,
}
#[derive(Serialize, JsonSchema)]
struct FlowList {
    /// All versions.
    items: Vec<FlowView>,
}
#[derive(Deserialize, JsonSchema)]
struct ById {
    /// Which.
    id: Id,
}

async fn flows(ctx: Ctx, _: NoArgs) -> Result<FlowList> {
    let rows = ctx.read(definition::list).await?;
    Ok(FlowList {
        items: rows
            .into_iter()
            .map(|r| FlowView {
                id: r.id,
                key: r.key,
                version: r.version,
                title: r.title,
                status: r.status,
                created_at: r.created_at,
            })
            .collect(),
    })
}

async fn flow(ctx: Ctx, a: ById) -> Result<serde_json::Value> {
    let def = ctx.read(move |tx| definition::model(tx, a.id)).await?;
    serde_json::to_value(def).map_err(zs_base::Error::internal)
}

async fn replay_check(ctx: Ctx, a: ById) -> Result<Replay> {
    let inner = ctx.clone();
    ctx.read(move |tx| replay(&inner, tx, a.id)).await
}

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("flow", "流程", Layer::Platform);
    m.migrations = &[Migration {
        module: "flow",
        version: 1,
        sql: include_str!("../migrations/0001_init.sql"),
    }];
    m.ops = follow::OPS;
    m.permissions = PERMISSIONS;
    m.roles = &[
        RoleGrant {
            role: "sys_admin",
            perm: VIEW,
            reach: Reach::All,
        },
        RoleGrant {
            role: "auditor",
            perm: AUDIT,
            reach: Reach::All,
        },
        RoleGrant {
            role: "doc_admin",
            perm: MANAGE,
            reach: Reach::Unit,
        },
    ];
    m.menus = &[Menu {
        key: "admin.flows",
        parent: "admin",
        title: "流程",
        path: "/admin/flows",
        icon: "flow",
        badge: None,
        perm: Some(VIEW),
        sort: 1520,
    }];
    m.routes = Routes::new()
        .get("/admin/flows", VIEW, "查看流程定义列表", flows)
        .get("/admin/flows/{id}", VIEW, "查看流程定义", flow)
        .get(
            "/flow/instances/{id}/replay-check",
            AUDIT,
            "校验流程记录",
            replay_check,
        );
    m.jobs = vec![
        JobKind::new("flow.timers", "流程定时", |ctx, _| async move {
            timer::fire_due(&ctx).await.map(drop)
        })
        .every(5_000),
    ];
    m.subscribers = vec![
        Subscriber::new(CHANGED, "flow.tell_pages", follow::tell_pages),
        Subscriber::new(URGED, "flow.tell_urged", follow::tell_urged),
        Subscriber::new(
            zs_access::api::DELEGATION_STARTED,
            "flow.delegation_started",
            follow::delegation_started,
        ),
        Subscriber::new(
            zs_access::api::DELEGATION_ENDED,
            "flow.delegation_ended",
            follow::delegation_ended,
        ),
        Subscriber::new(
            zs_calendar::CHANGED,
            "flow.calendar_changed",
            follow::calendar_changed,
        ),
    ];
    m.events = &[CHANGED, URGED, ENDED];
    m.codes = &[crate::CODES];
    m.statements = &[
        crate::bulk::STATEMENTS,
        crate::bulk::SELECTS,
        definition::STATEMENTS,
        follow::STATEMENTS,
        read::STATEMENTS,
        stale::STATEMENTS,
        store::STATEMENTS,
        timer::STATEMENTS,
    ];
    m
}
