//! Sessions: a 256-bit secret in an HttpOnly cookie, its SHA-256 in the table (T10, T23).
use std::sync::Arc;

use zs_base::{Error, Id, Result, sha256_hex};
use zs_ctx::{Actor, App, Delegated};
use zs_db::{Tx, vals};
use zs_org::api as org;
use zs_web::{Authenticator, BoxFuture};

use crate::account::{self, Account};
use crate::delegation;
use crate::grants;
use crate::role::{RoleTable, STAFF};
use crate::service::{Access, AccessOptions};

/// `last_seen_at` is written at most so often.
const SEEN_EVERY_MS: i64 = 60_000;

zs_db::statements! {
    BY_TOKEN = "select id, person_id, identity_id, last_seen_at, expires_at from access_session where token_hash = $1 and revoked_at is null";
    INSERT = "insert into access_session (id, token_hash, person_id, identity_id, created_at, last_seen_at, expires_at, ip, user_agent) \
              values ($1, $2, $3, $4, $5, $5, $6, $7, $8)";
    TOUCH = "update access_session set last_seen_at = $2 where id = $1 and last_seen_at < $2";
    REVOKE = "update access_session set revoked_at = $2 where id = $1 and revoked_at is null";
    REVOKE_ALL = "update access_session set revoked_at = $2 where person_id = $1 and id <> $3 and revoked_at is null";
    SWITCH = "update access_session set identity_id = $2 where id = $1 and revoked_at is null";
    LIVE_OF = "select id from access_session where person_id = $1 and revoked_at is null and expires_at > $2 and last_seen_at > $3 order by id desc";
    GET_LIVE = "select person_id from access_session where id = $1 and revoked_at is null";
    IDENTITY_OF = "select identity_id from access_session where id = $1";
    PURGE = "delete from access_session where created_at < $1";
}

/// A new session; older ones beyond the limit end. Did any?
pub(crate) fn open(tx: &mut Tx<'_>, o: &AccessOptions, s: &NewSession<'_>) -> Result<bool> {
    let now = tx.now();
    let limits = o.limits(tx)?;
    let live = tx.query(LIVE_OF, vals![s.person, now, now - limits.idle_ms])?;
    let keep = usize::try_from(limits.max_sessions - 1).unwrap_or(0);
    for row in live.iter().skip(keep) {
        revoke(tx, row.get(0)?)?;
    }
    let gave_way = live.len() > keep;
    tx.exec(
        INSERT,
        vals![
            s.id,
            s.token_hash,
            s.person,
            s.identity,
            now,
            now + o.absolute_ms,
            s.ip,
            s.user_agent
        ],
    )?;
    Ok(gave_way)
}

/// What a session starts with.
pub(crate) struct NewSession<'a> {
    pub id: Id,
    pub token_hash: &'a str,
    pub person: Id,
    pub identity: Id,
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

/// Ends a session; `false` if it had ended before.
pub(crate) fn revoke(tx: &mut Tx<'_>, id: Id) -> Result<bool> {
    let now = tx.now();
    Ok(tx.exec(REVOKE, vals![id, now])? == 1)
}

/// Ends all sessions of a person, except `keep`.
pub(crate) fn revoke_all(tx: &mut Tx<'_>, person: Id, keep: Option<Id>) -> Result<u64> {
    let now = tx.now();
    tx.exec(REVOKE_ALL, vals![person, now, keep.unwrap_or(Id(0))])
}

/// Lets a session go on under another identity.
pub(crate) fn switch(tx: &mut Tx<'_>, id: Id, identity: Id) -> Result<()> {
    tx.exec_one(SWITCH, vals![id, identity])
}

/// Whose session it is, if it has not been ended.
pub(crate) fn person_of(tx: &mut Tx<'_>, id: Id) -> Result<Option<Id>> {
    tx.opt(GET_LIVE, vals![id])?.map(|r| r.get(0)).transpose()
}

/// The identity that a session uses.
pub(crate) fn identity_of(tx: &mut Tx<'_>, id: Id) -> Result<Id> {
    tx.opt(IDENTITY_OF, vals![id])?
        .ok_or_else(|| Error::not_found("这次登录"))?
        .get(0)
}

/// Sessions of more than thirty days ago leave the table; the audit log keeps the logins.
pub(crate) fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let before = tx.now() - 30 * zs_base::time::DAY_MS;
    tx.exec(PURGE, vals![before])
}

