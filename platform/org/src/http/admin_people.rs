//! Keeping people and their identities.
use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_db::Tx;
use zs_web::{Empty, Routes};

use super::ById;
use crate::api::{self, AccountInfo};
use crate::code::ACCOUNTS_ABSENT;
use crate::model::{Heir, Identity, NewIdentity, Person};
use crate::query::{self, PeopleFilter};
use crate::service::people;
use crate::{perm, read};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/admin/people", perm::MANAGE, "人员列表", list)
        .post("/admin/people", perm::MANAGE, "新增人员", create)
        .get("/admin/people/{id}", perm::MANAGE, "人员", one)
        .put("/admin/people/{id}", perm::MANAGE, "修改人员", update)
        .post("/admin/people/{id}/leave", perm::MANAGE, "人员离职", leave)
}

/// A person as administrators see him.
#[derive(Serialize, Deserialize, JsonSchema)]
struct AdminPerson {
    id: Id,
    name: String,
    mobile: Option<String>,
    /// `active` or `left`.
    status: String,
    login: Option<String>,
    /// What the account module says; `none` without an account.
    account_status: String,
    identities: Vec<Identity>,
    version: i64,
}

fn accounts(ctx: &Ctx, tx: &mut Tx<'_>, persons: &[Id]) -> Result<HashMap<Id, AccountInfo>> {
    let Some(service) = api::accounts(ctx) else {
        return Ok(HashMap::new());
    };
    Ok(service
        .accounts(tx, persons)?
        .into_iter()
        .map(|a| (a.person_id, a))
        .collect())
}

fn out(p: Person, identities: Vec<Identity>, account: Option<&AccountInfo>) -> AdminPerson {
    AdminPerson {
        id: p.id,
        name: p.name,
        mobile: p.mobile,
        status: p.status,
        login: account.map(|a| a.login.clone()),
        account_status: account.map_or_else(|| "none".to_owned(), |a| a.status.clone()),
        identities,
        version: p.version,
    }
}

fn view(ctx: &Ctx, tx: &mut Tx<'_>, id: Id) -> Result<AdminPerson> {
    let p = read::person(tx, id)?;
    let account = accounts(ctx, tx, &[id])?;
    let identities = read::identities_of_person(tx, id)?;
    Ok(out(p, identities, account.get(&id)))
}

#[derive(Deserialize, JsonSchema)]
struct ListArgs {
    /// Name, pinyin, mobile number or login name.
    q: Option<String>,
    /// People at or below this node.
    node_id: Option<Id>,
    /// `active` (if absent), `left` or `all`.
    status: Option<String>,
    cursor: Option<String>,
    limit: Option<u32>,
}

async fn list(ctx: Ctx, a: ListArgs) -> Result<Page<AdminPerson>> {
    let (scope, me) = (ctx.scope(perm::MANAGE)?, ctx.clone());
    ctx.read(move |tx| {
        let by_login = match (&a.q, api::accounts(&me)) {
            (Some(q), Some(s)) => s
                .owners(tx, &[q.trim().to_lowercase()])?
                .into_iter()
                .map(|(_, id)| id)
                .collect(),
            _ => Vec::new(),
        };
        let f = PeopleFilter {
            q: a.q,
            node_id: a.node_id,
            status: a.status,
            by_login,
        };
        let page = query::people(
            tx,
            &f,
            &PageArgs {
                cursor: a.cursor,
                limit: a.limit,
            },
            &scope,
        )?;
        let ids: Vec<Id> = page.items.iter().map(|p| p.person.id).collect();
        let accounts = accounts(&me, tx, &ids)?;
        let (next, total) = (page.next, page.total);
        let items = page
            .items
            .into_iter()
            .map(|p| {
                let account = accounts.get(&p.person.id);
                out(p.person, p.identities, account)
            })
            .collect();
        Ok(Page { items, next, total })
    })
    .await
}

async fn one(ctx: Ctx, a: ById) -> Result<AdminPerson> {
    let (scope, me) = (ctx.scope(perm::MANAGE)?, ctx.clone());
    ctx.read(move |tx| {
        crate::service::in_scope(tx, &scope, a.id)?;
        view(&me, tx, a.id)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Create {
    name: String,
    mobile: Option<String>,
    login: Option<String>,
    /// To be changed at the first login.
    initial_password: Option<String>,
    identity: NewIdentity,
}

fn filled(s: &Option<String>) -> Option<&str> {
    s.as_deref().map(str::trim).filter(|s| !s.is_empty())
}

async fn create(ctx: Ctx, a: Create) -> Result<AdminPerson> {
    let (g, me) = (ctx.require(perm::MANAGE)?, ctx.clone());
    let login = filled(&a.login).map(str::to_owned);
    let account = match &login {
        Some(_) => Some(api::accounts(&ctx).ok_or_else(|| ACCOUNTS_ABSENT.err())?),
        None => None,
    };
    let hash = match (&account, &login, filled(&a.initial_password)) {
        (Some(s), Some(login), Some(password)) => {
            let (s, login, password) = (s.clone(), login.clone(), password.to_owned());
            // Slow by design: not on the threads that serve requests, and not inside the transaction.
            let hashed = tokio::task::spawn_blocking(move || s.hash(&login, &password)).await;
            Some(hashed.map_err(zs_base::Error::internal)??)
        }
        _ => None,
    };
    ctx.write(perm::CREATE_PERSON, move |tx| {
        let (p, _) = people::create_person(tx, &g, &a.name, a.mobile.as_deref(), &a.identity)?;
        if let (Some(s), Some(login)) = (&account, &login) {
            s.ensure(tx, p.id, login, hash.as_deref())?;
        }
        view(&me, tx, p.id)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Update {
    id: Id,
    name: String,
    mobile: Option<String>,
    /// Gives the person an account without a password; absent leaves the account alone.
    login: Option<String>,
}

async fn update(ctx: Ctx, a: Update) -> Result<AdminPerson> {
    let (g, version, me) = (ctx.require(perm::MANAGE)?, ctx.if_match()?, ctx.clone());
    let account = match filled(&a.login) {
        Some(_) => Some(api::accounts(&ctx).ok_or_else(|| ACCOUNTS_ABSENT.err())?),
        None => None,
    };
    ctx.write(perm::UPDATE_PERSON, move |tx| {
        people::update_person(tx, &g, a.id, version, &a.name, a.mobile.as_deref())?;
        if let (Some(s), Some(login)) = (&account, filled(&a.login)) {
            s.ensure(tx, a.id, login, None)?;
        }
        view(&me, tx, a.id)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Leave {
    id: Id,
    #[serde(default)]
    heirs: Vec<Heir>,
}

async fn leave(ctx: Ctx, a: Leave) -> Result<Empty> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::LEAVE, move |tx| {
        people::leave(tx, &g, a.id, &a.heirs)?;
        Ok(Empty {})
    })
    .await
}
