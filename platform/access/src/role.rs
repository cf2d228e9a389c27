//! The catalogue of roles (角色) and what each of them may do.
use std::collections::BTreeMap;

use zs_ctx::{Perm, Reach};
use zs_module::{Layer, Menu, Registry};

use crate::perm::DELEGATE;

/// What kind of role it is: the three administrators (三员) never meet the others in one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleKind {
    /// One of the three administrators.
    Admin,
    /// Handles documents or a unit.
    Office,
    /// Everyone has it; nobody grants it.
    Everyone,
}

/// A role.
#[derive(Clone, Copy, Debug)]
pub struct RoleDef {
    /// Key.
    pub key: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Kind.
    pub kind: RoleKind,
}

/// Key of the system administrator (系统管理员).
pub const SYS_ADMIN: &str = "sys_admin";
/// Key of the security administrator (安全管理员).
pub const SEC_ADMIN: &str = "sec_admin";
/// Key of the auditor (审计员).
pub const AUDITOR: &str = "auditor";
/// Key of the role that everybody with an active identity has (工作人员).
pub const STAFF: &str = "staff";
/// Key of the leader (单位领导).
pub const LEADER: &str = "leader";

macro_rules! roles {
    ($($key:expr, $title:literal, $kind:ident;)*) => {
        /// Every role.
        pub const ROLES: &[RoleDef] = &[$(RoleDef { key: $key, title: $title, kind: RoleKind::$kind }),*];
    };
}

roles! {
    "registry", "收发员", Office;
    "secretary", "文秘", Office;
    "office_head", "办公室主任", Office;
    LEADER, "单位领导", Office;
    STAFF, "工作人员", Everyone;
    "doc_admin", "文档管理员", Office;
    "unit_admin", "单位管理员", Office;
    SYS_ADMIN, "系统管理员", Admin;
    SEC_ADMIN, "安全管理员", Admin;
    AUDITOR, "审计员", Admin;
}

/// The role with this key.
pub fn role(key: &str) -> Option<&'static RoleDef> {
    ROLES.iter().find(|r| r.key == key)
}

/// The title of a role; the key itself if nobody knows it.
pub fn title(key: &str) -> &str {
    role(key).map_or(key, |r| r.title)
}

/// Is it one of the three administrators?
pub fn is_admin(key: &str) -> bool {
    role(key).is_some_and(|r| r.kind == RoleKind::Admin)
}

#[derive(Clone, Copy, Debug)]
struct Right {
    role: &'static str,
    perm: Perm,
    reach: Reach,
    business: bool,
}

/// Which role holds which permission, and how far: a service made from the registry at the start.
#[derive(Clone, Debug, Default)]
pub struct RoleTable {
    rights: Vec<Right>,
    modules: Vec<(&'static str, &'static str)>,
    ops: BTreeMap<&'static str, &'static str>,
}

