//! Signing in and out.
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Id, Result, random_token, sha256_hex};
use zs_ctx::{Ctx, Request};
use zs_web::{Empty, NoArgs, Response, SESSION_COOKIE, set_cookie};

use crate::account;
use crate::codes::{ACCOUNT_LOCKED, LOGIN_FAILED, LOGIN_LOCKED, NO_POST};
use crate::password::login_key;
use crate::perm;
use crate::role::RoleTable;
use crate::service::Access;
use crate::session::{self, NewSession};
use crate::throttle;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct LoginArgs {
    login: String,
    password: String,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LoginOut {
    must_change_password: bool,
}

fn locked(until: i64) -> zs_base::Error {
    // Shown to the minute, so rounded up.
    LOGIN_LOCKED.with(&[&zs_base::time::minute(until + 59_999)])
}

/// The answer, its text and its time are the same for a wrong password and for a user that does not exist.
pub(crate) async fn login(ctx: Ctx, a: LoginArgs) -> Result<Response> {
    let access = ctx.service::<Access>()?;
    let roles = ctx.service::<RoleTable>()?;
    let key = login_key(&a.login);
    let buckets = throttle::buckets(&key, ctx.request().ip.as_deref());
    // Held to the end: guesses made at the same time cannot slip past the count.
    let permit = access.hasher.enter().await?;
    let (look, name) = (buckets.clone(), key.clone());
    let (until, found) = ctx
        .read(move |tx| {
            Ok((
                throttle::locked_until(tx, &look)?,
                account::by_login(tx, &name)?,
            ))
        })
        .await?;
    if let Some(until) = until {
        return Err(locked(until));
    }
    let stored = found.as_ref().map(|f| f.password_hash.as_str());
    let fits = access.hasher.verify(&permit, &a.password, stored).await?;
    let Some(found) = found.filter(|_| fits) else {
        let until = ctx
            .write(perm::LOGIN_FAILED, move |tx| {
                let person = account::by_login(tx, &key)?.map_or(Id(0), |a| a.person_id);
                let until = throttle::failed(tx, &buckets)?;
                tx.touch("account", person, json!({"locked_until": until}))?;
                Ok(until)
            })
            .await?;
        return Err(until.map_or_else(|| LOGIN_FAILED.err(), locked));
    };
    if !found.is_active() {
        return Err(ACCOUNT_LOCKED.err());
    }
    let session = ctx.new_id();
    let token = random_token()?;
    let hash = sha256_hex(&token);
    let (table, acc) = (Arc::clone(&roles), found.clone());
    let actor = ctx
        .read(move |tx| session::actor(tx, &table, &acc, session, Id(0)))
        .await?
        .ok_or_else(|| NO_POST.err())?;
    let out = LoginOut {
        must_change_password: found.must_change,
    };
    let before = ctx.actor_opt().map(|a| a.session);
    let options = access.options;
    let as_person = signed_in(&ctx, actor);
    let others_ended = as_person
        .write(perm::LOGIN, move |tx| {
            let now_stored = account::required(tx, found.person_id)?;
            if !now_stored.is_active() || now_stored.password_hash != found.password_hash {
                return Err(LOGIN_FAILED.err());
            }
            let ctx = tx.ctx().clone();
            let identity = ctx.actor()?.identity;
            if let Some(old) = before {
                session::revoke(tx, old)?;
            }
            throttle::clear(tx, &login_key(&found.login))?;
            account::logged_in(tx, found.person_id, ctx.request().ip.as_deref())?;
            let gave_way = session::open(
                tx,
                &options,
                &NewSession {
                    id: session,
                    token_hash: &hash,
                    person: found.person_id,
                    identity,
                    ip: ctx.request().ip.as_deref(),
                    user_agent: ctx.request().user_agent.as_deref(),
                },
            )?;
            tx.touch("session", session, json!({"login": found.login}))?;
            Ok(gave_way || before.is_some())
        })
        .await?;
    if others_ended {
        access.forget();
    }
    set_cookie(SESSION_COOKIE, &token, access.options.secure, &out)
}

/// The same request in the name of the person who has just proved who he is; its idempotency key stays behind, because
/// every login makes a secret of its own.
fn signed_in(ctx: &Ctx, actor: zs_ctx::Actor) -> Ctx {
    let r = ctx.request();
    Ctx::new(
        ctx.app().clone(),
        Some(Arc::new(actor)),
        Request {
            id: r.id.clone(),
            ip: r.ip.clone(),
            user_agent: r.user_agent.clone(),
            ..Request::default()
        },
    )
}

pub(crate) async fn logout(ctx: Ctx, _: NoArgs) -> Result<Response> {
    let access = ctx.service::<Access>()?;
    if let Some(a) = ctx.actor_opt() {
        let id = a.session;
        ctx.write(perm::LOGOUT, move |tx| {
            session::revoke(tx, id)?;
            tx.touch("session", id, json!({"ended": true}))
        })
        .await?;
        access.forget_session(id);
    }
    set_cookie(SESSION_COOKIE, "", access.options.secure, &Empty {})
}
