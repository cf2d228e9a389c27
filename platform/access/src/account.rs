//! Accounts: one login name per person.
use std::sync::Arc;

use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Tx, vals};
use zs_org::api::{AccountInfo, AccountMaker};

use crate::codes::LOGIN_TAKEN;
use crate::password::{Hashed, NO_PASSWORD, check, check_login, login_key};
use crate::service::Access;
use crate::{grants, session, throttle};

zs_db::statements! {
    BY_LOGIN = "select person_id, login, password_hash, must_change, status from access_account where login_key = $1";
    BY_PERSON = "select person_id, login, password_hash, must_change, status from access_account where person_id = $1";
    ANY = "select 1 from access_account limit 1";
    INSERT = "insert into access_account (person_id, login, login_key, password_hash, must_change, status, password_changed_at, created_at) \
              values ($1, $2, $3, $4, $5, 'active', $6, $6)";
    RENAME = "update access_account set login = $2, login_key = $3 where person_id = $1";
    PASSWORD = "update access_account set password_hash = $2, must_change = $3, password_changed_at = $4 where person_id = $1";
    STATUS = "update access_account set status = $2 where person_id = $1";
    SEEN = "update access_account set last_login_at = $2, last_login_ip = $3 where person_id = $1";
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub person_id: Id,
    pub login: String,
    pub password_hash: String,
    pub must_change: bool,
    pub status: String,
}

impl Account {
    fn from_row(r: &zs_db::Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            person_id: c.next()?,
            login: c.next()?,
            password_hash: c.next()?,
            must_change: c.next()?,
            status: c.next()?,
        })
    }
    pub(crate) fn is_active(&self) -> bool {
        self.status == "active"
    }
}

pub(crate) fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Account>> {
    tx.opt(BY_LOGIN, vals![login_key(login)])?
        .map(|r| Account::from_row(&r))
        .transpose()
}
pub(crate) fn by_person(tx: &mut Tx<'_>, person: Id) -> Result<Option<Account>> {
    tx.opt(BY_PERSON, vals![person])?
        .map(|r| Account::from_row(&r))
        .transpose()
}
pub(crate) fn required(tx: &mut Tx<'_>, person: Id) -> Result<Account> {
    by_person(tx, person)?.ok_or_else(|| Error::not_found("这个账号"))
}
/// Is there an account at all? While there is none the system asks to be set up.
pub(crate) fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.opt(ANY, &[])?.is_some())
}

/// A new account of a person.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Person.
    pub person_id: Id,
    /// Login name.
    pub login: String,
    /// From [`Access::hash`].
    pub password: Hashed,
    /// The password must be changed at the first login.
    pub must_change: bool,
}

/// Makes an account; a login name that somebody has is an error on `login`.
pub fn create_account(tx: &mut WriteTx<'_, '_>, _: &Granted, a: &NewAccount) -> Result<()> {
    if let Some(f) = check_login("login", &a.login) {
        return Error::fields(vec![f]);
    }
    free(tx, a.person_id, &a.login)?;
    let (key, now) = (login_key(&a.login), tx.now());
    tx.exec(
        INSERT,
        vals![
            a.person_id,
            a.login.trim(),
            key,
            &a.password.0,
            a.must_change,
            now
        ],
    )?;
    tx.touch(
        "account",
        a.person_id,
        json!({"created": true, "login": a.login.trim()}),
    )
}

fn free(tx: &mut Tx<'_>, person: Id, login: &str) -> Result<()> {
    match by_login(tx, login)? {
        Some(other) if other.person_id != person => Err(LOGIN_TAKEN
            .with(&[&login])
            .and_field("login", "这个登录名已被使用，请换一个")),
        _ => Ok(()),
    }
}

/// Gives a person a new password and ends all sessions of that person.
pub(crate) fn set_password(
    tx: &mut WriteTx<'_, '_>,
    a: &Account,
    new: &Hashed,
    must_change: bool,
    keep: Option<Id>,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(PASSWORD, vals![a.person_id, &new.0, must_change, now])?;
    throttle::clear(tx, &login_key(&a.login))?;
    session::revoke_all(tx, a.person_id, keep)?;
    tx.touch(
        "account",
        a.person_id,
        json!({"password": "changed", "must_change": must_change}),
    )
}

