//! Who may change settings.
use zs_ctx::{Op, Reach};
use zs_module::RoleGrant;

zs_ctx::permissions! {
    MANAGE = "setting.manage" "维护参数设置";
}

pub(crate) const ROLES: &[RoleGrant] = &[RoleGrant {
    role: "sys_admin",
    perm: MANAGE,
    reach: Reach::All,
}];

pub(crate) const CHANGE: Op = Op {
    key: "setting.change",
    title: "修改参数",
};
