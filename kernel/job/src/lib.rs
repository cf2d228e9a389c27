//! Background work: the outbox relay, the job queue and the schedules, all rows of the same database.
//!
//! Everything runs at least once, so handlers are idempotent. Several servers may run it on one PostgreSQL: a job is
//! claimed by an update that only one of them wins.
#![forbid(unsafe_code)]

mod bus;
mod relay;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use zs_base::{Id, Result};
use zs_ctx::Ctx;

pub use bus::{Bus, Notice};
pub use relay::{Worker, drain};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An event on its way to a subscriber.
#[derive(Clone, Debug)]
pub struct Event {
    /// Message id, the same at every delivery.
    pub id: Id,
    /// `module.past_tense`.
    pub topic: String,
    /// What it is about.
    pub key: Option<Id>,
    /// JSON.
    pub payload: serde_json::Value,
}

type EventFn = Arc<dyn Fn(Ctx, Event) -> BoxFuture<'static, Result<()>> + Send + Sync>;
type JobFn = Arc<dyn Fn(Ctx, serde_json::Value) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// Hears one topic.
#[derive(Clone)]
pub struct Subscriber {
    /// `module.past_tense`, or `*` for all.
    pub topic: &'static str,
    /// Who hears, for the golden file and the log.
    pub name: &'static str,
    pub(crate) run: EventFn,
}

impl Subscriber {
    /// A subscriber; `f` may run more than once for one event.
    pub fn new<F, Fut>(topic: &'static str, name: &'static str, f: F) -> Self
    where
        F: Fn(Ctx, Event) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        Self {
            topic,
            name,
            run: Arc::new(move |c, e| Box::pin(f(c, e))),
        }
    }
}

/// Does one kind of job.
#[derive(Clone)]
pub struct JobKind {
    /// `module.verb`.
    pub kind: &'static str,
    /// Chinese name for the administrator's page.
    pub title: &'static str,
    /// When set, a job of this kind is put in the queue every so many milliseconds.
    pub every_ms: Option<i64>,
    pub(crate) run: JobFn,
}

impl JobKind {
    /// A kind of job; `f` may run more than once for one job.
    pub fn new<F, Fut>(kind: &'static str, title: &'static str, f: F) -> Self
    where
        F: Fn(Ctx, serde_json::Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        Self {
            kind,
            title,
            every_ms: None,
            run: Arc::new(move |c, v| Box::pin(f(c, v))),
        }
    }
    /// The same, run on a schedule.
    #[must_use]
    pub fn every(mut self, ms: i64) -> Self {
        self.every_ms = Some(ms);
        self
    }
}

impl std::fmt::Debug for JobKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind)
    }
}
impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} → {}", self.topic, self.name)
    }
}