/// Sets a new password for a login name (command line and security administrator); it must be changed at the next
/// login, a locked account stays locked, and all sessions end.
pub fn reset_password(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    login: &str,
    new: &Hashed,
) -> Result<()> {
    let a = by_login(tx, login)?.ok_or_else(|| Error::not_found("这个登录名"))?;
    set_password(tx, &a, new, true, None)
}

pub(crate) fn set_status(tx: &mut WriteTx<'_, '_>, person: Id, status: &'static str) -> Result<()> {
    tx.exec_one(STATUS, vals![person, status])?;
    if status == "locked" {
        session::revoke_all(tx, person, None)?;
    }
    tx.touch("account", person, json!({"status": status}))
}

pub(crate) fn logged_in(tx: &mut Tx<'_>, person: Id, ip: Option<&str>) -> Result<()> {
    let now = tx.now();
    tx.exec_one(SEEN, vals![person, now, ip])
}

/// The end of a person's service (离职): no login, no session, no role.
pub(crate) fn close(tx: &mut WriteTx<'_, '_>, person: Id) -> Result<()> {
    if by_person(tx, person)?.is_some() {
        set_status(tx, person, "locked")?;
    }
    grants::drop_of_person(tx, person)
}

/// Login and status of these people.
pub fn accounts(tx: &mut Tx<'_>, persons: &[Id]) -> Result<Vec<AccountInfo>> {
    let mut q = Query::new(
        "select person_id, login, status, must_change from access_account where ",
        &[],
    );
    q.push_in("person_id", persons.iter().copied());
    tx.rows(&q)?
        .iter()
        .map(|r| {
            let (status, must_change): (String, bool) = (r.get(2)?, r.get(3)?);
            Ok(AccountInfo {
                person_id: r.get(0)?,
                login: r.get(1)?,
                status: if must_change && status == "active" {
                    "must_change".into()
                } else {
                    status
                },
            })
        })
        .collect()
}

/// Makes accounts for the organisation's pages (people, import).
#[derive(Clone, Debug)]
pub struct Accounts(pub Arc<Access>);

impl AccountMaker for Accounts {
    fn hash(&self, login: &str, password: &str) -> Result<String> {
        let mut bad = check("initial_password", password, login);
        bad.extend(check_login("login", login));
        Error::fields(bad)?;
        self.0.hasher.hash_now(password).map(|h| h.0)
    }
    fn ensure(
        &self,
        tx: &mut WriteTx<'_, '_>,
        person: Id,
        login: &str,
        hash: Option<&str>,
    ) -> Result<bool> {
        if let Some(f) = check_login("login", login) {
            return Err(Error::field(f.field, f.message));
        }
        free(tx, person, login)?;
        if let Some(a) = by_person(tx, person)? {
            if a.login != login.trim() {
                tx.exec_one(RENAME, vals![person, login.trim(), login_key(login)])?;
                tx.touch("account", person, json!({"login": login.trim()}))?;
            }
            return Ok(false);
        }
        // Without one (import) nobody gets in until the security administrator sets the first password.
        let a = NewAccount {
            person_id: person,
            login: login.to_owned(),
            password: Hashed(hash.unwrap_or(NO_PASSWORD).to_owned()),
            must_change: true,
        };
        create_account(
            tx,
            &Granted::system(crate::perm::SECURITY_MANAGE, "account of a new person"),
            &a,
        )?;
        Ok(true)
    }
    fn accounts(&self, tx: &mut Tx<'_>, persons: &[Id]) -> Result<Vec<AccountInfo>> {
        accounts(tx, persons)
    }
    fn owners(&self, tx: &mut Tx<'_>, logins: &[String]) -> Result<Vec<(String, Id)>> {
        let mut q = Query::new(
            "select login_key, person_id from access_account where ",
            &[],
        );
        q.push_in("login_key", logins.iter().map(|l| login_key(l)));
        tx.rows(&q)?
            .iter()
            .map(|r| Ok((r.get(0)?, r.get(1)?)))
            .collect()
    }
}
