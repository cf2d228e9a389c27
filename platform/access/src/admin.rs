//! The security administrator's pages: roles, grants, accounts, sessions.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Cursor, Error, Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_db::{Query, Tx, vals};
use zs_org::api::{self as org, Identity};
use zs_web::{Empty, NoArgs};

use crate::desk::Made;
use crate::me::{IdArgs, Items};
use crate::password::{check, login_key};
use crate::role::{ROLES, RoleTable, title};
use crate::service::Access;
use crate::{account, grants, perm, rule, session, throttle};

/// People that one search may mean.
const MOST_PEOPLE: i64 = 200;

#[derive(Serialize, JsonSchema)]
pub(crate) struct PermOut {
    key: String,
    title: String,
    /// `own`, `division`, `unit`, `unit_tree` or `all`.
    scope: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct RoleOut {
    key: String,
    title: String,
    /// Can it be granted? `staff` belongs to everybody.
    grantable: bool,
    permissions: Vec<PermOut>,
}

pub(crate) async fn roles(ctx: Ctx, _: NoArgs) -> Result<Items<RoleOut>> {
    let table = ctx.service::<RoleTable>()?;
    let items = ROLES
        .iter()
        .map(|r| RoleOut {
            key: r.key.to_owned(),
            title: r.title.to_owned(),
            grantable: r.kind != crate::role::RoleKind::Everyone,
            permissions: table
                .of_role(r.key)
                .into_iter()
                .map(|(p, reach)| PermOut {
                    key: p.key.to_owned(),
                    title: p.title.to_owned(),
                    scope: reach.name().to_owned(),
                })
                .collect(),
        })
        .collect();
    Ok(Items { items })
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct GrantsArgs {
    /// Name, full pinyin or initials.
    q: Option<String>,
    node_id: Option<Id>,
    role: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct GrantOut {
    id: Id,
    identity: Identity,
    role: String,
    role_title: String,
    /// Name of the security administrator; 系统 for the first start.
    granted_by: String,
    granted_at: i64,
}

/// Narrows to the people that `q` means: Chinese, full pinyin or initials through the organisation, or a login name.
fn push_people(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    query: &mut Query,
    column: &'static str,
    q: Option<&str>,
) -> Result<()> {
    let Some(q) = q.map(str::trim).filter(|q| !q.is_empty()) else {
        return Ok(());
    };
    let scope = ctx.scope(perm::SECURITY_MANAGE)?;
    let mut ids: Vec<Id> = org::search(tx, q, &["person"], MOST_PEOPLE, &scope)?
        .into_iter()
        .map(|h| h.id)
        .collect();
    ids.extend(account::by_login(tx, q)?.map(|a| a.person_id));
    query.and_in(column, ids);
    Ok(())
}

pub(crate) async fn grant_list(ctx: Ctx, a: GrantsArgs) -> Result<Page<GrantOut>> {
    let page = PageArgs {
        cursor: a.cursor,
        limit: a.limit,
    };
    let (after, limit) = (page.after()?, page.limit());
    let inner = ctx.clone();
    ctx.read(move |tx| {
        let mut q = Query::new(
            "select g.id, g.identity_id, g.role, p.name, g.granted_at from access_grant g join org_identity i on i.id = g.identity_id \
             join org_node n on n.id = i.node_id left join org_person p on p.id = g.granted_by where i.status = 'active'",
            &[],
        );
        push_people(tx, &inner, &mut q, "i.person_id", a.q.as_deref())?;
        if let Some(node) = a.node_id {
            q.push(" and ", &[]).push_contains("n.path", &format!("/{node}/"));
        }
        q.and_opt("g.role = ?", a.role.as_deref());
        q.and_opt("g.id < ?", after.map(|c| c.id));
        q.push(" order by g.id desc limit ?", vals![limit + 1]);
        let rows = tx.rows(&q)?;
        let ids = rows.iter().map(|r| r.get(1)).collect::<Result<Vec<Id>>>()?;
        let people = some_identities(tx, &ids)?;
        let mut items = Vec::new();
        for r in &rows {
            let (identity, role): (Id, String) = (r.get(1)?, r.get(2)?);
            let Some(identity) = people.iter().find(|p| p.id == identity).cloned() else {
                continue;
            };
            items.push(GrantOut {
                id: r.get(0)?,
                identity,
                role_title: title(&role).to_owned(),
                role,
                granted_by: r.get::<Option<String>>(3)?.unwrap_or_else(|| "系统".into()),
                granted_at: r.get(4)?,
            });
        }
        Ok(Page::from_rows(items, limit, |g| Cursor::number(g.id.0, g.id.0)))
    })
    .await
}

fn some_identities(tx: &mut Tx<'_>, ids: &[Id]) -> Result<Vec<Identity>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    org::identities(tx, ids)
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct GrantArgs {
    identity_id: Id,
    role: String,
}

pub(crate) async fn grant(ctx: Ctx, a: GrantArgs) -> Result<Made> {
    let g = ctx.require(perm::SECURITY_MANAGE)?;
    let made = ctx
        .write(perm::GRANT, move |tx| {
            grants::grant(tx, a.identity_id, &a.role, &g).map(|id| Made { id })
        })
        .await?;
    ctx.service::<Access>()?.forget();
    Ok(made)
}

pub(crate) async fn revoke(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    let g = ctx.require(perm::SECURITY_MANAGE)?;
    ctx.write(perm::REVOKE, move |tx| {
        grants::revoke(tx, a.id, &g)?;
        Ok(Empty {})
    })
    .await?;
    ctx.service::<Access>()?.forget();
    Ok(Empty {})
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct ListArgs {
    /// Name, pinyin or login name.
    q: Option<String>,
    /// `active` or `locked`.
    status: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct AccountOut {
    person_id: Id,
    name: String,
    login: String,
    /// `active` or `locked`.
    status: String,
    must_change_password: bool,
    last_login_at: Option<i64>,
    identities: Vec<Identity>,
    roles: Vec<String>,
}

pub(crate) async fn accounts(ctx: Ctx, a: ListArgs) -> Result<Page<AccountOut>> {
    let page = PageArgs {
        cursor: a.cursor,
        limit: a.limit,
    };
    let (after, limit) = (page.after()?, page.limit());
    let inner = ctx.clone();
    ctx.read(move |tx| {
        let mut q = Query::new(
            "select a.person_id, p.name, a.login, a.status, a.must_change, a.last_login_at from access_account a \
             join org_person p on p.id = a.person_id where 1 = 1",
            &[],
        );
        push_people(tx, &inner, &mut q, "a.person_id", a.q.as_deref())?;
        q.and_opt("a.status = ?", a.status.as_deref());
        q.and_opt("a.person_id < ?", after.map(|c| c.id));
        q.push(" order by a.person_id desc limit ?", vals![limit + 1]);
        let mut items = Vec::new();
        for r in tx.rows(&q)? {
            let mut c = r.cols();
            let person: Id = c.next()?;
            let mut roles = grants::roles_of_person(tx, person)?;
            roles.sort();
            roles.dedup();
            items.push(AccountOut {
                person_id: person,
                name: c.next()?,
                login: c.next()?,
                status: c.next()?,
                must_change_password: c.next()?,
                last_login_at: c.next()?,
                identities: org::identities_of_person(tx, person)?,
                roles,
            });
        }
        Ok(Page::from_rows(items, limit, |x| Cursor::number(x.person_id.0, x.person_id.0)))
    })
    .await
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct LiveOut {
    id: Id,
    person_id: Id,
    name: String,
    login: String,
    unit_name: String,
    post: String,
    created_at: i64,
    last_seen_at: i64,
    ip: String,
    user_agent: String,
    current: bool,
}

pub(crate) async fn sessions(ctx: Ctx, a: ListArgs) -> Result<Page<LiveOut>> {
    let page = PageArgs {
        cursor: a.cursor,
        limit: a.limit,
    };
    let (after, limit) = (page.after()?, page.limit());
    let (inner, mine) = (ctx.clone(), ctx.actor()?.session);
    let options = ctx.service::<Access>()?.options;
    ctx.read(move |tx| {
        let now = tx.now();
        let idle = options.limits(tx)?.idle_ms;
        let mut q = Query::new(
            "select s.id, s.person_id, a.login, s.identity_id, s.created_at, s.last_seen_at, s.ip, s.user_agent from access_session s \
             join access_account a on a.person_id = s.person_id where s.revoked_at is null and s.expires_at > ? and s.last_seen_at > ?",
            vals![now, now - idle],
        );
        push_people(tx, &inner, &mut q, "s.person_id", a.q.as_deref())?;
        q.and_opt("s.id < ?", after.map(|c| c.id));
        q.push(" order by s.id desc limit ?", vals![limit + 1]);
        let rows = tx.rows(&q)?;
        let ids = rows.iter().map(|r| r.get(3)).collect::<Result<Vec<Id>>>()?;
        let people = some_identities(tx, &ids)?;
        let mut items = Vec::new();
        for r in &rows {
            let mut c = r.cols();
            let (id, person_id, login): (Id, Id, String) = (c.next()?, c.next()?, c.next()?);
            let identity: Id = c.next()?;
            let who = people.iter().find(|p| p.id == identity);
            items.push(LiveOut {
                id,
                person_id,
                login,
                name: who.map(|w| w.name.clone()).unwrap_or_default(),
                unit_name: who.map(|w| w.unit_name.clone()).unwrap_or_default(),
                post: who.map(|w| w.post.clone()).unwrap_or_default(),
                created_at: c.next()?,
                last_seen_at: c.next()?,
                ip: c.next::<Option<String>>()?.unwrap_or_default(),
                user_agent: c.next::<Option<String>>()?.unwrap_or_default(),
                current: id == mine,
            });
        }
        Ok(Page::from_rows(items, limit, |x| Cursor::number(x.id.0, x.id.0)))
    })
    .await
}

pub(crate) async fn kick(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    ctx.write(perm::KICK, move |tx| {
        let person = session::person_of(tx, a.id)?;
        if !session::revoke(tx, a.id)? {
            return Err(Error::not_found("这次登录"));
        }
        tx.touch(
            "session",
            a.id,
            serde_json::json!({"ended": true, "person_id": person}),
        )?;
        Ok(Empty {})
    })
    .await?;
    ctx.service::<Access>()?.forget_session(a.id);
    Ok(Empty {})
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct PersonArgs {
    person_id: Id,
}

async fn set_status(ctx: &Ctx, person: Id, lock: bool) -> Result<Empty> {
    let own = ctx.actor()?.person == person;
    let (op, status) = if lock {
        (perm::LOCK, "locked")
    } else {
        (perm::UNLOCK, "active")
    };
    ctx.write(op, move |tx| {
        grants::one_at_a_time(tx)?;
        let a = account::required(tx, person)?;
        let is_sec = grants::is_sec_admin(tx, person)?;
        rule::account(own, lock, is_sec, grants::sec_admins(tx)?)?;
        account::set_status(tx, person, status)?;
        if !lock {
            throttle::clear(tx, &login_key(&a.login))?;
        }
        Ok(Empty {})
    })
    .await?;
    ctx.service::<Access>()?.forget();
    Ok(Empty {})
}

pub(crate) async fn lock(ctx: Ctx, a: PersonArgs) -> Result<Empty> {
    set_status(&ctx, a.person_id, true).await
}

pub(crate) async fn unlock(ctx: Ctx, a: PersonArgs) -> Result<Empty> {
    set_status(&ctx, a.person_id, false).await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct ResetArgs {
    person_id: Id,
    new_password: String,
}

pub(crate) async fn reset(ctx: Ctx, a: ResetArgs) -> Result<Empty> {
    let g = ctx.require(perm::SECURITY_MANAGE)?;
    let person = a.person_id;
    rule::account(ctx.actor()?.person == person, false, false, 0)?;
    let acc = ctx.read(move |tx| account::required(tx, person)).await?;
    Error::fields(check("new_password", &a.new_password, &acc.login))?;
    let access = ctx.service::<Access>()?;
    let hash = access.hash(&a.new_password).await?;
    ctx.write(perm::RESET_PASSWORD, move |tx| {
        account::reset_password(tx, &g, &acc.login, &hash)?;
        Ok(Empty {})
    })
    .await?;
    access.forget();
    Ok(Empty {})
}
