//! The facade: what business modules call. Everything runs in the caller's transaction.
//!
//! ```text
//! let acted = zs_flow::start(tx, &NewInstance { definition: "incoming".into(), … })?;
//! let acted = zs_flow::act(tx, instance, rev_the_page_saw, Command::by(identity, Act::Complete { seat, … }))?;
//! let loaded = zs_flow::state(tx, instance)?;              // row, state, compiled definition
//! let acts = zs_flow::allowed(&loaded, identities, admin); // every act with its verdict
//! ```
//! A refusal is an error of kind `Rule` with the engine's code; somebody faster is `Stale` and says who did what.
use std::collections::HashMap;
use std::sync::Arc;

use zs_base::{Id, Result};
use zs_ctx::WriteTx;
use zs_db::Tx;
use zs_flowcore::Event;

pub use crate::definition::{FlowCache, ensure_definition, publish_definition};
pub use crate::engine::{act, act_system, start};
pub use crate::list::{
    Counts, List, TaskFilter, TaskItem, count_at_step, counts, list_tasks, open_read_item,
    take_part_sql,
};
pub use crate::model::{
    Acted, InstanceRow, Loaded, NewInstance, OpenedSeat, PersonName, SubjectColumns, TaskRow,
};
pub use crate::read::{
    EventRow, allowed, by_subject, events, identity_for, open_tasks_for, return_targets, row,
    state, tasks_of, visible,
};
pub use crate::replay::{Replay, replay};
pub use crate::store::update_subject_columns;
pub use crate::timer::due_timers;
pub use crate::watch::{UrgeRow, mine, urges, watch, watched};
pub use zs_flowcore as core;

/// Topic: an instance changed; key = instance, payload `{instance, subject_kind, subject_id, identities}`.
pub const CHANGED: &str = "flow.changed";
/// Topic: people are urged or reminded; key = instance, payload `{instance, kind, persons, note}`.
pub const URGED: &str = "flow.urged";
/// Topic: an instance ended; key = instance, payload `{instance, subject_kind, subject_id, outcome}`.
pub const ENDED: &str = "flow.ended";

/// What a business module tells the engine about its subjects. Its projections (ledgers, status columns) are written in
/// [`Subject::on_events`], in the transaction of the step.
pub trait Subject: Send + Sync {
    /// `incoming_doc`.
    fn kind(&self) -> &'static str;
    /// `incoming`.
    fn module(&self) -> &'static str;
    /// Hears every step, timers and handovers included, before it commits. An error undoes the step.
    fn on_events(
        &self,
        tx: &mut WriteTx<'_, '_>,
        row: &InstanceRow,
        events: &[Event],
    ) -> Result<()>;
    /// Path of the subject's page, `/incoming/123`.
    fn path(&self, id: Id) -> String;
    /// Identities for an expression `Who::Named(name)` of this module's definitions that the engine does not know itself;
    /// `None` = unknown. The engine applies delegations and leaves out people who are no longer active.
    fn resolve(
        &self,
        tx: &mut Tx<'_>,
        row: &InstanceRow,
        name: &str,
        at: &At<'_>,
    ) -> Result<Option<Vec<Id>>> {
        let _ = (tx, row, name, at);
        Ok(None)
    }
}

/// Where in the flow people are looked for.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The instance at this moment: `state.lookup(scope, "item.unit")`.
    pub state: &'a zs_flowcore::Instance,
    /// Step to be seated.
    pub step: &'a str,
    /// Scope.
    pub scope: i64,
    /// Persons responsible for the rounds before.
    pub previous: &'a [i64],
}

/// The service under which the subjects are found.
#[derive(Default)]
pub struct Subjects(pub Vec<Arc<dyn Subject>>);

impl Subjects {
    /// The subject of a kind.
    pub fn of(&self, kind: &str) -> Option<&Arc<dyn Subject>> {
        self.0.iter().find(|s| s.kind() == kind)
    }
}

/// Who holds a role, and who acts for whom. Without this service the access module answers.
pub trait Directory: Send + Sync {
    /// Active identities that hold `role` in `unit`, in their order.
    fn holders(&self, tx: &mut Tx<'_>, role: &str, unit: Id) -> Result<Vec<Id>>;
    /// Principal → agent, for those of `principals` who have a delegation that covers `module` at `now`.
    fn agents(
        &self,
        tx: &mut Tx<'_>,
        principals: &[Id],
        module: &str,
        now: i64,
    ) -> Result<HashMap<Id, Id>>;
}

/// The service under which a [`Directory`] is found.
pub struct DirectoryService(pub Arc<dyn Directory>);
