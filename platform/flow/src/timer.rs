//! Timers are rows; a due one is an ordinary command of the system.
use zs_base::{Id, Result};
use zs_ctx::{Ctx, Op};
use zs_db::{Tx, vals};
use zs_flowcore::Act;

use crate::engine;

zs_db::statements! {
    DUE = "select id, instance_id from flow_timer where due_at <= $1 order by due_at, id limit $2";
    DROP = "delete from flow_timer where id = $1";
}

const FIRE: Op = Op {
    key: "flow.timers",
    title: "流程定时",
};
/// Timers fired in one round of the job.
const BATCH: i64 = 500;

/// Timers that are due: id and instance, the oldest first.
pub fn due_timers(tx: &mut Tx<'_>, now: i64, limit: i64) -> Result<Vec<(Id, Id)>> {
    tx.query(DUE, vals![now, limit])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}

/// Fires what is due, each in a transaction of its own, so that one that fails holds up no other.
pub(crate) async fn fire_due(ctx: &Ctx) -> Result<usize> {
    let now = ctx.now();
    let due = ctx.read(move |tx| due_timers(tx, now, BATCH)).await?;
    let n = due.len();
    for (timer, instance) in due {
        if let Err(e) = fire(ctx, timer, instance).await {
            tracing::error!(%timer, %instance, error = ?e, "a timer could not be fired; it is tried again");
        }
    }
    Ok(n)
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
