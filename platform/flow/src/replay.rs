//! Proof of the record: the events fold to the stored state, and their chain of hashes is unbroken.
use schemars::JsonSchema;
use serde::Serialize;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_db::Tx;
use zs_flowcore::{Instance, first_break};

use crate::read;

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replay {
    /// Instance.
    pub instance_id: Id,
    /// Events replayed.
    pub events: i64,
    /// Folding them gives the stored state.
    pub same_state: bool,
    /// Number of the first event whose hash does not fit.
    pub broken_at: Option<i64>,
    /// The last hash is the one on the instance.
    pub same_hash: bool,
    /// All of it holds.
    pub ok: bool,
}

/// Folds the record of an instance and compares.
pub fn replay(ctx: &Ctx, tx: &mut Tx<'_>, instance: Id) -> Result<Replay> {
    let loaded = read::state(ctx, tx, instance)?;
    let rows = read::events(tx, instance)?;
    let def = loaded.def.definition();
    let mut folded = Instance::new(instance.0, &def.key, def.version);
    for r in &rows {
        folded.apply(&r.event);
    }
    let broken = first_break(rows.iter().map(|r| (&r.event, r.hash.as_str())));
    let same_state = folded == *loaded.state;
    let same_hash = rows.last().map_or(loaded.row.last_hash.is_empty(), |r| {
        r.hash == loaded.row.last_hash
    });
    Ok(Replay {
        instance_id: instance,
        events: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        same_state,
        broken_at: broken.map(crate::store::signed),
        same_hash,
        ok: same_state && same_hash && broken.is_none(),
    })
}
