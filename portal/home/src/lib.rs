//! 首页与我的工作: a person's lists over every module, live counts, drafts. Reads across modules through the flow store only.
#![forbid(unsafe_code)]

mod drafts;
mod export;
mod item;
mod lists;
mod live;
mod watch;

use zs_ctx::{Gate, Op};
use zs_db::Migration;
use zs_module::{Layer, Menu, Module};
use zs_web::{Method, Routes};

pub use item::WorkItem;
pub use live::LiveCounts;

zs_base::codes! {
    NO_SUCH_LIST: NotFound "没有这个列表",
}

const MIGRATIONS: &[Migration] = &[Migration {
    module: "home",
    version: 1,
    sql: include_str!("../migrations.sql"),
}];

const fn menu(
    key: &'static str,
    title: &'static str,
    path: &'static str,
    icon: &'static str,
    badge: Option<&'static str>,
    sort: u32,
) -> Menu {
    Menu {
        key,
        parent: "work",
        title,
        path,
        icon,
        badge,
        perm: None,
        sort,
    }
}

const MENUS: &[Menu] = &[
    menu("work.todo", "待办", "/work/todo", "todo", Some("todo"), 110),
    menu(
        "work.to_read",
        "待阅",
        "/work/to_read",
        "read",
        Some("to_read"),
        120,
    ),
    menu("work.mine", "在办", "/work/mine", "mine", None, 130),
    menu("work.done", "已办", "/work/done", "done", None, 140),
    menu("work.read", "已阅", "/work/read", "read_done", None, 150),
    menu("work.watch", "关注", "/work/watch", "watch", None, 160),
    menu("work.drafts", "草稿", "/work/drafts", "draft", None, 170),
    menu(
        "work.urges",
        "催办与提醒",
        "/work/urges",
        "urge",
        Some("urges"),
        190,
    ),
];

const OPS: &[Op] = &[watch::WATCH, watch::READ, drafts::SAVE, drafts::DROP];

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("home", "首页", Layer::Portal);
    m.migrations = MIGRATIONS;
    m.menus = MENUS;
    m.ops = OPS;
    m.codes = &[CODES];
    m.statements = &[drafts::STATEMENTS];
    m.routes = Routes::new()
        .get("/work/counts", Gate::SignedIn, "待办数字", live::counts)
        .get("/work/todo", Gate::SignedIn, "待办", lists::todo)
        .get("/work/to_read", Gate::SignedIn, "待阅", lists::to_read)
        .get("/work/done", Gate::SignedIn, "已办", lists::done)
        .get("/work/read", Gate::SignedIn, "已阅", lists::read)
        .get("/work/mine", Gate::SignedIn, "在办", lists::mine)
        .get("/work/watch", Gate::SignedIn, "关注", lists::watched)
        .get("/work/urges", Gate::SignedIn, "催办与提醒", lists::urges)
        .download(
            "/work/{list}/export",
            Gate::SignedIn,
            "导出列表",
            export::export,
        )
        .post("/work/read", Gate::SignedIn, "我知道了", watch::acknowledge)
        .put(
            "/work/watch/{instance_id}",
            Gate::SignedIn,
            "关注公文",
            watch::put,
        )
        .delete(
            "/work/watch/{instance_id}",
            Gate::SignedIn,
            "取消关注",
            watch::delete,
        )
        .get("/work/drafts", Gate::SignedIn, "草稿", drafts::list)
        .get("/work/drafts/{id}", Gate::SignedIn, "打开草稿", drafts::get)
        .put(
            "/work/drafts/{id}",
            Gate::SignedIn,
            "保存草稿",
            drafts::save,
        )
        .delete(
            "/work/drafts/{id}",
            Gate::SignedIn,
            "删除草稿",
            drafts::drop_draft,
        )
        .raw(
            Method::Get,
            "/events",
            Gate::SignedIn,
            "实时消息",
            live::events,
        );
    m
}
