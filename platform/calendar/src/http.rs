//! Routes and manifest.
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::time::Date;
use zs_base::{Error, Result};
use zs_ctx::{Ctx, Gate, Reach};
use zs_db::Migration;
use zs_module::{Layer, Menu, Module, RoleGrant};
use zs_web::{Empty, Routes};

use crate::{IMPORT, MANAGE, PERMISSIONS, calendar, store};

/// Topic: the notice of a year was imported; open due times recompute. Payload `{year}`.
pub const CHANGED: &str = "calendar.changed";

#[derive(Deserialize, JsonSchema)]
struct YearArgs {
    /// Year; this year if absent.
    year: Option<i32>,
}
#[derive(Serialize, JsonSchema)]
struct YearView {
    /// Year.
    year: i32,
    /// Is there a notice? Without one nothing is counted.
    known: bool,
    /// Where the days come from.
    source: Option<String>,
    /// Years that have one.
    known_years: Vec<i32>,
    /// Days that differ from Monday to Friday.
    days: Vec<DayView>,
}
#[derive(Serialize, JsonSchema)]
struct DayView {
    /// Date.
    date: String,
    /// `off` or `work`.
    kind: &'static str,
    /// Name.
    name: String,
}
#[derive(Deserialize, JsonSchema)]
struct ImportArgs {
    /// Year.
    year: i32,
    /// Days off.
    off: Vec<String>,
    /// Weekend days that are worked.
    work: Vec<String>,
    /// Names of days by date.
    #[serde(default)]
    names: BTreeMap<String, String>,
    /// Title or number of the notice.
    source: String,
}
#[derive(Deserialize, JsonSchema)]
struct DueArgs {
    /// From when, ms; now if absent.
    start_at: Option<i64>,
    /// Working days.
    days: u32,
}
#[derive(Serialize, JsonSchema)]
struct DueView {
    /// ms UTC.
    due_at: i64,
    /// The `days`th working day after the day of receipt.
    due_date: String,
    /// Counted over a year whose notice is missing.
    provisional: bool,
}

async fn year(ctx: Ctx, a: YearArgs) -> Result<YearView> {
    let year = a.year.unwrap_or_else(|| Date::at(ctx.now()).year);
    let cal = ctx.read(store::load).await?;
    let notice = cal.notice(year);
    Ok(YearView {
        year,
        known: notice.is_some(),
        source: notice.map(|n| n.source.clone()),
        known_years: cal.known_years(),
        days: notice
            .map(|n| {
                n.days
                    .iter()
                    .map(|d| DayView {
                        date: d.date.to_string(),
                        kind: d.kind.name(),
                        name: d.name.clone(),
                    })
                    .collect()
            })
            .unwrap_or_default(),
    })
}

async fn put(ctx: Ctx, a: ImportArgs) -> Result<Empty> {
    let notice = calendar::check(a.year, &a.off, &a.work, &a.names, &a.source)?;
    let granted = ctx.require(MANAGE)?;
    ctx.write(IMPORT, move |tx| {
        store::import(tx, &granted, &notice)?;
        Ok(Empty {})
    })
    .await
}

async fn due(ctx: Ctx, a: DueArgs) -> Result<DueView> {
    if a.days > 3_650 {
        return Err(Error::field("days", "工作日数不能超过 3650"));
    }
    let start = a.start_at.unwrap_or_else(|| ctx.now());
    let cal = ctx.read(store::load).await?;
    let due = cal.due_or_provisional(start, a.days)?;
    let (date, guess) = cal.add_working_days_or_guess(Date::at(start), a.days)?;
    Ok(DueView {
        due_at: due.at,
        due_date: date.to_string(),
        provisional: due.provisional || guess,
    })
}

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("calendar", "工作日历", Layer::Platform);
    m.migrations = &[Migration {
        module: "calendar",
        version: 1,
        sql: include_str!("../migrations/0001_init.sql"),
    }];
    m.permissions = PERMISSIONS;
    m.roles = &[RoleGrant {
        role: "sys_admin",
        perm: MANAGE,
        reach: Reach::All,
    }];
    m.menus = &[Menu {
        key: "admin.calendar",
        parent: "admin",
        title: "节假日",
        path: "/admin/calendar",
        icon: "calendar",
        badge: None,
        perm: Some(MANAGE),
        sort: 1560,
    }];
    m.routes = Routes::new()
        .get("/admin/calendar", MANAGE, "查看节假日", year)
        .post("/admin/calendar/import", MANAGE, "导入放假安排", put)
        .put("/admin/calendar/import", MANAGE, "导入放假安排", put)
        .get("/calendar/due", Gate::SignedIn, "推算办理期限", due);
    m.events = &[CHANGED];
    m.codes = &[crate::CODES];
    m.statements = &[store::STATEMENTS];
    m
}
