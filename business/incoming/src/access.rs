//! Who may see a document, and how much of it: the unit's registry and desk all of it, everybody else what he took part in
//! and what follows from that (seed S2: 查询者只能查询本身所处节点以下的状态).

use zs_base::{Error, Id, Result};
use zs_ctx::{Actor, Reach};
use zs_flow::Loaded;
use zs_flowcore::{Visible, visible};

use crate::model::Doc;
use crate::perm;

/// How much a viewer sees.
#[derive(Clone, Debug)]
pub struct View {
    /// Rounds and read items.
    pub seen: Visible,
    /// Identities of the viewer, principals included.
    pub identities: Vec<i64>,
    /// Sees the urging and the pre-reminder (registry, secretary, office head).
    pub sees_urging: bool,
    /// Sees every document of the unit.
    pub desk: bool,
}

impl View {
    /// May the round be seen?
    pub fn round(&self, id: i64) -> bool {
        self.seen.all || self.seen.rounds.contains(&id)
    }
    /// May the read item be seen?
    pub fn item(&self, id: i64) -> bool {
        self.seen.all || self.seen.items.contains(&id)
    }
}

/// Does the actor hold `perm` for this document's unit?
pub fn holds(actor: &Actor, perm: zs_ctx::Perm, doc: &Doc) -> bool {
    match actor.reach(perm) {
        Some(Reach::All) => true,
        Some(Reach::Unit | Reach::UnitTree) => actor.unit == doc.unit_id,
        Some(Reach::Division) => {
            actor.unit == doc.unit_id
                && actor.division.is_some()
                && actor.division == doc.division_id
        }
        Some(Reach::Own) | None => false,
    }
}

/// What the actor sees of the document; not found if nothing.
pub fn view(actor: &Actor, doc: &Doc, loaded: &Loaded, now: i64) -> Result<View> {
    let identities: Vec<i64> = actor
        .seats_in("incoming", now)
        .iter()
        .map(|i| i.0)
        .collect();
    let desk = holds(actor, perm::READ, doc);
    let mut seen = visible(&loaded.state, &identities);
    if actor.reach(perm::READ).is_none() || (!desk && seen.is_empty()) {
        return Err(Error::not_found("这份收文"));
    }
    if desk {
        seen.all = true;
    }
    let clerk = |role: &str| actor.has_role(role) && actor.unit == doc.unit_id;
    let sees_urging = clerk("registry") || clerk("secretary") || clerk("office_head");
    Ok(View {
        seen,
        identities,
        sees_urging,
        desk,
    })
}

/// May the actor open the page of this document?
pub fn may_read(actor: &Actor, doc: &Doc, loaded: &Loaded, now: i64) -> bool {
    view(actor, doc, loaded, now).is_ok()
}

/// The identities of the actor as plain numbers.
pub fn own(actor: &Actor) -> Vec<Id> {
    actor.identities.clone()
}
