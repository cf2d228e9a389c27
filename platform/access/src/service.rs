//! What lives as long as the process: the hash gate and the short memory of live sessions.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zs_base::{Id, Result};
use zs_ctx::Actor;
use zs_db::Tx;
use zs_module::SettingDef;
use zs_setting::api as setting;

use crate::password::{Cost, Hashed, Hasher};

/// How the process handles sessions.
#[derive(Clone, Copy, Debug)]
pub struct AccessOptions {
    /// Cost of the password hash.
    pub cost: Cost,
    /// A session ends after so long without a request.
    pub idle_ms: i64,
    /// A session ends after so long in any case.
    pub absolute_ms: i64,
    /// Sessions that one person may have at once; the oldest gives way.
    pub max_sessions: i64,
    /// HTTPS in front: the cookie is `Secure`.
    pub secure: bool,
}

impl Default for AccessOptions {
    fn default() -> Self {
        Self {
            cost: Cost::STANDARD,
            idle_ms: 30 * 60_000,
            absolute_ms: 12 * 3_600_000,
            max_sessions: 5,
            secure: false,
        }
    }
}

/// What a session is allowed, as the installation has set it; the process options are the defaults.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub idle_ms: i64,
    pub max_sessions: i64,
}

impl AccessOptions {
    pub(crate) fn limits(&self, tx: &mut Tx<'_>) -> Result<Limits> {
        let minutes = setting::get_int(tx, None, IDLE_MINUTES, self.idle_ms / 60_000)?;
        let most = setting::get_int(tx, None, MAX_SESSIONS, self.max_sessions)?;
        Ok(Limits {
            idle_ms: minutes.clamp(1, 720) * 60_000,
            max_sessions: most.clamp(1, 100),
        })
    }
}

const IDLE_MINUTES: &str = "access.idle_minutes";
const MAX_SESSIONS: &str = "access.max_sessions";

/// Settings of this module.
pub(crate) const SETTINGS: &[SettingDef] = &[
    SettingDef {
        key: IDLE_MINUTES,
        title: "无操作自动退出（分钟）",
        kind: "int",
        default: "30",
        help: "超过这一时间没有操作，需重新登录；1 至 720",
    },
    SettingDef {
        key: MAX_SESSIONS,
        title: "同一账号最多同时登录数",
        kind: "int",
        default: "5",
        help: "超出时最早的一次登录自动退出；1 至 100",
    },
];

/// A demonstration account, shown on the login page of a demonstration only.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Post.
    pub title: String,
    /// What to try with it.
    pub hint: String,
}

/// The accounts of a demonstration; the service is absent in a real installation.
#[derive(Clone, Debug, Default)]
pub struct DemoInfo {
    /// The password of all of them.
    pub password: String,
    /// The accounts.
    pub accounts: Vec<DemoAccount>,
}

/// A live session in memory is believed for so long.
const FRESH_MS: i64 = 10_000;
/// More sessions than this are not remembered at once.
const ROOM: usize = 20_000;

#[derive(Clone)]
struct Known {
    actor: Arc<Actor>,
    read_at: i64,
    ends_at: i64,
}

#[derive(Default)]
struct Memory {
    age: u64,
    known: HashMap<String, Known>,
}

/// The service of this module.
pub struct Access {
    pub(crate) options: AccessOptions,
    pub(crate) hasher: Hasher,
    memory: Mutex<Memory>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access({:?})", self.options)
    }
}

impl Access {
    /// The service; it makes one hash to compare unknown users with.
    pub fn new(options: AccessOptions) -> Result<Self> {
        Ok(Self {
            hasher: Hasher::new(options.cost)?,
            options,
            memory: Mutex::default(),
        })
    }
    /// Hashes a password; slow on purpose, so never inside a transaction.
    pub async fn hash(&self, password: &str) -> Result<Hashed> {
        self.hasher.hash(password).await
    }
    /// Hashes a password after checking it against the rules (length, classes, not the login name).
    pub async fn hash_checked(&self, login: &str, password: &str) -> Result<Hashed> {
        zs_base::Error::fields(crate::password::check("password", password, login))?;
        self.hash(password).await
    }
    /// Forgets every session in memory, so that the next request reads the tables: called after everything that
    /// changes what a session may do.
    pub fn forget(&self) {
        let mut m = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        m.age += 1;
        m.known.clear();
    }
    /// Forgets one session.
    pub(crate) fn forget_session(&self, id: Id) {
        let mut m = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        m.age += 1;
        m.known.retain(|_, k| k.actor.session != id);
    }
    /// Counts how often memory was dropped: what was read before a drop is not remembered after it.
    pub(crate) fn age(&self) -> u64 {
        self.memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .age
    }
    pub(crate) fn recall(&self, token_hash: &str, now: i64) -> Option<Arc<Actor>> {
        let m = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let k = m.known.get(token_hash)?;
        let fresh = (0..FRESH_MS).contains(&(now - k.read_at)) && now < k.ends_at;
        fresh.then(|| Arc::clone(&k.actor))
    }
    pub(crate) fn remember(
        &self,
        token_hash: String,
        actor: &Arc<Actor>,
        now: i64,
        ends_at: i64,
        age: u64,
    ) {
        let mut m = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if m.age != age {
            return;
        }
        if m.known.len() >= ROOM {
            m.known.clear();
        }
        m.known.insert(
            token_hash,
            Known {
                actor: Arc::clone(actor),
                read_at: now,
                ends_at,
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_short_and_drops_what_was_read_before_a_change() {
        let a = Access::new(AccessOptions {
            cost: Cost::CHEAP,
            ..AccessOptions::default()
        })
        .unwrap();
        let actor = Arc::new(Actor::default());
        let age = a.age();
        a.remember("t".into(), &actor, 1_000, 9_000, age);
        assert!(a.recall("t", 1_000).is_some());
        assert!(a.recall("t", 8_999).is_some());
        assert!(a.recall("t", 9_000).is_none(), "its end has come");
        assert!(a.recall("t", 999).is_none(), "the clock stepped back");
        a.remember("t".into(), &actor, 1_000, i64::MAX, age);
        assert!(a.recall("t", 11_000).is_none(), "not fresh");
        let age = a.age();
        a.forget();
        a.remember("t".into(), &actor, 1_000, i64::MAX, age);
        assert!(a.recall("t", 1_000).is_none());
    }
}
