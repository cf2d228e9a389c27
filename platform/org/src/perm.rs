//! Permissions of the organisation and who holds them from the start.
use zs_ctx::{Op, Reach};
use zs_module::RoleGrant;

zs_ctx::permissions! {
    READ = "org.read" "查看组织机构";
    MANAGE = "org.manage" "维护组织机构";
    IMPORT = "org.import" "导入组织机构";
}

/// Everyone looks names up; units keep their own people; the system administrator keeps the tree.
pub(crate) const ROLES: &[RoleGrant] = &[
    grant("staff", READ, Reach::All),
    grant("sys_admin", READ, Reach::All),
    grant("sec_admin", READ, Reach::All),
    grant("auditor", READ, Reach::All),
    grant("sys_admin", MANAGE, Reach::All),
    grant("sys_admin", IMPORT, Reach::All),
    grant("unit_admin", READ, Reach::All),
    grant("unit_admin", MANAGE, Reach::Unit),
];

const fn grant(role: &'static str, perm: zs_ctx::Perm, reach: Reach) -> RoleGrant {
    RoleGrant { role, perm, reach }
}

macro_rules! ops {
    ($($name:ident = $key:literal $title:literal;)*) => {
        $(pub(crate) const $name: Op = Op { key: $key, title: $title };)*
        /// Every operation.
        pub(crate) const OPS: &[Op] = &[$($name),*];
    };
}
ops! {
    CREATE_NODE = "org.create_node" "新增机构";
    UPDATE_NODE = "org.update_node" "修改机构";
    MOVE_NODE = "org.move_node" "移动机构";
    MERGE_NODE = "org.merge_node" "合并机构";
    CLOSE_NODE = "org.close_node" "撤销机构";
    CREATE_PERSON = "org.create_person" "新增人员";
    UPDATE_PERSON = "org.update_person" "修改人员";
    CREATE_IDENTITY = "org.create_identity" "新增身份";
    UPDATE_IDENTITY = "org.update_identity" "修改身份";
    END_IDENTITY = "org.end_identity" "结束身份";
    MOVE_IDENTITY = "org.move_identity" "人员调动";
    LEAVE = "org.leave" "人员离职";
    SUPERVISE = "org.supervise" "设置分管领导";
    IMPORT_ALL = "org.import" "导入组织机构";
}
