//! Incoming documents 收文: from 签收 to 归档 (domain.md §2, seed S2, 条例 art. 24).
#![forbid(unsafe_code)]

pub mod access;
pub mod bulk;
mod check;
pub mod code;
mod columns;
pub mod definition;
pub mod derived;
pub mod detail;
pub mod digest;
pub mod dto;
mod dto_form;
pub mod flow;
mod http;
pub mod ink;
pub mod ledger;
pub mod model;
pub mod names;
pub mod perm;
pub mod plan;
mod print;
pub mod project;
mod query;
pub mod rule;
pub mod service;
pub mod store;
pub mod subject;
#[cfg(test)]
mod tests;

use zs_base::Result;
use zs_ctx::Ctx;
use zs_db::Migration;
use zs_module::{Layer, Module};

pub use subject::{IncomingFiles, IncomingSubject, rebuild};

const MIGRATIONS: &[Migration] = &[Migration {
    module: "incoming",
    version: 1,
    sql: include_str!("migrations.sql"),
}];

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("incoming", "收文管理", Layer::Business);
    m.migrations = MIGRATIONS;
    m.permissions = perm::PERMISSIONS;
    m.roles = perm::ROLES;
    m.menus = perm::MENUS;
    m.settings = perm::SETTINGS;
    m.ops = perm::OPS;
    m.routes = http::routes().merge(query::routes()).merge(print::routes());
    m.codes = &[code::CODES, query::code::CODES];
    m.statements = &[store::STATEMENTS, derived::STATEMENTS, bulk::SELECTS];
    m
}

/// Publishes the shipped flow if it is not there as it should be; called at every start.
pub async fn seed(ctx: &Ctx) -> Result<()> {
    ctx.write(perm::OP_SEED, |tx| {
        zs_flow::ensure_definition(tx, &definition::standard()).map(drop)
    })
    .await
}