/// The person behind a session under the identity in use. Who must change the password first has a name and nothing
/// else: no identity, no permission.
pub(crate) fn actor(
    tx: &mut Tx<'_>,
    roles: &RoleTable,
    account: &Account,
    session: Id,
    wanted: Id,
) -> Result<Option<Actor>> {
    let mine = org::identities_of_person(tx, account.person_id)?;
    let Some(used) = mine.iter().find(|i| i.id == wanted).or(mine.first()) else {
        return Ok(None);
    };
    let mut a = Actor {
        person: account.person_id,
        name: used.name.clone(),
        session,
        ..Actor::default()
    };
    if account.must_change {
        return Ok(Some(a));
    }
    a.identity = used.id;
    a.identities = mine.iter().map(|i| i.id).collect();
    a.unit = used.unit_id;
    a.division = used.division_id;
    a.unit_name = used.unit_name.clone();
    a.post = used.post.clone();
    a.roles = grants::roles_of(tx, used.id)?;
    a.roles.push(STAFF.to_owned());
    a.permissions = roles.permissions(a.roles.iter().map(String::as_str));
    let now = tx.now();
    let given = delegation::for_agents(tx, &a.identities, now)?;
    let principals: Vec<Id> = given.iter().map(|d| d.principal).collect();
    let people = if principals.is_empty() {
        Vec::new()
    } else {
        org::identities(tx, &principals)?
    };
    for d in given {
        if let Some(p) = people.iter().find(|p| p.id == d.principal && p.is_active()) {
            a.delegated.push(Delegated {
                principal: d.principal,
                name: p.name.clone(),
                scope: d.scope,
                until_at: d.until_at,
            });
        }
    }
    Ok(Some(a))
}

/// The real authenticator.
#[derive(Clone, Debug)]
pub struct Sessions {
    app: App,
    access: Arc<Access>,
    roles: Arc<RoleTable>,
}

impl Sessions {
    /// Reads sessions of this app; it must have the services [`Access`] and [`RoleTable`].
    pub fn new(app: &App) -> Result<Self> {
        Ok(Self {
            app: app.clone(),
            access: app.services.get()?,
            roles: app.services.get()?,
        })
    }
    async fn look_up(&self, token: String) -> Result<Option<Arc<Actor>>> {
        if token.len() != 64 {
            return Ok(None);
        }
        let hash = sha256_hex(&token);
        let now = self.app.db.clock().now();
        if let Some(a) = self.access.recall(&hash, now) {
            return Ok(Some(a));
        }
        let age = self.access.age();
        let (roles, key, options) = (Arc::clone(&self.roles), hash.clone(), self.access.options);
        let found = self
            .app
            .db
            .read(move |tx| load(tx, &roles, &key, &options))
            .await?;
        let Some((actor, seen_at, expires_at)) = found else {
            return Ok(None);
        };
        if now - seen_at >= SEEN_EVERY_MS {
            let id = actor.session;
            self.app
                .db
                .write(move |tx| {
                    let now = tx.now();
                    tx.exec(TOUCH, vals![id, now]).map(drop)
                })
                .await?;
        }
        let actor = Arc::new(actor);
        self.access.remember(hash, &actor, now, expires_at, age);
        Ok(Some(actor))
    }
}

fn load(
    tx: &mut Tx<'_>,
    roles: &RoleTable,
    token_hash: &str,
    options: &AccessOptions,
) -> Result<Option<(Actor, i64, i64)>> {
    let Some(row) = tx.opt(BY_TOKEN, vals![token_hash])? else {
        return Ok(None);
    };
    let mut c = row.cols();
    let (id, person, identity): (Id, Id, Id) = (c.next()?, c.next()?, c.next()?);
    let (seen_at, expires_at): (i64, i64) = (c.next()?, c.next()?);
    let now = tx.now();
    if now >= expires_at || now - seen_at >= options.limits(tx)?.idle_ms {
        return Ok(None);
    }
    let Some(account) = account::by_person(tx, person)?.filter(Account::is_active) else {
        return Ok(None);
    };
    Ok(actor(tx, roles, &account, id, identity)?.map(|a| (a, seen_at, expires_at)))
}

impl Authenticator for Sessions {
    fn authenticate(&self, token: String) -> BoxFuture<'static, Result<Option<Arc<Actor>>>> {
        let me = self.clone();
        Box::pin(async move { me.look_up(token).await })
    }
}
