//! Who acts.
use std::collections::BTreeMap;

use zs_base::{Id, Result};

use crate::{Granted, Perm, Reach, Scope};

/// A principal for whom the actor may act now (委托代理).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegated {
    /// The principal's identity.
    pub principal: Id,
    /// The principal's name.
    pub name: String,
    /// `all` or `module:<id>`.
    pub scope: String,
    /// When it ends, ms UTC.
    pub until_at: i64,
}

/// A person signed in under one identity (身份 = person + unit + division + post).
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// Person.
    pub person: Id,
    /// The identity in use.
    pub identity: Id,
    /// All active identities of the person, the one in use included.
    pub identities: Vec<Id>,
    /// Unit of the identity in use.
    pub unit: Id,
    /// Division of the identity in use.
    pub division: Option<Id>,
    /// The person's name.
    pub name: String,
    /// The unit's name.
    pub unit_name: String,
    /// Post (职务) of the identity in use.
    pub post: String,
    /// Session.
    pub session: Id,
    /// Role keys of the identity in use.
    pub roles: Vec<String>,
    /// Permission key → how far it reaches.
    pub permissions: BTreeMap<String, Reach>,
    /// For whom the actor may act.
    pub delegated: Vec<Delegated>,
}

impl Actor {
    /// How far `perm` reaches for this actor; none if not held.
    pub fn reach(&self, perm: Perm) -> Option<Reach> {
        self.permissions.get(perm.key).copied()
    }
    /// Proof that the actor holds `perm`.
    #[track_caller]
    pub fn require(&self, perm: Perm) -> Result<Granted> {
        match self.reach(perm) {
            Some(reach) => Ok(Granted::new(perm, reach)),
            None => Err(zs_base::FORBIDDEN.with(&[&perm.title])),
        }
    }
    /// The rows that the actor may see under `perm`.
    #[track_caller]
    pub fn scope(&self, perm: Perm) -> Result<Scope> {
        Ok(Scope {
            reach: self.require(perm)?.reach(),
            unit: self.unit,
            division: self.division,
            identities: self.identities.clone(),
        })
    }
    /// The actor's identities and those of the principals he acts for in `module`, at `now`.
    pub fn seats_in(&self, module: &str, now: i64) -> Vec<Id> {
        let mut all = self.identities.clone();
        for d in &self.delegated {
            let fits = d.scope == "all" || d.scope.strip_prefix("module:") == Some(module);
            if fits && now < d.until_at && !all.contains(&d.principal) {
                all.push(d.principal);
            }
        }
        all
    }
    /// Is `role` one of the actor's?
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r == role)
    }
}
