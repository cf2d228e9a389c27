//! What the page knows about the person in front of it.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Actor, Ctx};
use zs_db::{Query, vals};
use zs_module::Menu;
use zs_org::api::{self as org, Identity};
use zs_web::{Empty, NoArgs};

use crate::codes::LOGIN_LOCKED;
use crate::password::{check, login_key};
use crate::role::{LEADER, MenuTable, is_admin};
use crate::service::Access;
use crate::{account, perm, session, throttle};

/// An entry of the side menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct MenuOut {
    key: String,
    title: String,
    path: Option<String>,
    icon: String,
    badge: Option<String>,
    children: Vec<MenuOut>,
}

/// The menu of somebody who may do what `may` says; a group without children and without a page of its own is dropped.
pub(crate) fn menu_tree(all: &[Menu], may: &dyn Fn(zs_ctx::Perm) -> bool) -> Vec<MenuOut> {
    branch(all, "", may, 0)
}

fn branch(
    all: &[Menu],
    parent: &str,
    may: &dyn Fn(zs_ctx::Perm) -> bool,
    depth: u8,
) -> Vec<MenuOut> {
    if depth > 4 {
        return Vec::new();
    }
    let mut mine: Vec<&Menu> = all
        .iter()
        .filter(|m| m.parent == parent && m.perm.is_none_or(may))
        .collect();
    mine.sort_by_key(|m| (m.sort, m.key));
    mine.into_iter()
        .map(|m| MenuOut {
            key: m.key.to_owned(),
            title: m.title.to_owned(),
            path: (!m.path.is_empty()).then(|| m.path.to_owned()),
            icon: m.icon.to_owned(),
            badge: m.badge.map(str::to_owned),
            children: branch(all, m.key, may, depth + 1),
        })
        .filter(|m| m.path.is_some() || !m.children.is_empty())
        .collect()
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct AgentFor {
    identity_id: Id,
    name: String,
    until_at: i64,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Me {
    person_id: Id,
    name: String,
    login: String,
    identity: Identity,
    identities: Vec<Identity>,
    roles: Vec<String>,
    permissions: Vec<String>,
    menus: Vec<MenuOut>,
    /// `work`, `leader` or `admin`.
    home: &'static str,
    must_change_password: bool,
    agent_for: Vec<AgentFor>,
}

fn home_of(a: &Actor) -> &'static str {
    if a.roles.iter().any(|r| is_admin(r)) {
        "admin"
    } else if a.has_role(LEADER) {
        "leader"
    } else {
        "work"
    }
}

pub(crate) async fn me(ctx: Ctx, _: NoArgs) -> Result<Me> {
    let a = ctx.actor()?.clone();
    let menus = ctx.service::<MenuTable>()?;
    let (person, session, used) = (a.person, a.session, a.identity);
    let (account, identities, wanted) = ctx
        .read(move |tx| {
            let wanted = if used == Id(0) {
                session::identity_of(tx, session)?
            } else {
                used
            };
            Ok((
                account::required(tx, person)?,
                org::identities_of_person(tx, person)?,
                wanted,
            ))
        })
        .await?;
    let identity = identities
        .iter()
        .find(|i| i.id == wanted)
        .or(identities.first())
        .cloned()
        .ok_or_else(|| zs_base::UNAUTHENTICATED.err())?;
    let now = ctx.now();
    let menus = if account.must_change {
        Vec::new()
    } else {
        menu_tree(&menus.0, &|p| a.reach(p).is_some())
    };
    Ok(Me {
        person_id: person,
        name: a.name.clone(),
        login: account.login,
        identity,
        identities,
        roles: a.roles.clone(),
        permissions: a.permissions.keys().cloned().collect(),
        menus,
        home: home_of(&a),
        must_change_password: account.must_change,
        agent_for: a
            .delegated
            .iter()
            .filter(|d| now < d.until_at)
            .map(|d| AgentFor {
                identity_id: d.principal,
                name: d.name.clone(),
                until_at: d.until_at,
            })
            .collect(),
    })
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct SwitchArgs {
    identity_id: Id,
}

pub(crate) async fn switch(ctx: Ctx, a: SwitchArgs) -> Result<Empty> {
    let actor = ctx.actor()?.clone();
    if !actor.identities.contains(&a.identity_id) {
        return Err(Error::not_found("您的这个身份"));
    }
    let (session, to) = (actor.session, a.identity_id);
    ctx.write(perm::SWITCH, move |tx| {
        session::switch(tx, session, to)?;
        tx.touch("session", session, json!({"identity_id": to}))
    })
    .await?;
    ctx.service::<Access>()?.forget_session(session);
    Ok(Empty {})
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct PasswordArgs {
    old: String,
    new: String,
}

pub(crate) async fn password(ctx: Ctx, a: PasswordArgs) -> Result<Empty> {
    let access = ctx.service::<Access>()?;
    let actor = ctx.actor()?.clone();
    let person = actor.person;
    let acc = ctx.read(move |tx| account::required(tx, person)).await?;
    Error::fields(check("new", &a.new, &acc.login))?;
    if a.new == a.old {
        return Err(Error::field("new", "新密码不能与原密码相同"));
    }
    let key = login_key(&acc.login);
    let bucket = vec![throttle::by_login(&key)];
    {
        let permit = access.hasher.enter().await?;
        let look = bucket.clone();
        if let Some(until) = ctx
            .read(move |tx| throttle::locked_until(tx, &look))
            .await?
        {
            return Err(LOGIN_LOCKED.with(&[&zs_base::time::minute(until + 59_999)]));
        }
        if !access
            .hasher
            .verify(&permit, &a.old, Some(&acc.password_hash))
            .await?
        {
            ctx.write(perm::LOGIN_FAILED, move |tx| {
                throttle::failed(tx, &bucket)?;
                tx.touch("account", person, json!({"old_password": "wrong"}))
            })
            .await?;
            return Err(Error::field("old", "原密码不正确，请重新输入"));
        }
    }
    let hash = access.hash(&a.new).await?;
    let session = actor.session;
    ctx.write(perm::CHANGE_PASSWORD, move |tx| {
        let now_stored = account::required(tx, person)?;
        if now_stored.password_hash != acc.password_hash {
            return Err(zs_base::STALE.err());
        }
        account::set_password(tx, &now_stored, &hash, false, Some(session))
    })
    .await?;
    access.forget();
    Ok(Empty {})
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct SessionOut {
    id: Id,
    created_at: i64,
    last_seen_at: i64,
    ip: String,
    user_agent: String,
    current: bool,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Items<T> {
    pub items: Vec<T>,
}

pub(crate) async fn sessions(ctx: Ctx, _: NoArgs) -> Result<Items<SessionOut>> {
    let a = ctx.actor()?.clone();
    let options = ctx.service::<Access>()?.options;
    ctx.read(move |tx| {
        let now = tx.now();
        let idle = options.limits(tx)?.idle_ms;
        let q = Query::new(
            "select id, created_at, last_seen_at, ip, user_agent from access_session where person_id = ? and revoked_at is null \
             and expires_at > ? and last_seen_at > ? order by id desc",
            vals![a.person, now, now - idle],
        );
        let items = tx.rows(&q)?.into_iter().map(|r| {
            let mut c = r.cols();
            let id: Id = c.next()?;
            Ok(SessionOut {
                id,
                created_at: c.next()?,
                last_seen_at: c.next()?,
                ip: c.next::<Option<String>>()?.unwrap_or_default(),
                user_agent: c.next::<Option<String>>()?.unwrap_or_default(),
                current: id == a.session,
            })
        });
        Ok(Items { items: items.collect::<Result<_>>()? })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct IdArgs {
    pub id: Id,
}

pub(crate) async fn end_session(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    let person = ctx.actor()?.person;
    ctx.write(perm::KICK, move |tx| {
        if session::person_of(tx, a.id)? != Some(person) || !session::revoke(tx, a.id)? {
            return Err(Error::not_found("这次登录"));
        }
        tx.touch("session", a.id, json!({"ended": true}))
    })
    .await?;
    ctx.service::<Access>()?.forget_session(a.id);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use super::*;
    use zs_ctx::Perm;

    const P: Perm = Perm {
        key: "a.b",
        title: "甲",
    };

    #[test]
    fn groups_without_children_are_dropped_and_order_holds() {
        let m = |key, parent, path, perm, sort| Menu {
            key,
            parent,
            title: "题",
            path,
            icon: "",
            badge: None,
            perm,
            sort,
        };
        let all = [
            m("w.two", "w", "/2", None, 20),
            m("w.one", "w", "/1", None, 10),
            m("w", "", "", None, 5),
            m("s", "", "", None, 6),
            m("s.x", "s", "/x", Some(P), 1),
            m("home", "", "/", None, 1),
        ];
        let keys = |v: &[MenuOut]| v.iter().map(|m| m.key.clone()).collect::<Vec<_>>();
        let none = menu_tree(&all, &|_| false);
        assert_eq!(keys(&none), ["home", "w"]);
        assert_eq!(keys(&none[1].children), ["w.one", "w.two"]);
        assert_eq!(keys(&menu_tree(&all, &|_| true)), ["home", "w", "s"]);
    }
}
