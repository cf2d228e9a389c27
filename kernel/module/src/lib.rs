//! What a module declares, and the registry that puts the declarations together and refuses clashes.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use zs_base::{Code, Error, Result};
use zs_ctx::{Gate, Op, Perm, Reach};
use zs_db::{Migration, Stmt};
use zs_job::{JobKind, Subscriber};
use zs_web::Routes;

/// Layer of a module: who may call whom (`bin → portal → business → platform → kernel`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Layer {
    Kernel,
    Platform,
    Business,
    Portal,
}

/// An entry of the side menu.
#[derive(Clone, Copy, Debug)]
pub struct Menu {
    /// Stable key, `work.todo`.
    pub key: &'static str,
    /// Key of the group it stands in; empty for a group.
    pub parent: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Path in the interface; empty for a group.
    pub path: &'static str,
    /// Icon name of the interface.
    pub icon: &'static str,
    /// Key in the live counts whose number it shows.
    pub badge: Option<&'static str>,
    /// Who sees it; none = everyone.
    pub perm: Option<Perm>,
    /// Order.
    pub sort: u32,
}

/// A role's right: which role holds which permission, and how far.
#[derive(Clone, Copy, Debug)]
pub struct RoleGrant {
    /// Role key.
    pub role: &'static str,
    /// Permission.
    pub perm: Perm,
    /// How far.
    pub reach: Reach,
}

/// A setting that an administrator may change.
#[derive(Clone, Copy, Debug)]
pub struct SettingDef {
    /// `incoming.default_days`.
    pub key: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// `int`, `bool`, `text` or `choice:a,b`.
    pub kind: &'static str,
    /// Default, as text.
    pub default: &'static str,
    /// What it does, Chinese.
    pub help: &'static str,
}

/// Everything enumerable about a module.
#[derive(Clone, Debug)]
pub struct Module {
    /// Id, the prefix of its permissions and tables.
    pub id: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// Layer.
    pub layer: Layer,
    /// Schema steps.
    pub migrations: &'static [Migration],
    /// Operations, so that the audit log can name them; one with the key of a permission needs no entry.
    pub ops: &'static [Op],
    /// Permissions.
    pub permissions: &'static [Perm],
    /// Which roles hold them from the start.
    pub roles: &'static [RoleGrant],
    /// Menu entries.
    pub menus: &'static [Menu],
    /// Settings.
    pub settings: &'static [SettingDef],
    /// Routes.
    pub routes: Routes,
    /// Kinds of job.
    pub jobs: Vec<JobKind>,
    /// Event subscribers.
    pub subscribers: Vec<Subscriber>,
    /// Topics it emits.
    pub events: &'static [&'static str],
    /// Error codes.
    pub codes: &'static [&'static [Code]],
    /// SQL statements.
    pub statements: &'static [&'static [Stmt]],
}

impl Module {
    /// An empty module.
    pub fn new(id: &'static str, title: &'static str, layer: Layer) -> Self {
        Self {
            id,
            title,
            layer,
            migrations: &[],
            ops: &[],
            permissions: &[],
            roles: &[],
            menus: &[],
            settings: &[],
            routes: Routes::new(),
            jobs: Vec::new(),
            subscribers: Vec::new(),
            events: &[],
            codes: &[],
            statements: &[],
        }
    }
}

/// All modules of a process.
#[derive(Clone, Debug)]
pub struct Registry {
    /// In the order of their layers.
    pub modules: Vec<Module>,
}

