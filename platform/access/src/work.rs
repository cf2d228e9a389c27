//! Background work: delegations follow the clock, old rows leave, and what the organisation ends is ended here too.
use std::sync::Arc;

use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_job::{Event, JobKind, Subscriber};
use zs_org::api as org;
use zs_web::Empty;

use crate::service::Access;
use crate::{account, delegation, grants, perm, session, throttle};

/// Delegations turned in one transaction.
const BATCH: i64 = 100;

pub(crate) fn jobs() -> Vec<JobKind> {
    vec![
        JobKind::new(
            "access.turn_delegations",
            "委托代理到期处理",
            |ctx, _| turn(ctx),
        )
        .every(60_000),
        JobKind::new("access.purge", "清理过期会话", |ctx, _| purge(ctx))
            .every(zs_base::time::DAY_MS),
    ]
}

pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![
        Subscriber::new(org::IDENTITY_ENDED, "access.identity_ended", |ctx, e| {
            identity_ended(ctx, e)
        }),
        Subscriber::new(org::PERSON_LEFT, "access.person_left", |ctx, e| {
            person_left(ctx, e)
        }),
        Subscriber::new(
            org::IDENTITY_CHANGED,
            "access.identity_changed",
            |ctx, _| changed(ctx),
        ),
        Subscriber::new(org::NODE_CHANGED, "access.node_changed", |ctx, _| {
            changed(ctx)
        }),
    ]
}

fn forget(ctx: &Ctx) {
    if let Ok(a) = ctx.service::<Access>() {
        Arc::clone(&a).forget();
    }
}

async fn changed(ctx: Ctx) -> Result<()> {
    forget(&ctx);
    Ok(())
}

async fn turn(ctx: Ctx) -> Result<()> {
    loop {
        let due = ctx
            .read(|tx| {
                let now = tx.now();
                Ok(delegation::due(tx, now, BATCH)?.len())
            })
            .await?;
        if due == 0 {
            return Ok(());
        }
        let turned = ctx
            .write(perm::DELEGATION_TURN, move |tx| {
                let n = delegation::turn(tx, BATCH)?;
                if n == 0 {
                    tx.touch("delegation", Id(0), serde_json::json!({"turned": 0}))?;
                }
                Ok(n)
            })
            .await?;
        forget(&ctx);
        if turned == 0 {
            return Ok(());
        }
    }
}

/// Housekeeping of rows that mean nothing any more; the audit log keeps what happened.
async fn purge(ctx: Ctx) -> Result<()> {
    ctx.db()
        .write(|tx| {
            throttle::purge(tx)?;
            session::purge(tx).map(drop)
        })
        .await
}

async fn identity_ended(ctx: Ctx, e: Event) -> Result<()> {
    let Some(identity) = e.key else {
        return Ok(());
    };
    ctx.write(perm::REVOKE, move |tx| {
        delegation::end_of_identity(tx, identity)?;
        grants::drop_of_identity(tx, identity)?;
        Ok(Empty {})
    })
    .await?;
    forget(&ctx);
    Ok(())
}

async fn person_left(ctx: Ctx, e: Event) -> Result<()> {
    let Some(person) = e.key else {
        return Ok(());
    };
    ctx.write(perm::PERSON_LEFT, move |tx| {
        account::close(tx, person)?;
        Ok(Empty {})
    })
    .await?;
    forget(&ctx);
    Ok(())
}
