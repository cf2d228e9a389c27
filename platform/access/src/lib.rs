//! Accounts, sessions, roles, delegation and the audit log's reader (三员分立 from the first start).
#![forbid(unsafe_code)]

mod account;
mod admin;
pub mod api;
mod audit;
mod codes;
mod delegation;
mod delegation_http;
mod desk;
mod grants;
mod login;
mod me;
mod password;
mod perm;
mod role;
mod rule;
mod service;
mod session;
mod site;
mod throttle;
mod work;

use zs_ctx::Gate;
use zs_db::Migration;
use zs_module::{Layer, Module};
use zs_web::{Empty, Routes};

pub use api::{Access, AccessOptions, DemoAccount, DemoInfo, MenuTable, RoleTable, Sessions};

const MIGRATIONS: &[Migration] = &[Migration {
    module: "access",
    version: 1,
    sql: include_str!("../migrations/1.sql"),
}];

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("access", "权限与账号", Layer::Platform);
    m.migrations = MIGRATIONS;
    m.ops = perm::OPS;
    m.permissions = perm::PERMISSIONS;
    m.roles = perm::ROLES;
    m.menus = perm::MENUS;
    m.settings = service::SETTINGS;
    m.routes = routes();
    m.jobs = work::jobs();
    m.subscribers = work::subscribers();
    m.events = &[delegation::STARTED, delegation::ENDED];
    m.codes = &[codes::CODES];
    m.statements = &[
        account::STATEMENTS,
        delegation::STATEMENTS,
        desk::STATEMENTS,
        grants::STATEMENTS,
        session::STATEMENTS,
        site::STATEMENTS,
        throttle::STATEMENTS,
    ];
    m
}

fn routes() -> Routes {
    let me = Gate::SignedIn;
    let sec = perm::SECURITY_MANAGE;
    Routes::new()
        .get(
            "/bootstrap",
            Gate::Public("the login page needs the name of the site"),
            "登录页信息",
            site::bootstrap,
        )
        .post(
            "/setup",
            Gate::Public("the first start, while no account exists"),
            "初始化系统",
            site::setup,
        )
        .post_response::<_, login::LoginOut, _, _>(
            "/login",
            Gate::Public("signing in"),
            "登录",
            login::login,
        )
        .post_response::<_, Empty, _, _>(
            "/logout",
            Gate::Public("signing out removes the cookie in any case"),
            "退出登录",
            login::logout,
        )
        .get("/me", me, "我的信息", me::me)
        .post("/me/identity", me, "切换身份", me::switch)
        .post("/me/password", me, "修改密码", me::password)
        .get("/me/sessions", me, "我的登录", me::sessions)
        .delete("/me/sessions/{id}", me, "结束我的登录", me::end_session)
        .get("/me/settings", me, "个人设置", desk::settings)
        .put("/me/settings", me, "修改个人设置", desk::set_setting)
        .get("/me/phrases", me, "常用语", desk::phrases)
        .post("/me/phrases", me, "新增常用语", desk::add_phrase)
        .put("/me/phrases/{id}", me, "修改常用语", desk::edit_phrase)
        .delete("/me/phrases/{id}", me, "删除常用语", desk::drop_phrase)
        .get("/me/filters", me, "常用筛选", desk::filters)
        .post("/me/filters", me, "保存常用筛选", desk::add_filter)
        .delete("/me/filters/{id}", me, "删除常用筛选", desk::drop_filter)
        .get("/delegations", me, "我的委托", delegation_http::list)
        .post(
            "/delegations",
            perm::DELEGATE,
            "设置委托代理",
            delegation_http::create,
        )
        .post(
            "/delegations/{id}/end",
            me,
            "结束委托代理",
            delegation_http::end,
        )
        .get("/admin/roles", sec, "角色与权限", admin::roles)
        .get("/admin/grants", sec, "角色授权", admin::grant_list)
        .post("/admin/grants", sec, "授予角色", admin::grant)
        .delete("/admin/grants/{id}", sec, "撤销角色", admin::revoke)
        .get("/admin/accounts", sec, "账号", admin::accounts)
        .post(
            "/admin/accounts/{person_id}/lock",
            sec,
            "停用账号",
            admin::lock,
        )
        .post(
            "/admin/accounts/{person_id}/unlock",
            sec,
            "启用账号",
            admin::unlock,
        )
        .post(
            "/admin/accounts/{person_id}/reset_password",
            sec,
            "重置密码",
            admin::reset,
        )
        .get("/admin/sessions", sec, "在线会话", admin::sessions)
        .delete("/admin/sessions/{id}", sec, "结束会话", admin::kick)
        .get("/admin/audit", perm::AUDIT_READ, "审计日志", audit::list)
        .download(
            "/admin/audit/export",
            perm::AUDIT_READ,
            "导出审计日志",
            audit::export,
        )
}
