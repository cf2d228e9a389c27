//! Takes events out of the outbox and jobs out of the queue.
use std::sync::Arc;
use std::time::Duration;

use zs_base::{Error, Id, Result};
use zs_ctx::{App, Ctx};
use zs_db::{Dialect, Tx, vals};

use crate::{Event, JobKind, Subscriber};

/// Events and jobs taken at once.
const BATCH: i64 = 100;
/// A worker that died loses its claim after this.
const LEASE_MS: i64 = 120_000;
/// Tries before a job waits for an administrator.
const ATTEMPTS: i64 = 8;
/// Kind of the job that gives an event to a subscriber that failed.
const REDELIVER: &str = "outbox.redeliver";

/// Runs subscribers and jobs.
#[derive(Clone, Debug)]
pub struct Worker {
    app: App,
    subscribers: Arc<Vec<Subscriber>>,
    kinds: Arc<Vec<JobKind>>,
}

impl Worker {
    /// A worker over what the modules declare.
    pub fn new(app: App, subscribers: Vec<Subscriber>, kinds: Vec<JobKind>) -> Self {
        Self {
            app,
            subscribers: Arc::new(subscribers),
            kinds: Arc::new(kinds),
        }
    }
    /// Works until the process ends: at once when a transaction left something to do, else twice a second.
    pub async fn run(self) {
        loop {
            match self.tick().await {
                Ok(0) => {
                    let _ =
                        tokio::time::timeout(Duration::from_millis(500), self.app.db.woken()).await;
                }
                Ok(_) => {}
                Err(e) => {
                    tracing::error!(error = ?e, "background work failed; trying again");
                    tokio::time::sleep(Duration::from_secs(2)).await;
                }
            }
        }
    }
    /// One round; how many events and jobs were done.
    pub async fn tick(&self) -> Result<usize> {
        self.schedule().await?;
        Ok(self.relay().await? + self.work().await?)
    }

    async fn relay(&self) -> Result<usize> {
        let events = self
            .app
            .db
            .read(|tx| {
                tx.query(
                    "select id, topic, key, payload from outbox order by id limit $1",
                    vals![BATCH],
                )
            })
            .await?;
        let n = events.len();
        let mut done: Vec<Id> = Vec::with_capacity(n);
        for row in events {
            let e = Event {
                id: row.get(0)?,
                topic: row.get(1)?,
                key: row.get(2)?,
                payload: row.json(3)?,
            };
            for s in self
                .subscribers
                .iter()
                .filter(|s| s.topic == "*" || s.topic == e.topic)
            {
                let ctx = Ctx::system(self.app.clone(), s.name);
                if let Err(err) = (s.run)(ctx, e.clone()).await {
                    // The event stays for this subscriber as a job of its own, so that one bad hearer stops nobody.
                    tracing::error!(topic = %e.topic, subscriber = s.name, error = ?err, "an event could not be handled");
                    self.try_again(s.name, &e).await?;
                }
            }
            done.push(e.id);
        }
        if !done.is_empty() {
            self.app
                .db
                .write(move |tx| {
                    let mut q = zs_db::Query::new("delete from outbox where ", &[]);
                    q.push_in("id", done.iter().map(|i| i.0));
                    tx.exec_query(&q)
                })
                .await?;
        }
        Ok(n)
    }

    /// One bad hearer stops nobody: the event waits for it alone, as a job.
    async fn try_again(&self, subscriber: &'static str, e: &Event) -> Result<()> {
        let payload = serde_json::json!({
            "subscriber": subscriber, "id": e.id, "topic": e.topic, "key": e.key, "payload": e.payload,
        })
        .to_string();
        let dedup = format!("{REDELIVER}:{}:{subscriber}", e.id);
        self.app
            .db
            .write(move |tx| {
                let (id, now) = (tx.new_id(), tx.now());
                tx.exec(
                    "insert into job (id, kind, payload, run_at, state, attempts, dedup, created_at) \
                     values ($1, $2, $3, $4, 'waiting', 0, $5, $6) on conflict (dedup) do nothing",
                    vals![id, REDELIVER, &payload, now + 2_000, &dedup, now],
                )
                .map(drop)
            })
            .await
    }

