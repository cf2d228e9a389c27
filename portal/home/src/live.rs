//! Live counts by server-sent events: hints only, the tables are the truth.
use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_job::{Bus, Notice};
use zs_web::{NoArgs, Response};

use crate::lists::SOON_MS;

/// Numbers beside the menus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveCounts {
    /// 待办.
    pub todo: i64,
    /// 待阅.
    pub to_read: i64,
    /// 在办.
    pub mine: i64,
    /// 草稿.
    pub drafts: i64,
    /// 关注.
    pub watch: i64,
    /// 催办与提醒.
    pub urges: i64,
    /// 待办, 特急.
    pub todo_urgent: i64,
    /// 待办, due soon.
    pub todo_due_soon: i64,
    /// 待办, overdue.
    pub todo_overdue: i64,
    /// 待登记.
    pub sign_in_waiting: i64,
}

pub(crate) async fn counts(ctx: Ctx, _: NoArgs) -> Result<LiveCounts> {
    let actor = ctx.actor()?;
    let (person, identities) = (actor.person, actor.identities.clone());
    ctx.read(move |tx| {
        let now = tx.now();
        let c = zs_flow::counts(tx, &identities, now, now + SOON_MS)?;
        let drafts = tx.one(crate::drafts::COUNT, zs_db::vals![person])?.get(0)?;
        Ok(LiveCounts {
            todo: c.todo,
            to_read: c.to_read,
            mine: c.mine,
            drafts,
            watch: c.watch,
            urges: c.urges,
            todo_urgent: c.todo_urgent,
            todo_due_soon: c.todo_due_soon,
            todo_overdue: c.todo_overdue,
            sign_in_waiting: zs_flow::count_at_step(tx, &identities, "register")?,
        })
    })
    .await
}

/// A stream ends after this; the page connects again with its session checked anew.
const LIFE: Duration = Duration::from_secs(600);
/// Hints that come together are answered together.
const CALM: Duration = Duration::from_millis(250);

struct Listener {
    ctx: Ctx,
    identities: Vec<Id>,
    hub: tokio::sync::broadcast::Receiver<Notice>,
    queue: VecDeque<(&'static str, Value)>,
    until: tokio::time::Instant,
}

pub(crate) async fn events(ctx: Ctx, _: NoArgs, _: Request<Body>) -> Result<Response> {
    let hub = ctx.service::<Bus>()?.listen();
    let identities = ctx.actor()?.identities.clone();
    let first = counts(ctx.clone(), NoArgs {}).await?;
    let start = Listener {
        ctx,
        identities,
        hub,
        queue: VecDeque::from([("counts", json!(first))]),
        until: tokio::time::Instant::now() + LIFE,
    };
    Ok(zs_web::event_stream(stream::unfold(
        start,
        |mut l| async move {
            loop {
                if let Some(e) = l.queue.pop_front() {
                    return Some((e, l));
                }
                l.wait().await?;
            }
        },
    )))
}

impl Listener {
    fn concerns(&self, n: &Notice) -> bool {
        n.identities.is_empty() || n.identities.iter().any(|i| self.identities.contains(i))
    }
    /// Waits for hints that concern this reader and queues the events for them; none = the stream is over.
    async fn wait(&mut self) -> Option<()> {
        use tokio::sync::broadcast::error::RecvError;
        let mut recount = false;
        loop {
            let limit = if recount {
                tokio::time::Instant::now() + CALM
            } else {
                self.until
            };
            match tokio::time::timeout_at(limit, self.hub.recv()).await {
                Err(_) if recount => break,
                Err(_) | Ok(Err(RecvError::Closed)) => return None,
                // Too slow to hear everything: look again.
                Ok(Err(RecvError::Lagged(_))) => recount = true,
                Ok(Ok(n)) if self.concerns(&n) => {
                    if n.kind == "changed" {
                        self.queue.push_back(("changed", n.data));
                    }
                    recount = true;
                }
                Ok(Ok(_)) => {}
            }
        }
        let fresh = counts(self.ctx.clone(), NoArgs {}).await.ok()?;
        self.queue.push_back(("counts", json!(fresh)));
        Some(())
    }
}
