//! Permissions, role grants, operations, menus, settings.

use zs_ctx::{Op, Reach};
use zs_module::{Menu, RoleGrant, SettingDef};

zs_ctx::permissions! {
    SIGN_IN = "incoming.sign_in" "签收收文";
    REGISTER = "incoming.register" "登记收文";
    PROPOSE = "incoming.propose" "拟办收文";
    READ = "incoming.read" "查看收文";
    VOID = "incoming.void" "作废收文";
    EXPORT = "incoming.export" "导出收文";
    LEDGER = "incoming.ledger" "查看收文登记簿和台帐";
}

const fn grant(role: &'static str, perm: zs_ctx::Perm, reach: Reach) -> RoleGrant {
    RoleGrant { role, perm, reach }
}

/// What the roles may do from the start.
pub(crate) const ROLES: &[RoleGrant] = &[
    grant("registry", SIGN_IN, Reach::Unit),
    grant("registry", REGISTER, Reach::Unit),
    grant("registry", READ, Reach::Unit),
    grant("registry", VOID, Reach::Unit),
    grant("registry", EXPORT, Reach::Unit),
    grant("registry", LEDGER, Reach::Unit),
    grant("secretary", PROPOSE, Reach::Unit),
    grant("secretary", READ, Reach::Unit),
    grant("secretary", EXPORT, Reach::Unit),
    grant("secretary", LEDGER, Reach::Unit),
    grant("office_head", LEDGER, Reach::Unit),
    grant("doc_admin", READ, Reach::Unit),
    grant("doc_admin", VOID, Reach::Unit),
    grant("doc_admin", EXPORT, Reach::Unit),
    grant("doc_admin", LEDGER, Reach::Unit),
    grant("staff", READ, Reach::Own),
];

macro_rules! ops {
    ($($name:ident $key:literal $title:literal;)*) => {
        $(pub(crate) const $name: Op = Op { key: $key, title: $title };)*
        /// Every operation of this module.
        pub(crate) const OPS: &[Op] = &[$($name),*];
    };
}

ops! {
    OP_SIGN_IN "incoming.sign_in" "签收收文";
    OP_REGISTER "incoming.register" "登记收文";
    OP_EDIT "incoming.edit" "修改收文登记";
    OP_PRELIMINARY_REVIEW "incoming.preliminary_review" "初审收文";
    OP_PROPOSE "incoming.propose" "拟办收文";
    OP_REVIEW "incoming.review" "审阅收文";
    OP_INSTRUCT "incoming.instruct" "批示收文";
    OP_DISPATCH "incoming.dispatch" "分发收文";
    OP_LIAISON_FORWARD "incoming.liaison_forward" "转送收文";
    OP_ASSIGN "incoming.assign" "分办收文";
    OP_UNDERTAKE "incoming.undertake" "承办收文";
    OP_CIRCULATION_READ "incoming.circulation_read" "传阅收文";
    OP_REPLY "incoming.reply" "答复收文";
    OP_COMPLETE "incoming.complete" "办结收文";
    OP_ARCHIVE "incoming.archive" "归档收文";
    OP_RETURN "incoming.return" "退回收文";
    OP_WITHDRAW "incoming.withdraw" "取回收文";
    OP_TRANSFER "incoming.transfer" "转办收文";
    OP_CIRCULATE "incoming.circulate" "知会收文";
    OP_READ "incoming.read" "阅收文";
    OP_URGE "incoming.urge" "催办收文";
    OP_CLAIM "incoming.claim" "认领收文";
    OP_UNCLAIM "incoming.unclaim" "退还收文";
    OP_VOID "incoming.void" "作废收文";
    OP_SEED "incoming.seed_flow" "发布收文流程";
}

const fn menu(
    key: &'static str,
    title: &'static str,
    path: &'static str,
    perm: zs_ctx::Perm,
    sort: u32,
) -> Menu {
    Menu {
        key,
        parent: "documents",
        title,
        path,
        icon: "inbox",
        badge: None,
        perm: Some(perm),
        sort,
    }
}

/// Menu entries in the group 公文.
pub(crate) const MENUS: &[Menu] = &[
    menu(
        "documents.incoming_sign_in",
        "收文签收",
        "/incoming/sign-in",
        SIGN_IN,
        310,
    ),
    menu(
        "documents.incoming_register",
        "收文登记",
        "/incoming/register",
        REGISTER,
        311,
    ),
    menu("documents.incoming", "收文办理", "/incoming", READ, 312),
    menu(
        "documents.incoming_register_book",
        "收文登记簿",
        "/incoming/register-book",
        LEDGER,
        313,
    ),
    menu(
        "documents.incoming_ledger",
        "收文台帐",
        "/incoming/ledger",
        LEDGER,
        314,
    ),
    menu(
        "documents.incoming_stats",
        "收文统计",
        "/incoming/stats",
        LEDGER,
        315,
    ),
];

/// Working days of the default deadline.
pub(crate) const DEFAULT_DAYS: &str = "incoming.default_days";
/// Preliminary review on or off.
pub(crate) const PRELIMINARY_REVIEW: &str = "incoming.preliminary_review";

/// Key of the flow that a unit uses.
pub(crate) const FLOW: &str = "incoming.flow";

/// Settings.
pub(crate) const SETTINGS: &[SettingDef] = &[
    SettingDef {
        key: DEFAULT_DAYS,
        title: "默认办文期限（工作日）",
        kind: "int",
        default: "7",
        help: "自领导批示之日起计算；无批示的自登记之日起计算",
    },
    SettingDef {
        key: FLOW,
        title: "收文流程",
        kind: "text",
        default: "incoming.standard",
        help: "新签收的收文按此流程办理；填写已发布流程的标识",
    },
    SettingDef {
        key: PRELIMINARY_REVIEW,
        title: "收文初审",
        kind: "bool",
        default: "true",
        help: "登记后由文秘初审，不应由本单位办理或不合规定的退文",
    },
];
