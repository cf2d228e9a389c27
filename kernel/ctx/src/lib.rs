//! The context of one operation: who acts, for whom, when; reading and writing with permission and audit by construction.
#![forbid(unsafe_code)]

mod actor;
mod perm;
mod services;
mod write;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use zs_base::{Clock, Error, Id, Result};
use zs_db::{Db, Migration, Tx};

pub use actor::{Actor, Delegated};
pub use perm::{Gate, Granted, Op, Perm, Reach, Scope};
pub use services::Services;
pub use write::WriteTx;

zs_base::codes! {
    NOT_AUDITED: Internal "系统出现内部错误，已记录，请把请求编号告诉管理员",
}

/// Tables of the kernel: audit, outbox, jobs, idempotency.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "kernel",
    version: 1,
    sql: include_str!("../migrations.sql"),
}];

/// What stays the same for the whole process.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Long-lived services by type.
    pub services: Services,
}

/// One operation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ctx {
    app: App,
    actor: Option<Arc<Actor>>,
    request: Arc<Request>,
}

/// Facts of the request behind the operation.
#[derive(Debug, Default)]
pub struct Request {
    /// Number shown to the user with every error.
    pub id: String,
    /// The caller's address.
    pub ip: Option<String>,
    /// The browser.
    pub user_agent: Option<String>,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// `If-Match`, the version that the page saw.
    pub if_match: Option<i64>,
    /// Writes so far: tells the parts of one request apart under one idempotency key.
    pub writes: AtomicU32,
}

impl Ctx {
    /// The context of a request.
    pub fn new(app: App, actor: Option<Arc<Actor>>, request: Request) -> Self {
        Self {
            app,
            actor,
            request: Arc::new(request),
        }
    }
    /// The context of background work; `reason` stands in the audit rows.
    pub fn system(app: App, reason: &str) -> Self {
        Self {
            app,
            actor: None,
            request: Arc::new(Request {
                id: format!("system:{reason}"),
                ..Request::default()
            }),
        }
    }
    /// The process.
    pub fn app(&self) -> &App {
        &self.app
    }
    /// The database, for streaming and maintenance; ordinary work uses [`Ctx::read`] and [`Ctx::write`].
    pub fn db(&self) -> &Db {
        &self.app.db
    }
    /// The clock.
    pub fn clock(&self) -> &Clock {
        self.app.db.clock()
    }
    /// Now, ms UTC.
    pub fn now(&self) -> i64 {
        self.clock().now()
    }
    /// A new id.
    pub fn new_id(&self) -> Id {
        self.app.db.new_id()
    }
    /// The request.
    pub fn request(&self) -> &Request {
        &self.request
    }
    /// A long-lived service.
    pub fn service<T: Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        self.app.services.get()
    }
    /// Who acts; an error if nobody is signed in.
    pub fn actor(&self) -> Result<&Arc<Actor>> {
        self.actor
            .as_ref()
            .ok_or_else(|| zs_base::UNAUTHENTICATED.err())
    }
    /// Who acts, if anybody.
    pub fn actor_opt(&self) -> Option<&Arc<Actor>> {
        self.actor.as_ref()
    }
    /// Proof that the actor holds `perm`.
    pub fn require(&self, perm: Perm) -> Result<Granted> {
        self.actor()?.require(perm)
    }
    /// Does the actor hold `perm`?
    pub fn may(&self, perm: Perm) -> bool {
        self.actor.as_ref().is_some_and(|a| a.reach(perm).is_some())
    }
    /// The rows that the actor may see under `perm`.
    pub fn scope(&self, perm: Perm) -> Result<Scope> {
        self.actor()?.scope(perm)
    }
    /// The version that the page saw, demanded for changes of versioned rows.
    pub fn if_match(&self) -> Result<i64> {
        self.request
            .if_match
            .ok_or_else(|| Error::field("If-Match", "缺少版本号，请刷新页面后再提交"))
    }
    /// A snapshot to read from.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.app.db.read(f).await
    }
    /// One durable change with its audit rows, events and jobs. The body must [`WriteTx::touch`] what it changes. A
    /// repeated `Idempotency-Key` gives the first reply and changes nothing.
    pub async fn write<T, F>(&self, op: Op, f: F) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut WriteTx<'_, '_>) -> Result<T> + Send + 'static,
    {
        write::run(self, op, f).await
    }
    /// Records a refusal; best effort, in a transaction of its own.
    pub async fn audit_refusal(&self, op: &str, error: &Error) {
        let (ctx, op, code) = (self.clone(), op.to_owned(), error.code);
        let done = self
            .app
            .db
            .write(move |tx| write::insert_audit(tx, &ctx, &op, "request", None, "{}", code))
            .await;
        if let Err(e) = done {
            tracing::warn!(error = ?e, "a refusal could not be recorded");
        }
    }
}
