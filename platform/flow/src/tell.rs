//! Who is told what a step did: the urges list, the audit log, the events for open pages.
use serde_json::json;
use zs_base::{Id, Result};
use zs_ctx::WriteTx;
use zs_flowcore::{Command, Event, EventKind};

use crate::api::{CHANGED, ENDED, URGED};
use crate::model::{Loaded, name_of};
use crate::project::Changes;
use crate::store::{self, NewUrge, Urged};
use crate::world;

/// Role of those who put a stuck flow right: the document administrators of the subject's unit.
const ADMINISTRATORS: &str = "doc_admin";

fn administrators(tx: &mut WriteTx<'_, '_>, l: &Loaded) -> Result<Vec<i64>> {
    let directory = world::directory(tx.ctx());
    let found = directory.holders(tx, ADMINISTRATORS, l.row.unit_id)?;
    Ok(found.into_iter().map(|i| i.0).collect())
}

fn open_round(l: &Loaded) -> i64 {
    l.state.open_rounds().next().map_or(0, |r| r.id)
}

/// Does the instance end by it?
pub(crate) fn ends(e: &Event) -> bool {
    matches!(
        e.kind,
        EventKind::Ended { .. } | EventKind::Voided { .. } | EventKind::Terminated { .. }
    )
}

/// How it ended.
pub(crate) fn outcome(l: &Loaded) -> String {
    l.row
        .outcome
        .clone()
        .unwrap_or_else(|| l.row.status.clone())
}

/// Rows of the urges list and the message to the people urged, reminded or called for help.
pub(crate) fn urges(
    tx: &mut WriteTx<'_, '_>,
    l: &Loaded,
    events: &[Event],
    name: &dyn Fn(i64) -> String,
) -> Result<()> {
    for e in events {
        let from_name = e.actor.map_or_else(|| "系统".to_owned(), name);
        let (round, family, kind, persons, note) = match &e.kind {
            EventKind::Urged {
                seats,
                persons,
                notify: true,
                note,
            } => {
                store::mark_urged(tx, l.row.id, Urged::Seats, seats)?;
                let round = seats
                    .first()
                    .and_then(|s| l.state.seat(*s))
                    .map_or(0, |(r, _)| r.id);
                (
                    round,
                    "urge",
                    "urge".to_owned(),
                    persons.clone(),
                    note.clone(),
                )
            }
            EventKind::Reminded {
                round,
                kind,
                handlers,
                also,
            } => {
                store::mark_urged(tx, l.row.id, Urged::Rounds, &[*round])?;
                let all = handlers.iter().chain(also).copied().collect();
                (*round, "reminder", name_of(kind)?, all, None)
            }
            EventKind::Escalated { round, persons } => (
                *round,
                "escalation",
                "escalated".to_owned(),
                persons.clone(),
                None,
            ),
            EventKind::Stuck { round, reason } => (
                *round,
                "notice",
                "stuck".to_owned(),
                Vec::new(),
                Some(reason.clone()),
            ),
            EventKind::Notice {
                message, persons, ..
            } => (
                open_round(l),
                "notice",
                "notice".to_owned(),
                persons.clone(),
                Some(message.clone()),
            ),
            _ => continue,
        };
        let persons = if persons.is_empty() {
            administrators(tx, l)?
        } else {
            persons
        };
        for p in &persons {
            let u = NewUrge {
                identity: Id(*p),
                instance: l.row.id,
                round,
                family,
                kind: &kind,
                from_name: &from_name,
                note: note.as_deref(),
            };
            store::upsert_urge(tx, &u)?;
        }
        let persons: Vec<Id> = persons.into_iter().map(Id).collect();
        tx.emit(
            URGED,
            l.row.id,
            json!({"instance": l.row.id, "kind": kind, "round": round, "persons": persons, "note": note, "from_name": from_name}),
        )?;
    }
    Ok(())
}

/// Audit row, and the events for whoever shows lists.
pub(crate) fn tell(
    tx: &mut WriteTx<'_, '_>,
    l: &Loaded,
    command: &Command,
    events: &[Event],
    ch: &Changes,
) -> Result<()> {
    let (kind, _) = command.act.subject();
    tx.touch(
        "flow_instance",
        l.row.id,
        json!({"act": kind, "rev": l.row.rev, "events": events.len()}),
    )?;
    tx.emit(
        CHANGED,
        l.row.id,
        json!({"instance": l.row.id, "subject_kind": l.row.subject_kind, "subject_id": l.row.subject_id, "identities": ch.affected}),
    )?;
    if events.iter().any(ends) {
        tx.emit(
            ENDED,
            l.row.id,
            json!({"instance": l.row.id, "subject_kind": l.row.subject_kind, "subject_id": l.row.subject_id, "outcome": outcome(l)}),
        )?;
    }
    Ok(())
}