    async fn redeliver(&self, payload: &serde_json::Value) -> Result<()> {
        let text = |k: &str| {
            payload
                .get(k)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let id = |k: &str| text(k).parse::<Id>().ok();
        let Some(s) = self
            .subscribers
            .iter()
            .find(|s| s.name == text("subscriber"))
        else {
            return Err(Error::internal(format!(
                "no subscriber {}",
                text("subscriber")
            )));
        };
        let event = Event {
            id: id("id").unwrap_or_default(),
            topic: text("topic"),
            key: id("key"),
            payload: payload.get("payload").cloned().unwrap_or_default(),
        };
        (s.run)(Ctx::system(self.app.clone(), s.name), event).await
    }

    async fn schedule(&self) -> Result<()> {
        let due: Vec<(&'static str, i64)> = self
            .kinds
            .iter()
            .filter_map(|k| k.every_ms.map(|every| (k.kind, every)))
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        let now = self.app.db.clock().now();
        let slots: Vec<(&'static str, String)> = due
            .into_iter()
            .map(|(k, every)| (k, format!("{k}@{}", now / every.max(1))))
            .collect();
        let ask = slots.clone();
        let missing = self
            .app
            .db
            .read(move |tx| {
                let mut out = Vec::new();
                for (k, slot) in ask {
                    if tx
                        .opt("select 1 from job where dedup = $1", vals![&slot])?
                        .is_none()
                    {
                        out.push((k, slot));
                    }
                }
                Ok(out)
            })
            .await?;
        if missing.is_empty() {
            return Ok(());
        }
        self.app
            .db
            .write(move |tx| {
                for (kind, slot) in &missing {
                    let (id, now) = (tx.new_id(), tx.now());
                    tx.exec(
                        "insert into job (id, kind, payload, run_at, state, attempts, dedup, created_at) \
                         values ($1, $2, '{}', $3, 'waiting', 0, $4, $3) on conflict (dedup) do nothing",
                        vals![id, *kind, now, slot],
                    )?;
                    // Yesterday's slots have done their duty.
                    tx.exec(
                        "delete from job where kind = $1 and state = 'done' and created_at < $2",
                        vals![*kind, now - 3_600_000],
                    )?;
                }
                Ok(())
            })
            .await
    }

    async fn work(&self) -> Result<usize> {
        let jobs = self.app.db.write(claim).await?;
        let n = jobs.len();
        for (id, kind, payload, attempts) in jobs {
            let out = match self.kinds.iter().find(|k| k.kind == kind) {
                _ if kind == REDELIVER => self.redeliver(&payload).await,
                Some(k) => (k.run)(Ctx::system(self.app.clone(), k.kind), payload).await,
                None => Err(Error::internal(format!("nobody does jobs of kind {kind}"))),
            };
            if let Err(e) = &out {
                tracing::error!(kind, error = ?e, attempts, "a job failed");
            }
            let error = out.err().map(|e| format!("{e:?}"));
            self.app
                .db
                .write(move |tx| finish(tx, id, attempts, error.as_deref()))
                .await?;
        }
        Ok(n)
    }
}

fn claim(tx: &mut Tx<'_>) -> Result<Vec<(Id, String, serde_json::Value, i64)>> {
    let now = tx.now();
    let find = match tx.dialect() {
        Dialect::Sqlite => {
            "select id, kind, payload, attempts from job where (state = 'waiting' or (state = 'running' and locked_until < $1)) \
             and run_at <= $1 order by run_at, id limit $2"
        }
        Dialect::Postgres => {
            "select id, kind, payload, attempts from job where (state = 'waiting' or (state = 'running' and locked_until < $1)) \
             and run_at <= $1 order by run_at, id limit $2 for update skip locked"
        }
    };
    let mut out = Vec::new();
    for r in tx.query(find, vals![now, BATCH])? {
        let id: Id = r.get(0)?;
        tx.exec(
            "update job set state = 'running', locked_until = $2, attempts = attempts + 1 where id = $1",
            vals![id, now + LEASE_MS],
        )?;
        out.push((id, r.get(1)?, r.json(2)?, r.get::<i64>(3)? + 1));
    }
    Ok(out)
}

fn finish(tx: &mut Tx<'_>, id: Id, attempts: i64, error: Option<&str>) -> Result<()> {
    let now = tx.now();
    let Some(error) = error else {
        tx.exec(
            "update job set state = 'done', done_at = $2, last_error = null where id = $1",
            vals![id, now],
        )?;
        return Ok(());
    };
    let state = if attempts >= ATTEMPTS {
        "dead"
    } else {
        "waiting"
    };
    let wait = 1_000i64 << attempts.clamp(0, 12);
    tx.exec(
        "update job set state = $2, run_at = $3, last_error = $4 where id = $1",
        vals![id, state, now + wait, error],
    )?;
    Ok(())
}

/// Works until nothing is left that is due: for tests and for the command line.
pub async fn drain(worker: &Worker) -> Result<usize> {
    let mut all = 0;
    for _ in 0..1000 {
        match worker.tick().await? {
            0 => return Ok(all),
            n => all += n,
        }
    }
    Err(Error::internal("the queue does not drain"))
}
