//! A durable change: business rows, audit rows, events and jobs in one transaction.
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zs_base::{Error, Id, Result};
use zs_db::{Tx, vals};

use crate::{Actor, Ctx, NOT_AUDITED, Op};

/// A transaction that knows who acts and remembers what was touched.
pub struct WriteTx<'a, 'b> {
    tx: &'a mut Tx<'b>,
    ctx: &'a Ctx,
    op: Op,
    touched: u32,
    on_behalf_of: Option<String>,
}

impl<'b> Deref for WriteTx<'_, 'b> {
    type Target = Tx<'b>;
    fn deref(&self) -> &Tx<'b> {
        self.tx
    }
}
impl<'b> DerefMut for WriteTx<'_, 'b> {
    fn deref_mut(&mut self) -> &mut Tx<'b> {
        self.tx
    }
}

impl WriteTx<'_, '_> {
    /// The context.
    pub fn ctx(&self) -> &Ctx {
        self.ctx
    }
    /// Who acts; an error if nobody is signed in.
    pub fn actor(&self) -> Result<&Actor> {
        self.ctx.actor().map(|a| &**a)
    }
    /// Names the principal in the audit rows that follow (某某受某某委托).
    pub fn on_behalf_of(&mut self, name: Option<&str>) {
        self.on_behalf_of = name.map(str::to_owned);
    }
    /// Writes the audit row of one changed thing; `change` holds no document text.
    pub fn touch(&mut self, entity: &'static str, id: Id, change: impl Serialize) -> Result<()> {
        let change = serde_json::to_string(&change).map_err(Error::internal)?;
        self.touched += 1;
        let behalf = self.on_behalf_of.clone();
        insert_audit_behalf(
            self.tx,
            self.ctx,
            self.op.key,
            entity,
            Some(id),
            &change,
            "ok",
            behalf.as_deref(),
        )
    }
    /// An event for other modules; it leaves after the commit, at least once, in order.
    pub fn emit(&mut self, topic: &'static str, key: Id, payload: impl Serialize) -> Result<()> {
        let payload = serde_json::to_string(&payload).map_err(Error::internal)?;
        let (id, now) = (self.tx.new_id(), self.tx.now());
        self.tx.wake_after_commit();
        self.tx
            .exec(
                "insert into outbox (id, topic, key, payload, created_at) values ($1, $2, $3, $4, $5)",
                vals![id, topic, key, payload, now],
            )
            .map(drop)
    }
    /// Background work, not before `run_at`; a `dedup` key that is there already adds nothing.
    pub fn job(
        &mut self,
        kind: &'static str,
        payload: impl Serialize,
        run_at: i64,
        dedup: Option<String>,
    ) -> Result<()> {
        let payload = serde_json::to_string(&payload).map_err(Error::internal)?;
        let (id, now) = (self.tx.new_id(), self.tx.now());
        self.tx.wake_after_commit();
        self.tx
            .exec(
                "insert into job (id, kind, payload, run_at, state, attempts, dedup, created_at) \
                 values ($1, $2, $3, $4, 'waiting', 0, $5, $6) on conflict (dedup) do nothing",
                vals![id, kind, payload, run_at, dedup, now],
            )
            .map(drop)
    }
}

pub(crate) async fn run<T, F>(ctx: &Ctx, op: Op, f: F) -> Result<T>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    F: Fn(&mut WriteTx<'_, '_>) -> Result<T> + Send + 'static,
{
    let ctx = ctx.clone();
    let nth = ctx.request.writes.fetch_add(1, Ordering::SeqCst);
    let key = match (&ctx.request.idempotency_key, &ctx.actor) {
        (Some(k), Some(a)) => Some((a.person, format!("{k}:{nth}:{}", op.key))),
        _ => None,
    };
    let db = ctx.app.db.clone();
    db.write(move |tx| {
        if let Some((person, key)) = &key
            && let Some(row) = tx.opt(
                "select reply from idempotency where person_id = $1 and key = $2",
                vals![person, key],
            )?
        {
            return row.json(0);
        }
        let mut w = WriteTx { tx, ctx: &ctx, op, touched: 0, on_behalf_of: None };
        let out = f(&mut w)?;
        if w.touched == 0 && cfg!(debug_assertions) {
            return Err(NOT_AUDITED.err().because(format!("{} changed something and audited nothing", op.key)));
        }
        if let Some((person, key)) = &key {
            let reply = serde_json::to_string(&out).map_err(Error::internal)?;
            let now = tx.now();
            tx.exec(
                "insert into idempotency (person_id, key, reply, created_at) values ($1, $2, $3, $4)",
                vals![person, key, reply, now],
            )?;
        }
        Ok(out)
    })
    .await
}

pub(crate) fn insert_audit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    op: &str,
    entity: &'static str,
    id: Option<Id>,
    change: &str,
    result: &str,
) -> Result<()> {
    insert_audit_behalf(tx, ctx, op, entity, id, change, result, None)
}

#[expect(clippy::too_many_arguments, reason = "one row, one call")]
fn insert_audit_behalf(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    op: &str,
    entity: &'static str,
    id: Option<Id>,
    change: &str,
    result: &str,
    behalf: Option<&str>,
) -> Result<()> {
    let actor = ctx.actor.as_deref();
    let (row, now) = (tx.new_id(), tx.now());
    tx.exec(
        "insert into audit_log (id, at, op, person_id, identity_id, actor_name, on_behalf_of, unit_id, ip, request_id, \
         entity, entity_id, change, result) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
        vals![
            row,
            now,
            op,
            actor.map(|a| a.person),
            actor.map(|a| a.identity),
            actor.map_or("系统", |a| a.name.as_str()),
            behalf,
            actor.map(|a| a.unit),
            &ctx.request.ip,
            &ctx.request.id,
            entity,
            id,
            change,
            result
        ],
    )
    .map(drop)
}
