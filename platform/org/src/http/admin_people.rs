//! Keeping people and their identities.
use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Page, PageArgs, Result};
use zs_ctx::Ctx;
use zs_db::Tx;
use zs_web::{Empty, Routes};

use super::{ById, Items};
use crate::api::{self, AccountInfo};
use crate::code::ACCOUNTS_ABSENT;
use crate::model::{Heir, Identity, NewIdentity, Person};
use crate::query::{self, PeopleFilter};
use crate::service::people::{self, EditIdentity};
use crate::service::{guard_identity, guard_person};
use crate::{perm, read};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/admin/people", perm::MANAGE, "人员列表", list)
        .post("/admin/people", perm::MANAGE, "新增人员", create)
        .get("/admin/people/{id}", perm::MANAGE, "人员", one)
        .put("/admin/people/{id}", perm::MANAGE, "修改人员", update)
        .post(
            "/admin/people/{id}/identities",
            perm::MANAGE,
            "新增身份",
            add_identity,
        )
        .post("/admin/people/{id}/leave", perm::MANAGE, "人员离职", leave)
        .put(
            "/admin/identities/{id}",
            perm::MANAGE,
            "修改身份",
            update_identity,
        )
        .post("/admin/identities/{id}/end", perm::MANAGE, "结束身份", end)
        .post(
            "/admin/identities/{id}/move",
            perm::MANAGE,
            "人员调动",
            move_to,
        )
        .get(
            "/admin/identities/{id}/open_items",
            perm::MANAGE,
            "未办结事项",
            open_items,
        )
        .get(
            "/admin/identities/{id}/supervision",
            perm::MANAGE,
            "分管机构",
            supervision,
        )
        .put(
            "/admin/identities/{id}/supervision",
            perm::MANAGE,
            "设置分管机构",
            supervise,
        )
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
struct AddIdentity {
    id: Id,
    node_id: Id,
    #[serde(default)]
    post: String,
    rank: Option<i64>,
    #[serde(default)]
    is_head: bool,
    #[serde(default)]
    is_liaison: bool,
    #[serde(default)]
    is_primary: bool,
}

async fn add_identity(ctx: Ctx, a: AddIdentity) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    let new = NewIdentity {
        node_id: a.node_id,
        post: a.post,
        rank: a.rank,
        is_head: a.is_head,
        is_liaison: a.is_liaison,
        is_primary: a.is_primary,
    };
    ctx.write(perm::CREATE_IDENTITY, move |tx| {
        people::create_identity(tx, &g, a.id, &new)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct UpdateIdentity {
    id: Id,
    post: Option<String>,
    rank: Option<i64>,
    is_head: Option<bool>,
    is_liaison: Option<bool>,
    is_primary: Option<bool>,
}

async fn update_identity(ctx: Ctx, a: UpdateIdentity) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    let edit = EditIdentity {
        post: a.post,
        rank: a.rank,
        is_head: a.is_head,
        is_liaison: a.is_liaison,
        is_primary: a.is_primary,
    };
    ctx.write(perm::UPDATE_IDENTITY, move |tx| {
        people::update_identity(tx, &g, a.id, &edit)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct End {
    id: Id,
    heir_identity_id: Option<Id>,
}

async fn end(ctx: Ctx, a: End) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::END_IDENTITY, move |tx| {
        people::end_identity(tx, &g, a.id, a.heir_identity_id)
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Move {
    id: Id,
    node_id: Id,
    #[serde(default)]
    post: String,
    /// As before if absent.
    rank: Option<i64>,
    #[serde(default)]
    is_head: bool,
    #[serde(default)]
    is_liaison: bool,
    heir_identity_id: Option<Id>,
    /// Within the unit the person may take the open items along.
    #[serde(default)]
    take_along: bool,
}

async fn move_to(ctx: Ctx, a: Move) -> Result<Identity> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::MOVE_IDENTITY, move |tx| {
        let rank = match a.rank {
            Some(r) => Some(r),
            None => Some(guard_identity(tx, &g, a.id)?.rank),
        };
        let to = NewIdentity {
            node_id: a.node_id,
            post: a.post.clone(),
            rank,
            is_head: a.is_head,
            is_liaison: a.is_liaison,
            is_primary: false,
        };
        let heir = Heir {
            identity_id: a.id,
            heir_identity_id: a.heir_identity_id,
            take_along: a.take_along,
        };
        people::move_identity(tx, &g, a.id, &to, &heir)
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
        guard_person(tx, &g, a.id)?;
        people::leave(tx, &g, a.id, &a.heirs)?;
        Ok(Empty {})
    })
    .await
}

/// One open item.
#[derive(Serialize, JsonSchema)]
struct OpenItem {
    title: String,
    step_title: String,
}
#[derive(Serialize, JsonSchema)]
struct OpenItemList {
    count: i64,
    items: Vec<OpenItem>,
}

async fn open_items(ctx: Ctx, a: ById) -> Result<OpenItemList> {
    let (scope, service) = (ctx.scope(perm::MANAGE)?, api::open_items(&ctx));
    ctx.read(move |tx| {
        let i = read::identity(tx, a.id)?;
        crate::service::node_in_scope(tx, &scope, i.unit_id, "这个身份")?;
        let Some(s) = service else {
            return Ok(OpenItemList {
                count: 0,
                items: Vec::new(),
            });
        };
        let count = s.count(tx, a.id)?;
        let items = s.list(tx, a.id, 100)?;
        Ok(OpenItemList {
            count,
            items: items
                .into_iter()
                .map(|(title, step_title)| OpenItem { title, step_title })
                .collect(),
        })
    })
    .await
}

async fn supervision(ctx: Ctx, a: ById) -> Result<Items<Id>> {
    let scope = ctx.scope(perm::MANAGE)?;
    ctx.read(move |tx| {
        let i = read::identity(tx, a.id)?;
        crate::service::node_in_scope(tx, &scope, i.unit_id, "这个身份")?;
        Ok(Items {
            items: people::supervised(tx, a.id)?,
        })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
struct Supervise {
    id: Id,
    node_ids: Vec<Id>,
}

async fn supervise(ctx: Ctx, a: Supervise) -> Result<Empty> {
    let g = ctx.require(perm::MANAGE)?;
    ctx.write(perm::SUPERVISE, move |tx| {
        people::set_supervision(tx, &g, a.id, &a.node_ids)?;
        Ok(Empty {})
    })
    .await
}
