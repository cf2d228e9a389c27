//! The pages of delegation.
use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_ctx::Ctx;
use zs_org::api as org;
use zs_web::{Empty, NoArgs};

use crate::codes::DELEGATION_ENDED;
use crate::delegation::{self, Delegation, NewDelegation};
use crate::desk::Made;
use crate::me::{IdArgs, Items};
use crate::perm;
use crate::role::RoleTable;
use crate::service::Access;

#[derive(Serialize, JsonSchema)]
pub(crate) struct Party {
    identity_id: Id,
    name: String,
    post: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct DelegationOut {
    id: Id,
    principal: Party,
    agent: Party,
    from_at: i64,
    until_at: i64,
    scope: String,
    status: String,
    reason: String,
}

/// The status that the clock says, also while the timer has not come round.
fn shown(d: &Delegation, now: i64) -> &'static str {
    if d.status == "ended" || d.until_at <= now {
        "ended"
    } else if d.from_at <= now {
        "active"
    } else {
        "pending"
    }
}

pub(crate) async fn list(ctx: Ctx, _: NoArgs) -> Result<Items<DelegationOut>> {
    let mine = ctx.actor()?.identities.clone();
    ctx.read(move |tx| {
        let all = delegation::of_identities(tx, &mine)?;
        let mut ids: Vec<Id> = all.iter().flat_map(|d| [d.principal, d.agent]).collect();
        ids.sort_unstable();
        ids.dedup();
        let people: HashMap<Id, org::Identity> = if ids.is_empty() {
            HashMap::new()
        } else {
            org::identities(tx, &ids)?
                .into_iter()
                .map(|i| (i.id, i))
                .collect()
        };
        let party = |id: Id| Party {
            identity_id: id,
            name: people.get(&id).map(|i| i.name.clone()).unwrap_or_default(),
            post: people.get(&id).map(|i| i.post.clone()).unwrap_or_default(),
        };
        let now = tx.now();
        let items = all
            .into_iter()
            .map(|d| DelegationOut {
                id: d.id,
                principal: party(d.principal),
                agent: party(d.agent),
                from_at: d.from_at,
                until_at: d.until_at,
                status: shown(&d, now).to_owned(),
                scope: d.scope,
                reason: d.reason,
            })
            .collect();
        Ok(Items { items })
    })
    .await
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct NewArgs {
    agent_identity_id: Id,
    from_at: i64,
    until_at: i64,
    scope: String,
    #[serde(default)]
    include_open: bool,
    reason: Option<String>,
}

pub(crate) async fn create(ctx: Ctx, a: NewArgs) -> Result<Made> {
    let g = ctx.require(perm::DELEGATE)?;
    let actor = ctx.actor()?.clone();
    let known = match a.scope.strip_prefix("module:") {
        Some(m) => ctx.service::<RoleTable>()?.module_title(m).is_some(),
        None => a.scope == "all",
    };
    if !known {
        return Err(Error::field("scope", "请选择委托范围：全部，或一个模块"));
    }
    let d = NewDelegation {
        principal: actor.identity,
        agent: a.agent_identity_id,
        from_at: a.from_at,
        until_at: a.until_at,
        scope: a.scope,
        include_open: a.include_open,
        reason: a.reason.unwrap_or_default(),
    };
    let made = ctx
        .write(perm::DELEGATE_OP, move |tx| {
            delegation::create(tx, &d, &g).map(|d| Made { id: d.id })
        })
        .await?;
    ctx.service::<Access>()?.forget();
    Ok(made)
}

/// The principal, the agent and the security administrator may end it early.
pub(crate) async fn end(ctx: Ctx, a: IdArgs) -> Result<Empty> {
    let actor = ctx.actor()?.clone();
    let sec = ctx.may(perm::SECURITY_MANAGE);
    ctx.write(perm::DELEGATION_END, move |tx| {
        let d = delegation::get(tx, a.id)?;
        let mine = actor.identities.contains(&d.principal) || actor.identities.contains(&d.agent);
        if !mine && !sec {
            return Err(Error::not_found("这项委托"));
        }
        if d.status == "ended" {
            return Err(DELEGATION_ENDED.err());
        }
        delegation::end(tx, &d)?;
        Ok(Empty {})
    })
    .await?;
    ctx.service::<Access>()?.forget();
    Ok(Empty {})
}
