//! Routes of the write side and of the page.

use zs_web::Routes;

use crate::detail::{detail, duplicates, options};
use crate::perm;
use crate::service as s;

/// Routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/incoming/options", perm::READ, "收文选项", options)
        .get("/incoming/duplicates", perm::READ, "收文查重", duplicates)
        .post("/incoming", perm::SIGN_IN, "签收收文", s::sign_in::sign_in)
        .get("/incoming/{id}", perm::READ, "查看收文", detail)
        .put(
            "/incoming/{id}",
            perm::REGISTER,
            "修改收文登记",
            s::edit::edit,
        )
        .post(
            "/incoming/{id}/register",
            perm::READ,
            "登记收文",
            s::register::register,
        )
        .post(
            "/incoming/{id}/preliminary_review",
            perm::READ,
            "初审",
            s::preliminary_review::preliminary_review,
        )
        .post(
            "/incoming/{id}/propose",
            perm::READ,
            "拟办",
            s::propose::propose,
        )
        .post(
            "/incoming/{id}/review",
            perm::READ,
            "审阅",
            s::review::review,
        )
        .post(
            "/incoming/{id}/instruct",
            perm::READ,
            "批示",
            s::instruct::instruct,
        )
        .post(
            "/incoming/{id}/dispatch",
            perm::READ,
            "分发",
            s::dispatch::dispatch,
        )
        .post(
            "/incoming/{id}/liaison_forward",
            perm::READ,
            "转送",
            s::liaison_forward::liaison_forward,
        )
        .post(
            "/incoming/{id}/assign",
            perm::READ,
            "分办",
            s::assign::assign,
        )
        .post(
            "/incoming/{id}/undertake",
            perm::READ,
            "承办",
            s::undertake::undertake,
        )
        .post(
            "/incoming/{id}/circulation_read",
            perm::READ,
            "传阅",
            s::circulation_read::circulation_read,
        )
        .post("/incoming/{id}/reply", perm::READ, "答复", s::reply::reply)
        .post(
            "/incoming/{id}/complete",
            perm::READ,
            "办结",
            s::complete::complete,
        )
        .post(
            "/incoming/{id}/archive",
            perm::READ,
            "归档",
            s::archive::archive,
        )
        .get(
            "/incoming/{id}/return_targets",
            perm::READ,
            "可退回环节",
            s::return_::return_targets,
        )
        .post(
            "/incoming/{id}/return",
            perm::READ,
            "退回",
            s::return_::return_task,
        )
        .post(
            "/incoming/{id}/withdraw",
            perm::READ,
            "取回",
            s::withdraw::withdraw,
        )
        .post(
            "/incoming/{id}/transfer",
            perm::READ,
            "转办",
            s::transfer::transfer,
        )
        .post(
            "/incoming/{id}/circulate",
            perm::READ,
            "知会",
            s::circulate::circulate,
        )
        .post("/incoming/{id}/read", perm::READ, "已阅", s::read::read)
        .post("/incoming/{id}/urge", perm::READ, "催办", s::urge::urge)
        .post("/incoming/{id}/claim", perm::READ, "认领", s::claim::claim)
        .post(
            "/incoming/{id}/unclaim",
            perm::READ,
            "退还",
            s::claim::unclaim,
        )
        .post("/incoming/{id}/void", perm::VOID, "作废", s::void::void)
}
