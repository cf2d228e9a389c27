//! The engine as this module uses it.

use zs_base::{Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_db::Tx;
use zs_flow::{Acted, Loaded};
use zs_flowcore::{Command, Event};

/// Kind of the subject, of the files' gate and of the pages' lists.
pub const SUBJECT: &str = "incoming";

/// An instance with its definition.
pub(crate) fn load(ctx: &Ctx, tx: &mut Tx<'_>, instance: Id) -> Result<Loaded> {
    zs_flow::state(ctx, tx, instance)
}

/// Does a command.
pub(crate) fn act(
    tx: &mut WriteTx<'_, '_>,
    instance: Id,
    rev: Option<i64>,
    command: Command,
) -> Result<Acted> {
    zs_flow::act(tx, instance, rev, command)
}

/// The whole event log.
pub(crate) fn events(tx: &mut Tx<'_>, instance: Id) -> Result<Vec<Event>> {
    Ok(zs_flow::events(tx, instance)?
        .into_iter()
        .map(|r| r.event)
        .collect())
}
