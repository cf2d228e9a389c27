//! 组织机构: the unit tree, people and their identities; everything else addresses its work to identities and nodes.
#![forbid(unsafe_code)]

pub mod api;
mod code;
mod http;
mod key;
mod model;
pub mod perm;
mod pick;
mod query;
mod read;
pub mod rule;
mod search;
mod service;
mod xlsx;

#[cfg(test)]
mod tests;

use zs_db::Migration;
use zs_module::{Layer, Menu, Module};

pub use code::CODES;

const MIGRATIONS: &[Migration] = &[Migration {
    module: "org",
    version: 1,
    sql: include_str!("../migrations/0001_init.sql"),
}];

const fn menu(
    key: &'static str,
    title: &'static str,
    path: &'static str,
    icon: &'static str,
    sort: u32,
) -> Menu {
    Menu {
        key,
        parent: "admin",
        title,
        path,
        icon,
        badge: None,
        perm: Some(perm::MANAGE),
        sort,
    }
}

const MENUS: &[Menu] = &[
    menu("admin.org", "组织机构", "/admin/org", "tree", 910),
    menu("admin.people", "人员", "/admin/people", "people", 920),
];

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("org", "组织机构", Layer::Platform);
    m.migrations = MIGRATIONS;
    m.ops = perm::OPS;
    m.permissions = perm::PERMISSIONS;
    m.roles = perm::ROLES;
    m.menus = MENUS;
    m.routes = http::routes();
    m.codes = &[CODES];
    m.events = &[
        api::NODE_CHANGED,
        api::IDENTITY_CHANGED,
        api::IDENTITY_ENDED,
        api::PERSON_LEFT,
    ];
    m.statements = &[
        read::STATEMENTS,
        service::node::STATEMENTS,
        service::people::STATEMENTS,
        service::recent::STATEMENTS,
        service::MERGE_STATEMENTS,
    ];
    m
}
