//! Definitions: published once, compiled once, shared.
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zs_base::{Error, Field, Id, Result, sha256_hex};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_db::{Tx, vals};
use zs_flowcore::{Compiled, Definition, LintError};

use crate::{FLOW_DEFINITION_FAULTY, NO_SUCH_FLOW};

zs_db::statements! {
    LATEST = "select id, version, hash from flow_def where key = $1 and status = 'published' order by version desc limit 1";
    NEXT_VERSION = "select coalesce(max(version), 0) + 1 from flow_def where key = $1";
    INSERT = "insert into flow_def (id, key, version, title, hash, model, status, created_at) \
              values ($1, $2, $3, $4, $5, $6, 'published', $7)";
    MODEL = "select model from flow_def where id = $1";
    LIST = "select id, key, version, title, status, created_at from flow_def order by key, version desc";
}

/// Compiled definitions by id: a service. They are immutable, so an entry is never wrong.
#[derive(Debug, Default)]
pub struct FlowCache(Mutex<HashMap<Id, Arc<Compiled>>>);

impl FlowCache {
    fn get(&self, id: Id) -> Option<Arc<Compiled>> {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.get(&id).map(Arc::clone)
    }
    fn put(&self, id: Id, c: Arc<Compiled>) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A city has a few hundred versions at most; a runaway publisher must not fill the memory.
        if map.len() >= 1_000 {
            map.clear();
        }
        map.insert(id, c);
    }
}

fn faulty(def: &Definition, errors: Vec<LintError>) -> Error {
    let mut e = FLOW_DEFINITION_FAULTY.with(&[&def.title]);
    e.fields = errors
        .into_iter()
        .map(|l| Field {
            field: l.step,
            message: l.message,
        })
        .collect();
    e
}

fn hash_of(def: &Definition) -> Result<String> {
    let plain = Definition {
        version: 0,
        ..def.clone()
    };
    Ok(sha256_hex(
        serde_json::to_string(&plain).map_err(Error::internal)?,
    ))
}

/// Publishes a definition as the next version of its key; running instances stay on theirs. A faulty one is refused with
/// all its faults.
pub fn publish_definition(tx: &mut WriteTx<'_, '_>, _: &Granted, def: &Definition) -> Result<Id> {
    publish(tx, def, hash_of(def)?)
}

/// Makes sure that `def` is the newest version of its key: publishes it if it differs, does nothing if not. For the
/// definitions that a module brings along.
pub fn ensure_definition(tx: &mut WriteTx<'_, '_>, def: &Definition) -> Result<Id> {
    let hash = hash_of(def)?;
    if let Some(row) = tx.opt(LATEST, vals![&def.key])?
        && row.get::<String>(2)? == hash
    {
        let id: Id = row.get(0)?;
        tx.touch(
            "flow_def",
            id,
            serde_json::json!({"key": def.key, "unchanged": true}),
        )?;
        return Ok(id);
    }
    publish(tx, def, hash)
}

fn publish(tx: &mut WriteTx<'_, '_>, def: &Definition, hash: String) -> Result<Id> {
    def.compile().map_err(|e| faulty(def, e))?;
    let version: u32 = tx.one(NEXT_VERSION, vals![&def.key])?.get(0)?;
    let def = Definition {
        version,
        ..def.clone()
    };
    let model = serde_json::to_string(&def).map_err(Error::internal)?;
    // Going back to an earlier text is a new version as well: its hash carries the version.
    let hash = match tx.opt(
        "select 1 from flow_def where key = $1 and hash = $2",
        vals![&def.key, &hash],
    )? {
        Some(_) => format!("{hash}-{version}"),
        None => hash,
    };
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        INSERT,
        vals![id, &def.key, version, &def.title, hash, model, now],
    )?;
    tx.touch(
        "flow_def",
        id,
        serde_json::json!({"key": def.key, "version": version}),
    )?;
    Ok(id)
}

/// The newest published version of a key.
pub(crate) fn latest(tx: &mut Tx<'_>, key: &str) -> Result<Id> {
    tx.opt(LATEST, vals![key])?
        .ok_or_else(|| NO_SUCH_FLOW.with(&[&key]))?
        .get(0)
}

/// A definition, compiled; from the cache if it is there.
pub(crate) fn compiled(ctx: &Ctx, tx: &mut Tx<'_>, id: Id) -> Result<Arc<Compiled>> {
    let cache = ctx.service::<FlowCache>()?;
    if let Some(c) = cache.get(id) {
        return Ok(c);
    }
    let def = model(tx, id)?;
    let c = Arc::new(def.compile().map_err(|e| faulty(&def, e))?);
    cache.put(id, Arc::clone(&c));
    Ok(c)
}

/// A definition as it was published.
pub(crate) fn model(tx: &mut Tx<'_>, id: Id) -> Result<Definition> {
    tx.opt(MODEL, vals![id])?
        .ok_or_else(|| Error::not_found("这个流程"))?
        .json(0)
}

/// A line of the administrator's list.
pub(crate) struct DefRow {
    pub id: Id,
    pub key: String,
    pub version: i64,
    pub title: String,
    pub status: String,
    pub created_at: i64,
}

/// All versions.
pub(crate) fn list(tx: &mut Tx<'_>) -> Result<Vec<DefRow>> {
    tx.query(LIST, &[])?
        .iter()
        .map(|r| {
            let mut c = r.cols();
            Ok(DefRow {
                id: c.next()?,
                key: c.next()?,
                version: c.next()?,
                title: c.next()?,
                status: c.next()?,
                created_at: c.next()?,
            })
        })
        .collect()
}
