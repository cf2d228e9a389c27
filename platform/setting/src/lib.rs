//! 参数设置: values that an administrator may change, for the installation or for one unit.
#![forbid(unsafe_code)]

pub mod api;
mod http;
mod kind;
pub mod perm;
mod store;

use zs_db::Migration;
use zs_module::{Layer, Menu, Module};

zs_base::codes! {
    SETTING_INVALID: Invalid "“{}”的值不对：{}",
}

const MIGRATIONS: &[Migration] = &[Migration {
    module: "setting",
    version: 1,
    sql: include_str!("../migrations/0001_init.sql"),
}];

const MENUS: &[Menu] = &[Menu {
    key: "admin.settings",
    parent: "admin",
    title: "参数设置",
    path: "/admin/settings",
    icon: "settings",
    badge: None,
    perm: Some(perm::MANAGE),
    sort: 980,
}];

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("setting", "参数设置", Layer::Platform);
    m.migrations = MIGRATIONS;
    m.ops = &[perm::CHANGE];
    m.permissions = perm::PERMISSIONS;
    m.roles = perm::ROLES;
    m.menus = MENUS;
    m.routes = http::routes();
    m.codes = &[CODES];
    m.statements = &[store::STATEMENTS];
    m
}

#[cfg(test)]
mod tests;
