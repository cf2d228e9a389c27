//! 关注 and 我知道了.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Granted, Op, Perm};
use zs_flow::core::{Act, Command};
use zs_web::Empty;

pub(crate) const WATCH: Op = Op {
    key: "home.watch",
    title: "关注公文",
};
pub(crate) const READ: Op = Op {
    key: "home.read",
    title: "阅知",
};
const SEAT: Perm = Perm {
    key: "home.own",
    title: "本人事项",
};

/// An instance.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct InstanceArgs {
    /// Instance.
    pub instance_id: Id,
}

async fn set(ctx: Ctx, instance: Id, on: bool) -> Result<Empty> {
    let actor = ctx.actor()?;
    let (identity, identities) = (actor.identity, actor.identities.clone());
    let c = ctx.clone();
    ctx.write(WATCH, move |tx| {
        let seen = zs_flow::visible(&zs_flow::state(&c, tx, instance)?, &identities);
        if seen.is_empty() {
            return Err(Error::not_found("这件公文"));
        }
        zs_flow::watch(tx, &Granted::by_seat(SEAT), identity, instance, on)?;
        Ok(Empty {})
    })
    .await
}

pub(crate) async fn put(ctx: Ctx, a: InstanceArgs) -> Result<Empty> {
    set(ctx, a.instance_id, true).await
}
pub(crate) async fn delete(ctx: Ctx, a: InstanceArgs) -> Result<Empty> {
    set(ctx, a.instance_id, false).await
}

/// Items to acknowledge.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct AckArgs {
    /// Tasks of the to-read list.
    pub task_ids: Vec<Id>,
}

/// How many were acknowledged.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Acked {
    /// Items.
    pub done: usize,
}

/// 我知道了: each item is a step of its own flow; those that are not the reader's or are read already are passed over.
pub(crate) async fn acknowledge(ctx: Ctx, a: AckArgs) -> Result<Acked> {
    if a.task_ids.len() > 200 {
        return Err(Error::field("task_ids", "一次最多 200 件，请分批处理"));
    }
    let identities = ctx.actor()?.identities.clone();
    let mut done = 0;
    for task in a.task_ids {
        let ids = identities.clone();
        let c = ctx.clone();
        let one: bool = ctx
            .write(READ, move |tx| {
                let Some((instance, holder)) = zs_flow::open_read_item(tx, task, &ids)? else {
                    tx.touch("flow_task", task, serde_json::json!({"passed_over": true}))?;
                    return Ok(false);
                };
                let _ = &c;
                zs_flow::act(
                    tx,
                    instance,
                    None,
                    Command::by(
                        holder.0,
                        Act::Read {
                            item: task.0,
                            opinion: None,
                        },
                    ),
                )?;
                Ok(true)
            })
            .await?;
        done += usize::from(one);
    }
    Ok(Acked { done })
}
