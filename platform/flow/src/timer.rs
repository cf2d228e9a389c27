//! Timers are rows; a due one is an ordinary command of the system.
use zs_base::{Id, Result};
use zs_ctx::{Ctx, Op};
use zs_db::{Tx, vals};
use zs_flowcore::Act;

use crate::engine;

zs_db::statements! {
    DUE = "select id, instance_id from flow_timer where due_at <= $1 order by due_at, id limit $2";
    LATER = "update flow_timer set due_at = $2 where id = $1";
    DROP = "delete from flow_timer where id = $1";
}

const FIRE: Op = Op {
    key: "flow.timers",
    title: "流程定时",
};
/// Timers fired in one round of the job.
const BATCH: i64 = 500;
/// Batches in one run of the job.
const ROUNDS: usize = 20;
/// A timer that could not be fired is tried again after this.
const RETRY_MS: i64 = 60_000;

/// Timers that are due: id and instance, the oldest first.
pub fn due_timers(tx: &mut Tx<'_>, now: i64, limit: i64) -> Result<Vec<(Id, Id)>> {
    tx.query(DUE, vals![now, limit])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}

/// Fires what is due, each in a transaction of its own, so that one that fails holds up no other: it is put back by a
/// minute and tried again. At most [`ROUNDS`] batches at once; the next run of the job goes on.
pub(crate) async fn fire_due(ctx: &Ctx) -> Result<usize> {
    let mut fired = 0;
    for _ in 0..ROUNDS {
        let now = ctx.now();
        let due = ctx.read(move |tx| due_timers(tx, now, BATCH)).await?;
        let last = i64::try_from(due.len()).unwrap_or(BATCH) < BATCH;
        for (timer, instance) in due {
            match fire(ctx, timer, instance).await {
                Ok(()) => fired += 1,
                Err(e) => {
                    tracing::error!(%timer, %instance, error = ?e, "a timer could not be fired");
                    put_back(ctx, timer).await?;
                }
            }
        }
        if last {
            break;
        }
    }
    Ok(fired)
}

async fn put_back(ctx: &Ctx, timer: Id) -> Result<()> {
    ctx.write(FIRE, move |tx| {
        let later = tx.now() + RETRY_MS;
        tx.exec(LATER, vals![timer, later])?;
        tx.touch(
            "flow_timer",
            timer,
            serde_json::json!({"tried_again_at": later}),
        )
    })
    .await
}

async fn fire(ctx: &Ctx, timer: Id, instance: Id) -> Result<()> {
    ctx.write(FIRE, move |tx| {
        match engine::act_system(tx, instance, Act::TimerFired { timer: timer.0 }) {
            Ok(_) => Ok(()),
            // Another server fired it, or its round is over: a timer that the state no longer knows has no row either.
            Err(e) if matches!(e.code, "timer_gone" | "ended") => {
                tx.exec(DROP, vals![timer])?;
                tx.touch("flow_timer", timer, serde_json::json!({"dropped": e.code}))
            }
            Err(e) => Err(e),
        }
    })
    .await
}