impl RoleTable {
    /// Reads the declarations of all modules.
    pub fn of(registry: &Registry) -> Self {
        let mut t = Self::default();
        for m in &registry.modules {
            t.modules.push((m.id, m.title));
            for p in m.permissions {
                t.ops.entry(p.key).or_insert(p.title);
            }
            for j in &m.jobs {
                t.ops.entry(j.kind).or_insert(j.title);
            }
            let business = registry
                .modules
                .iter()
                .filter(|m| m.layer == Layer::Business)
                .flat_map(|m| m.permissions);
            let business: Vec<&str> = business.map(|p| p.key).collect();
            for r in m.roles {
                t.rights.push(Right {
                    role: r.role,
                    perm: r.perm,
                    reach: r.reach,
                    business: business.contains(&r.perm.key),
                });
            }
        }
        for m in &registry.modules {
            for o in m.ops {
                t.ops.insert(o.key, o.title);
            }
        }
        t
    }
    /// What the holder of `roles` may do: for each permission the farthest reach. The three administrators have what
    /// everybody has except the permissions of business modules and delegation: none of them reads a document, and nobody
    /// does his work for him (三员分立).
    pub fn permissions<'a>(
        &self,
        roles: impl IntoIterator<Item = &'a str>,
    ) -> BTreeMap<String, Reach> {
        let roles: Vec<&str> = roles.into_iter().collect();
        let admin = roles.iter().any(|r| is_admin(r));
        let mut out: BTreeMap<String, Reach> = BTreeMap::new();
        for r in self.rights.iter().filter(|r| roles.contains(&r.role)) {
            if admin && r.role == STAFF && (r.business || r.perm == DELEGATE) {
                continue;
            }
            let reach = out.entry(r.perm.key.to_owned()).or_insert(r.reach);
            *reach = (*reach).max(r.reach);
        }
        out
    }
    /// The permissions of one role, by key.
    pub fn of_role(&self, role: &str) -> Vec<(Perm, Reach)> {
        let mut all: Vec<(Perm, Reach)> = self
            .rights
            .iter()
            .filter(|r| r.role == role)
            .map(|r| (r.perm, r.reach))
            .collect();
        all.sort_by_key(|(p, _)| p.key);
        all
    }
    /// Title of a module that a delegation may name; none if there is no such module.
    pub fn module_title(&self, id: &str) -> Option<&'static str> {
        self.modules.iter().find(|(m, _)| *m == id).map(|(_, t)| *t)
    }
    /// What an operation is called in the audit log. Refusals carry their title already; an operation that nobody
    /// declared shows the title of its module.
    pub fn op_title(&self, op: &str) -> String {
        if let Some(t) = self.ops.get(op) {
            return (*t).to_owned();
        }
        let module = op.split('.').next().unwrap_or_default();
        match self.module_title(module) {
            Some(t) => format!("{t}（{op}）"),
            None => op.to_owned(),
        }
    }
    /// Keys of the operations whose title contains `text`.
    pub fn ops_titled(&self, text: &str) -> Vec<&'static str> {
        self.ops
            .iter()
            .filter(|(_, t)| t.contains(text))
            .map(|(k, _)| *k)
            .collect()
    }
}

/// The menu entries of all modules, a service made from the registry at the start.
#[derive(Clone, Debug, Default)]
pub struct MenuTable(pub Vec<Menu>);

impl MenuTable {
    /// Reads the declarations of all modules.
    pub fn of(registry: &Registry) -> Self {
        Self(registry.menus())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zs_module::{Module, RoleGrant};

    const READ: Perm = Perm {
        key: "doc.read",
        title: "查看",
    };
    const ASK: Perm = Perm {
        key: "tool.ask",
        title: "询问",
    };

    fn table() -> RoleTable {
        let mut doc = Module::new("doc", "文", Layer::Business);
        doc.permissions = &[READ];
        doc.roles = &[
            RoleGrant {
                role: STAFF,
                perm: READ,
                reach: Reach::Own,
            },
            RoleGrant {
                role: "registry",
                perm: READ,
                reach: Reach::Unit,
            },
            RoleGrant {
                role: "leader",
                perm: READ,
                reach: Reach::Division,
            },
        ];
        let mut tool = Module::new("tool", "具", Layer::Platform);
        tool.permissions = &[ASK];
        tool.roles = &[RoleGrant {
            role: STAFF,
            perm: ASK,
            reach: Reach::All,
        }];
        RoleTable::of(&Registry::build(vec![doc, tool]).unwrap())
    }

    #[test]
    fn the_farthest_reach_wins() {
        let p = table().permissions([STAFF, "leader", "registry"]);
        assert_eq!(p.get("doc.read"), Some(&Reach::Unit));
        assert_eq!(p.get("tool.ask"), Some(&Reach::All));
    }

    #[test]
    fn t26_an_administrator_gets_no_document_permission_from_being_staff() {
        for admin in [SYS_ADMIN, SEC_ADMIN, AUDITOR] {
            let p = table().permissions([STAFF, admin]);
            assert_eq!(p.get("doc.read"), None, "{admin}");
            assert_eq!(p.get("tool.ask"), Some(&Reach::All), "{admin}");
        }
    }

    #[test]
    fn operations_have_titles() {
        assert_eq!(table().op_title("doc.read"), "查看");
        assert_eq!(table().op_title("doc.burn"), "文（doc.burn）");
        assert_eq!(table().op_title("退出登录"), "退出登录");
        assert_eq!(table().ops_titled("查"), vec!["doc.read"]);
    }
}
