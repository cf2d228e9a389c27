//! Passwords: rules that the page shows line by line, and argon2id behind a gate as wide as the machine.
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zs_base::{Error, Field, Result};

/// Shortest password.
pub const MIN_CHARS: usize = 10;
/// Longest password; more only costs time.
pub const MAX_CHARS: usize = 128;

/// Every rule that `password` breaks, as messages for `field`.
pub fn check(field: &str, password: &str, login: &str) -> Vec<Field> {
    let mut out = Vec::new();
    let mut say = |m: &str| {
        out.push(Field {
            field: field.to_owned(),
            message: m.to_owned(),
        });
    };
    let n = password.chars().count();
    if n < MIN_CHARS {
        say("密码至少 10 位");
    }
    if n > MAX_CHARS {
        say("密码最多 128 位");
    }
    let classes = [
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    if classes.iter().filter(|c| **c).count() < 3 {
        say("密码须含大写字母、小写字母、数字、符号中的至少三类");
    }
    let login = login_key(login);
    if !login.is_empty() && password.to_lowercase().contains(&login) {
        say("密码不能包含登录名");
    }
    out
}

/// An error naming every rule that `password` breaks; for the command line and demonstration data.
pub fn check_password(password: &str, login: &str) -> Result<()> {
    Error::fields(check("password", password, login))
}

/// The form under which a login name is unique and looked up.
pub fn login_key(login: &str) -> String {
    login.trim().to_lowercase()
}

/// What is wrong with a login name, if anything.
pub fn check_login(field: &str, login: &str) -> Option<Field> {
    let key = login_key(login);
    let fits = (3..=32).contains(&key.chars().count())
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    (!fits).then(|| Field {
        field: field.to_owned(),
        message: "登录名为 3 至 32 个字母、数字、点、横线或下划线".into(),
    })
}

/// Stands for the hash of an account that has no password yet: nobody can log in until one is set.
pub(crate) const NO_PASSWORD: &str = "!";

/// A password that has been through the hash; the only form in which it is stored.
#[derive(Clone)]
pub struct Hashed(pub(crate) String);

impl std::fmt::Debug for Hashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashed(…)")
    }
}

/// Cost of the hash.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// KiB.
    pub memory: u32,
    /// Passes.
    pub time: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// argon2id, 19 MiB, two passes, one lane (OWASP).
    pub const STANDARD: Self = Self {
        memory: 19_456,
        time: 2,
        lanes: 1,
    };
    /// For tests only: the hash is the same, the price is not.
    pub const CHEAP: Self = Self {
        memory: 8,
        time: 1,
        lanes: 1,
    };
}

/// Hashes and compares; at most one at a time per core, so that a rush of logins cannot eat the memory.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    argon: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// Compared when there is no such user, so that the answer takes as long.
    dummy: Arc<str>,
}

impl Hasher {
    pub(crate) fn new(cost: Cost) -> Result<Self> {
        let params = Params::new(cost.memory, cost.time, cost.lanes, None)
            .map_err(|e| Error::internal(e.to_string()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let secret = zs_base::random_token()?;
        let dummy = argon
            .hash_password(secret.as_bytes())
            .map_err(|e| Error::internal(e.to_string()))?
            .to_string()
            .into();
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Self {
            argon,
            permits: Arc::new(Semaphore::new(cores)),
            dummy,
        })
    }
    /// A place at the gate; one attempt holds it from its first look at the throttle to its last.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(Error::internal)
    }
    pub(crate) async fn hash(&self, password: &str) -> Result<Hashed> {
        let _permit = self.enter().await?;
        let (me, password) = (self.clone(), password.to_owned());
        tokio::task::spawn_blocking(move || me.hash_now(&password))
            .await
            .map_err(Error::internal)?
    }
    /// Hashes on this thread.
    pub(crate) fn hash_now(&self, password: &str) -> Result<Hashed> {
        self.argon
            .hash_password(password.as_bytes())
            .map(|h| Hashed(h.to_string()))
            .map_err(|e| Error::internal(e.to_string()))
    }
    /// Compares with `stored`, or with nothing at the same price. The caller holds a permit.
    pub(crate) async fn verify(
        &self,
        _permit: &OwnedSemaphorePermit,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool> {
        let stored = stored.filter(|s| *s != NO_PASSWORD);
        let known = stored.is_some();
        let hash = stored.unwrap_or(&self.dummy).to_owned();
        let (argon, password) = (self.argon.clone(), password.to_owned());
        tokio::task::spawn_blocking(move || {
            let parsed = PasswordHash::new(&hash).map_err(|e| Error::internal(e.to_string()))?;
            Ok(argon.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await
        .map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_name_what_is_missing() {
        assert!(check("p", "Abcdefg123", "zhangsan").is_empty());
        assert!(check("p", "汉字Abc12345", "zhangsan").is_empty());
        assert_eq!(check("p", "Abc123!", "zhangsan").len(), 1);
        assert_eq!(check("p", "abcdefghij", "zhangsan").len(), 1);
        assert_eq!(check("p", "ZhangSan2026!", "zhangsan").len(), 1);
        assert_eq!(check("p", "", "x").len(), 2);
        assert!(check_login("l", "li.si-01").is_none());
        assert!(check_login("l", "李四同志").is_none());
        assert!(check_login("l", "a b c").is_some());
        assert!(check_login("l", "ab").is_some());
    }

    #[tokio::test]
    async fn a_hash_fits_only_its_password_and_never_shows() {
        let h = Hasher::new(Cost::CHEAP).unwrap();
        let (a, b) = (
            h.hash("Secret-2026").await.unwrap(),
            h.hash("Secret-2026").await.unwrap(),
        );
        assert_ne!(a.0, b.0, "salted");
        assert!(a.0.starts_with("$argon2id$"));
        assert_eq!(format!("{a:?}"), "Hashed(…)");
        let p = h.enter().await.unwrap();
        assert!(h.verify(&p, "Secret-2026", Some(&a.0)).await.unwrap());
        assert!(!h.verify(&p, "Secret-2027", Some(&a.0)).await.unwrap());
        assert!(!h.verify(&p, "Secret-2026", None).await.unwrap());
        assert!(!h.verify(&p, NO_PASSWORD, Some(NO_PASSWORD)).await.unwrap());
    }

    #[tokio::test]
    async fn the_standard_cost_is_nineteen_mebibytes_and_two_passes() {
        let h = Hasher::new(Cost::STANDARD).unwrap();
        assert!(h.dummy.contains("m=19456,t=2,p=1"), "{}", h.dummy);
    }
}
