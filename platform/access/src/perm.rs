//! Permissions, roles' rights, operations and menus of this module.
use zs_ctx::{Op, Reach};
use zs_module::{Menu, RoleGrant};

zs_ctx::permissions! {
    SECURITY_MANAGE = "security.manage" "管理授权与账号";
    AUDIT_READ = "audit.read" "查看审计日志";
    DELEGATE = "delegation.manage" "委托代理";
}

/// Rights from the start.
pub(crate) const ROLES: &[RoleGrant] = &[
    RoleGrant {
        role: "sec_admin",
        perm: SECURITY_MANAGE,
        reach: Reach::All,
    },
    RoleGrant {
        role: "auditor",
        perm: AUDIT_READ,
        reach: Reach::All,
    },
    RoleGrant {
        role: "staff",
        perm: DELEGATE,
        reach: Reach::Own,
    },
];

macro_rules! ops {
    ($($name:ident $key:literal $title:literal;)*) => {
        $(pub(crate) const $name: Op = Op { key: $key, title: $title };)*
        /// Every operation of this module.
        pub(crate) const OPS: &[Op] = &[$($name),*];
    };
}

ops! {
    SETUP "access.setup" "初始化系统";
    LOGIN "access.login" "登录";
    LOGIN_FAILED "access.login_failed" "登录失败";
    LOGOUT "access.logout" "退出登录";
    SWITCH "access.switch_identity" "切换身份";
    CHANGE_PASSWORD "access.change_password" "修改密码";
    RESET_PASSWORD "access.reset_password" "重置密码";
    LOCK "access.lock" "停用账号";
    UNLOCK "access.unlock" "启用账号";
    KICK "access.revoke_session" "结束会话";
    GRANT "access.grant" "授予角色";
    REVOKE "access.revoke" "撤销角色";
    DELEGATE_OP "access.delegate" "设置委托代理";
    DELEGATION_END "access.end_delegation" "结束委托代理";
    DELEGATION_TURN "access.turn_delegation" "委托代理到期处理";
    PREF "access.set_preference" "修改个人设置";
    PHRASE "access.edit_phrase" "修改常用语";
    FILTER "access.edit_filter" "修改常用筛选";
    PERSON_LEFT "access.person_left" "离职停用账号";
    AUDIT_EXPORT "audit.export" "导出审计日志";
}

const fn group(
    key: &'static str,
    title: &'static str,
    path: &'static str,
    icon: &'static str,
    sort: u32,
) -> Menu {
    Menu {
        key,
        parent: "",
        title,
        path,
        icon,
        badge: None,
        perm: None,
        sort,
    }
}

/// The groups of the side menu, which other modules hang their pages on, and this module's pages.
pub(crate) const MENUS: &[Menu] = &[
    group("home", "首页", "/", "home", 10),
    group("work", "我的工作", "", "work", 20),
    group("documents", "公文", "", "documents", 30),
    group("admin", "系统管理", "", "setting", 800),
    group("security", "安全管理", "", "security", 810),
    group("audit", "审计", "", "audit", 820),
    Menu {
        key: "work.delegations",
        parent: "work",
        title: "委托代理",
        path: "/delegations",
        icon: "",
        badge: None,
        perm: Some(DELEGATE),
        sort: 280,
    },
    Menu {
        key: "security.grants",
        parent: "security",
        title: "角色授权",
        path: "/admin/grants",
        icon: "",
        badge: None,
        perm: Some(SECURITY_MANAGE),
        sort: 811,
    },
    Menu {
        key: "security.roles",
        parent: "security",
        title: "角色与权限",
        path: "/admin/roles",
        icon: "",
        badge: None,
        perm: Some(SECURITY_MANAGE),
        sort: 812,
    },
    Menu {
        key: "security.accounts",
        parent: "security",
        title: "账号",
        path: "/admin/accounts",
        icon: "",
        badge: None,
        perm: Some(SECURITY_MANAGE),
        sort: 813,
    },
    Menu {
        key: "security.sessions",
        parent: "security",
        title: "在线会话",
        path: "/admin/sessions",
        icon: "",
        badge: None,
        perm: Some(SECURITY_MANAGE),
        sort: 814,
    },
    Menu {
        key: "audit.log",
        parent: "audit",
        title: "审计日志",
        path: "/admin/audit",
        icon: "",
        badge: None,
        perm: Some(AUDIT_READ),
        sort: 821,
    },
];
