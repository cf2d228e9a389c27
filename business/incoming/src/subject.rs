//! What the engine and the file store ask this module.

use zs_base::{Id, Result};
use zs_ctx::{Actor, Ctx, WriteTx};
use zs_db::Tx;
use zs_file::api::FileGate;
use zs_flow::{InstanceRow, Subject};
use zs_flowcore::Event;

use crate::{access, derived, flow, perm, store};

/// The subject of incoming flows; put one into `zs_flow::Subjects`.
#[derive(Debug, Default)]
pub struct IncomingSubject;

impl Subject for IncomingSubject {
    fn kind(&self) -> &'static str {
        flow::SUBJECT
    }
    fn module(&self) -> &'static str {
        "incoming"
    }
    fn on_events(
        &self,
        tx: &mut WriteTx<'_, '_>,
        row: &InstanceRow,
        events: &[Event],
    ) -> Result<()> {
        let ctx = tx.ctx().clone();
        let loaded = flow::load(&ctx, tx, row.id)?;
        derived::on_events(tx, row.subject_id, &loaded.def, &loaded.state, events)
    }
    fn path(&self, id: Id) -> String {
        format!("/incoming/{id}")
    }
}

/// Opens the files of a document to whoever may see the document; put one into `zs_file::FileGates`.
#[derive(Debug, Default)]
pub struct IncomingFiles;

impl FileGate for IncomingFiles {
    fn kind(&self) -> &str {
        flow::SUBJECT
    }
    fn may_read(&self, tx: &mut Tx<'_>, actor: &Actor, subject_id: Id) -> Result<bool> {
        let Some(doc) = store::doc_opt(tx, subject_id)? else {
            return Ok(false);
        };
        if actor.reach(perm::READ).is_none() {
            return Ok(false);
        }
        if access::holds(actor, perm::READ, &doc) {
            return Ok(true);
        }
        let now = tx.now();
        takes_part(tx, &actor.seats_in("incoming", now), doc.id)
    }
}

/// Is one of these identities a participant? The rows are derived from the same rule as the page.
pub(crate) fn takes_part(tx: &mut Tx<'_>, identities: &[Id], doc: Id) -> Result<bool> {
    let mut q = zs_db::Query::new(
        "select 1 from incoming_participant where doc_id = ?",
        zs_db::vals![doc],
    );
    q.and_in("identity_id", identities.iter().copied())
        .push(" limit 1", &[]);
    Ok(!tx.rows(&q)?.is_empty())
}

/// Writes the derived rows of one document anew from its event log; what they were before is not looked at.
pub fn rebuild(ctx: &Ctx, tx: &mut Tx<'_>, doc: Id) -> Result<()> {
    let d = store::doc(tx, doc)?;
    let loaded = flow::load(ctx, tx, d.instance_id)?;
    let events = flow::events(tx, d.instance_id)?;
    derived::rebuild(tx, doc, &loaded.def, &loaded.state, &events)
}
