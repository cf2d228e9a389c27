//! Flow 流程: the engine's store, to-do lists, timers and API over `zs-flowcore`.
//!
//! [`api`] is the facade. A command loads the instance (locked on PostgreSQL), lets the pure core decide, and writes the new
//! state, the tasks, the timers and the events in the caller's transaction; a refused command writes nothing.
#![forbid(unsafe_code)]

pub mod api;
pub mod bulk;
mod definition;
mod engine;
mod follow;
mod http;
mod list;
mod model;
mod project;
mod read;
mod replay;
mod stale;
mod store;
mod tell;
#[cfg(test)]
mod tests;
mod timer;
mod watch;
mod world;

pub use api::*;
pub use follow::FlowOpenItems;
pub use http::module;

zs_base::codes! {
    NO_SUCH_FLOW: Rule "没有已发布的“{}”流程，请联系系统管理员发布后再办理",
    FLOW_DEFINITION_FAULTY: Rule "流程“{}”有错误，请按提示改正后再发布",
    ALREADY_STARTED: Conflict "这件公文已经进入办理流程，请刷新后查看",
}

zs_ctx::permissions! {
    VIEW = "flow.view" "查看流程定义";
    AUDIT = "flow.audit" "校验流程记录";
    MANAGE = "flow.manage" "管理办理流程";
}
