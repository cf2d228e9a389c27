//! The subject of these tests.
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use zs_base::{Error, Id, Result};
use zs_ctx::WriteTx;
use zs_flowcore::Event;

use crate::InstanceRow;
use crate::api::{At, Subject};

/// A subject that counts what it hears, and refuses when told to.
#[derive(Default)]
pub(crate) struct Paper {
    pub heard: AtomicUsize,
    pub refuse: AtomicBool,
    pub named: Mutex<BTreeMap<String, Vec<Id>>>,
}

impl Subject for Paper {
    fn kind(&self) -> &'static str {
        "paper"
    }
    fn module(&self) -> &'static str {
        "paper"
    }
    fn on_events(
        &self,
        tx: &mut WriteTx<'_, '_>,
        row: &InstanceRow,
        events: &[Event],
    ) -> Result<()> {
        assert_eq!(row.seq, i64::try_from(events.last().unwrap().seq).unwrap());
        // Whatever it writes stands or falls with the step.
        tx.exec(
            "update flow_instance set sender = sender where id = $1",
            zs_db::vals![row.id],
        )?;
        self.heard.fetch_add(events.len(), Ordering::SeqCst);
        if self.refuse.load(Ordering::SeqCst) {
            return Err(Error::rule("paper_refused", "台账不允许"));
        }
        Ok(())
    }
    fn path(&self, id: Id) -> String {
        format!("/paper/{id}")
    }
    fn resolve(
        &self,
        _: &mut zs_db::Tx<'_>,
        _: &InstanceRow,
        name: &str,
        _: &At<'_>,
    ) -> Result<Option<Vec<Id>>> {
        Ok(self.named.lock().unwrap().get(name).cloned())
    }
}
