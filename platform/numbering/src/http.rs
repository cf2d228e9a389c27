//! Routes and manifest.
use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use zs_base::{Id, Result};
use zs_ctx::{Ctx, Reach};
use zs_db::{Migration, Tx};
use zs_module::{Layer, Menu, Module, RoleGrant};
use zs_web::{NoArgs, Routes};

use crate::{PERMISSIONS, VIEW, store};

/// Looks up the names of units.
pub type UnitNames = Arc<dyn Fn(&mut Tx<'_>, &[Id]) -> Result<HashMap<Id, String>> + Send + Sync>;

/// Names for the administrator's list, given by whoever knows them (a service; optional).
pub struct SeriesNames {
    /// Names of units.
    pub units: UnitNames,
    /// Chinese titles of series by key.
    pub titles: HashMap<&'static str, &'static str>,
}

#[derive(Serialize, JsonSchema)]
struct SeriesView {
    /// Row.
    id: Id,
    /// Unit.
    unit_id: Id,
    /// Its name.
    unit_name: String,
    /// Series.
    key: String,
    /// Chinese title.
    title: String,
    /// Year.
    year: i32,
    /// The number given next.
    next: i64,
}
#[derive(Serialize, JsonSchema)]
struct SeriesList {
    /// All series.
    items: Vec<SeriesView>,
}

async fn series(ctx: Ctx, _: NoArgs) -> Result<SeriesList> {
    let names = ctx.service::<SeriesNames>().ok();
    let (rows, units) = {
        let names = names.clone();
        ctx.read(move |tx| {
            let rows = store::list(tx)?;
            let ids: Vec<Id> = rows.iter().map(|r| r.unit_id).collect();
            let units = match &names {
                Some(n) => (n.units)(tx, &ids)?,
                None => HashMap::new(),
            };
            Ok((rows, units))
        })
        .await?
    };
    Ok(SeriesList {
        items: rows
            .into_iter()
            .map(|r| SeriesView {
                id: r.id,
                unit_id: r.unit_id,
                unit_name: units
                    .get(&r.unit_id)
                    .cloned()
                    .unwrap_or_else(|| r.unit_id.to_string()),
                title: names
                    .as_ref()
                    .and_then(|n| n.titles.get(r.key.as_str()))
                    .map_or_else(|| r.key.clone(), |t| (*t).to_owned()),
                key: r.key,
                year: r.year,
                next: r.next,
            })
            .collect(),
    })
}

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("numbering", "编号", Layer::Platform);
    m.migrations = &[Migration {
        module: "numbering",
        version: 1,
        sql: include_str!("../migrations/0001_init.sql"),
    }];
    m.permissions = PERMISSIONS;
    m.roles = &[RoleGrant {
        role: "sys_admin",
        perm: VIEW,
        reach: Reach::All,
    }];
    m.menus = &[Menu {
        key: "admin.series",
        parent: "admin",
        title: "字号",
        path: "/admin/series",
        icon: "hash",
        badge: None,
        perm: Some(VIEW),
        sort: 1550,
    }];
    m.routes = Routes::new().get("/admin/series", VIEW, "查看字号", series);
    m.codes = &[crate::CODES];
    m.statements = &[store::STATEMENTS];
    m
}