impl Registry {
    /// Puts the modules together; an error names the clash.
    pub fn build(modules: Vec<Module>) -> Result<Self> {
        let mut ids = BTreeSet::new();
        let mut perms = BTreeSet::new();
        let mut menus = BTreeSet::new();
        let mut jobs = BTreeSet::new();
        let mut codes = BTreeSet::new();
        let clash =
            |what: &str, key: &str| Error::internal(format!("two modules declare {what} {key}"));
        for m in &modules {
            if !ids.insert(m.id) {
                return Err(clash("module", m.id));
            }
            for p in m.permissions {
                if !perms.insert(p.key) {
                    return Err(clash("permission", p.key));
                }
            }
            for x in m.menus {
                if !menus.insert(x.key) {
                    return Err(clash("menu", x.key));
                }
            }
            for j in &m.jobs {
                if !jobs.insert(j.kind) {
                    return Err(clash("job", j.kind));
                }
            }
            for c in m.codes.iter().flat_map(|c| c.iter()) {
                if !codes.insert(c.name) {
                    return Err(clash("error code", c.name));
                }
            }
            if let Some(bad) = m.migrations.iter().find(|x| x.module != m.id) {
                return Err(Error::internal(format!(
                    "{} holds a migration of {}",
                    m.id, bad.module
                )));
            }
        }
        let r = Self { modules };
        r.routes().check()?;
        for route in r.routes().0 {
            if let Gate::Perm(p) = route.gate
                && !perms.contains(p.key)
            {
                return Err(Error::internal(format!(
                    "route {} needs the undeclared {}",
                    route.path, p.key
                )));
            }
        }
        Ok(r)
    }
    /// All routes.
    pub fn routes(&self) -> Routes {
        self.modules
            .iter()
            .fold(Routes::new(), |all, m| all.merge(m.routes.clone()))
    }
    /// All schema steps, the kernel's first.
    pub fn migrations(&self) -> Vec<Migration> {
        zs_ctx::MIGRATIONS
            .iter()
            .chain(self.modules.iter().flat_map(|m| m.migrations))
            .copied()
            .collect()
    }
    /// All kinds of job.
    pub fn jobs(&self) -> Vec<JobKind> {
        self.modules
            .iter()
            .flat_map(|m| m.jobs.iter().cloned())
            .collect()
    }
    /// All subscribers.
    pub fn subscribers(&self) -> Vec<Subscriber> {
        self.modules
            .iter()
            .flat_map(|m| m.subscribers.iter().cloned())
            .collect()
    }
    /// All role grants.
    pub fn roles(&self) -> Vec<RoleGrant> {
        self.modules
            .iter()
            .flat_map(|m| m.roles.iter().copied())
            .collect()
    }
    /// All permissions.
    pub fn permissions(&self) -> Vec<Perm> {
        self.modules
            .iter()
            .flat_map(|m| m.permissions.iter().copied())
            .collect()
    }
    /// All menu entries by their order.
    pub fn menus(&self) -> Vec<Menu> {
        let mut all: Vec<Menu> = self
            .modules
            .iter()
            .flat_map(|m| m.menus.iter().copied())
            .collect();
        all.sort_by_key(|m| (m.sort, m.key));
        all
    }
    /// All settings.
    pub fn settings(&self) -> Vec<SettingDef> {
        self.modules
            .iter()
            .flat_map(|m| m.settings.iter().copied())
            .collect()
    }
    /// All statements.
    pub fn statements(&self) -> Vec<Stmt> {
        self.modules
            .iter()
            .flat_map(|m| m.statements.iter().flat_map(|s| s.iter().copied()))
            .collect()
    }
    /// All error codes, the kernel's included.
    pub fn codes(&self) -> Vec<Code> {
        let kernel = [zs_base::CODES, zs_db::CODES, zs_web::CODES];
        let mut all: Vec<Code> = kernel.iter().flat_map(|c| c.iter().copied()).collect();
        all.extend(
            self.modules
                .iter()
                .flat_map(|m| m.codes.iter().flat_map(|c| c.iter().copied())),
        );
        all.sort_by_key(|c| c.name);
        all
    }
    /// What a reviewer should see change: one line for each permission, menu, route, job and event.
    pub fn golden(&self) -> String {
        let mut s = String::new();
        for m in &self.modules {
            let _ = writeln!(s, "module {} {} {:?}", m.id, m.title, m.layer);
            for p in m.permissions {
                let _ = writeln!(s, "  permission {} {}", p.key, p.title);
            }
            for r in m.roles {
                let _ = writeln!(s, "  role {} {} {}", r.role, r.perm.key, r.reach.name());
            }
            for x in m.menus {
                let _ = writeln!(s, "  menu {} {} {}", x.key, x.title, x.path);
            }
            for r in &m.routes.0 {
                let gate = match r.gate {
                    Gate::Perm(p) => p.key.to_owned(),
                    Gate::SignedIn => "signed_in".to_owned(),
                    Gate::Public(why) => format!("public: {why}"),
                };
                let _ = writeln!(s, "  route {} {} [{gate}]", r.method.name(), r.path);
            }
            for j in &m.jobs {
                let _ = writeln!(s, "  job {} {:?}", j.kind, j.every_ms);
            }
            for e in m.events {
                let _ = writeln!(s, "  event {e}");
            }
            for x in &m.subscribers {
                let _ = writeln!(s, "  subscriber {x:?}");
            }
            for x in m.settings {
                let _ = writeln!(s, "  setting {} = {}", x.key, x.default);
            }
        }
        s
    }
}
