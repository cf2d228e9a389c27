//! Derived rows: written from the instance and its events only, in the transaction of each step, and rebuilt at will.

use zs_base::{Error, Id, Result};
use zs_db::{Tx, Val, vals};
use zs_flowcore::{Compiled, Event, Instance, RoundStatus, Status, Visible, visible};

use crate::definition::stage;
use crate::ledger::Ledger;
use crate::model::status;
use crate::names::Names;
use crate::project;

zs_db::statements! {
    STATUS = "update incoming_doc set status = $2, stage_text = $3, completed_at = $4, archived_at = $5, urge_count = $6 \
        where id = $1";
    UNIT = "select unit_id, year, signed_in_at from incoming_doc where id = $1";
    FORGET_PARTICIPANTS = "delete from incoming_participant where doc_id = $1";
    FORGET_UNDERTAKINGS = "delete from incoming_undertaking where doc_id = $1";
    FORGET_CIRCULATION = "delete from incoming_circulation where doc_id = $1";
    FORGET_LEDGER = "delete from incoming_ledger where doc_id = $1";
    LEDGER_STATE = "select state from incoming_ledger where doc_id = $1";
    PARTICIPANTS = "select identity_id, first_at, visible_status, sees_end from incoming_participant where doc_id = $1 \
        order by identity_id";
}

const PUT_PARTICIPANT: &str = "insert into incoming_participant (doc_id, identity_id, first_at, visible_status, sees_end, \
    sees_plan) values";
const PUT_UNDERTAKING: &str = "insert into incoming_undertaking (doc_id, ord, node_id, node_name, role, liaison_id, liaison, \
    head_id, head, head_opinion, undertaker_id, undertaker, result, done_at, state) values";
const PUT_CIRCULATION: &str = "insert into incoming_circulation (doc_id, ord, identity_id, name, post, division, sent_at, \
    read_at, opinion, passed_on_by, passed_on_name) values";
const PUT_LEDGER: &str = "insert into incoming_ledger (doc_id, unit_id, year, signed_in_at, state, sign_in_mark, sign_in_by, \
    sign_in_on, entry_mark, entry_by, entry_on, proposal_mark, proposed_by, proposed_on, proposed_handling, deadline, urged, \
    urged_on, pre_reminder, instruct_needed, instructed_by, instructed_on, instruction, circulated, circulated_leaders, \
    circulated_divisions, circulation_complete, undertaken, undertaking_unit, assisted, assist_units, undertaking_opinion, \
    handling_result, urge_count) values";

/// Takes in the events of one step: `s` is the instance after them.
pub fn on_events(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    events: &[Event],
) -> Result<()> {
    let before: Option<Ledger> = tx
        .opt(LEDGER_STATE, vals![doc])?
        .map(|r| r.json(0))
        .transpose()?;
    write(tx, doc, def, s, before.unwrap_or_default(), events)
}

/// Writes all derived rows of a document anew from its whole event log.
pub fn rebuild(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    events: &[Event],
) -> Result<()> {
    write(tx, doc, def, s, Ledger::default(), events)
}

fn write(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    mut ledger: Ledger,
    events: &[Event],
) -> Result<()> {
    for e in events {
        ledger.apply(e, &|step| project::stage_of(def, step));
    }
    let mut people = project::people(s);
    people.extend(ledger.people());
    let mut nodes = project::nodes(s);
    nodes.extend(ledger.nodes());
    let names = Names::load(tx, &people, &nodes)?;
    write_status(tx, doc, def, s, &ledger, &names)?;
    write_participants(tx, doc, def, s, &names)?;
    write_undertakings(tx, doc, def, s, &names)?;
    write_circulation(tx, doc, def, s, &names)?;
    write_ledger(tx, doc, &ledger, &names)
}

/// Status of the document as the instance says: status, when completed, when filed.
pub fn status_of(def: &Compiled, s: &Instance) -> (&'static str, Option<i64>, Option<i64>) {
    let filing = s
        .open_rounds()
        .any(|r| project::stage_of(def, &r.step) == stage::ARCHIVE);
    let completed = || {
        let done = |r: &&zs_flowcore::Round| {
            r.status == RoundStatus::Done && project::stage_of(def, &r.step) == stage::COMPLETE
        };
        s.rounds.iter().rev().find(done).and_then(|r| r.closed_at)
    };
    match s.status {
        Status::Ended if s.outcome.as_deref() == Some("rejected") => (status::REJECTED, None, None),
        Status::Ended => (status::ARCHIVED, completed().or(s.ended_at), s.ended_at),
        Status::Voided | Status::Terminated => (status::VOID, None, None),
        _ if filing => (status::COMPLETED, completed(), None),
        _ => (status::ACTIVE, None, None),
    }
}

fn write_status(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    ledger: &Ledger,
    names: &Names,
) -> Result<()> {
    let (status, completed, archived) = status_of(def, s);
    let text = project::status_text(s, &project::status_lines(def, s, None, names));
    tx.exec_one(
        STATUS,
        vals![doc, status, text, completed, archived, ledger.urge_count()],
    )
}

fn write_participants(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    names: &Names,
) -> Result<()> {
    tx.exec(FORGET_PARTICIPANTS, vals![doc])?;
    let mut vals: Vec<Val> = Vec::new();
    for (id, at) in project::participants(s) {
        let lines = project::status_lines(def, s, Some(&[id]), names).join("\n");
        let (end, plan) = (sees_end(def, s, &[id]), sees_plan(&visible(s, &[id])));
        vals.extend(vals![doc, id, at, lines, end, plan].iter().cloned());
    }
    tx.insert_rows(PUT_PARTICIPANT, 6, &vals)
}

/// Does a viewer see the plan? It is handed downstream: whoever stands at or after a step sees it, a mere reader does not.
pub fn sees_plan(v: &Visible) -> bool {
    v.all || !v.rounds.is_empty()
}

/// Do these identities see the completion?
pub fn sees_end(def: &Compiled, s: &Instance, identities: &[i64]) -> bool {
    let v = visible(s, identities);
    let last = s
        .rounds
        .iter()
        .rev()
        .find(|r| project::stage_of(def, &r.step) == stage::COMPLETE);
    v.all || last.is_some_and(|r| v.rounds.contains(&r.id))
}

fn write_undertakings(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    names: &Names,
) -> Result<()> {
    tx.exec(FORGET_UNDERTAKINGS, vals![doc])?;
    let mut vals: Vec<Val> = Vec::new();
    for (ord, u) in (0_i64..).zip(project::undertakings(def, s)) {
        let name = |id: Option<i64>| id.map(|i| names.name(i));
        vals.extend(
            vals![
                doc,
                ord,
                u.node,
                names.node(u.node),
                u.role,
                u.liaison,
                name(u.liaison),
                u.head,
                name(u.head),
                u.head_opinion,
                u.undertaker,
                name(u.undertaker),
                u.result,
                u.done_at,
                u.state
            ]
            .iter()
            .cloned(),
        );
    }
    tx.insert_rows(PUT_UNDERTAKING, 15, &vals)
}

fn write_circulation(
    tx: &mut Tx<'_>,
    doc: Id,
    def: &Compiled,
    s: &Instance,
    names: &Names,
) -> Result<()> {
    tx.exec(FORGET_CIRCULATION, vals![doc])?;
    let mut vals: Vec<Val> = Vec::new();
    for (ord, r) in (0_i64..).zip(project::readings(def, s)) {
        let division = names
            .person(r.identity)
            .and_then(|p| p.division_name.clone());
        vals.extend(
            vals![
                doc,
                ord,
                r.identity,
                names.name(r.identity),
                names.post(r.identity),
                division,
                r.sent_at,
                r.read_at,
                r.opinion,
                r.passed_on_by,
                r.passed_on_by.map(|i| names.name(i))
            ]
            .iter()
            .cloned(),
        );
    }
    tx.insert_rows(PUT_CIRCULATION, 11, &vals)
}

fn write_ledger(tx: &mut Tx<'_>, doc: Id, ledger: &Ledger, names: &Names) -> Result<()> {
    let row = tx.one(UNIT, vals![doc])?;
    let (unit, year, at): (Id, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    tx.exec(FORGET_LEDGER, vals![doc])?;
    let state = serde_json::to_string(ledger).map_err(Error::internal)?;
    let mut vals: Vec<Val> = vals![doc, unit, year, at, state].to_vec();
    vals.extend(ledger.cells(names).into_iter().map(Val::from));
    tx.insert_rows(PUT_LEDGER, 34, &vals)
}

/// What the rows of participants say, for tests and for the list of a person: identity, first time, status lines, sees the end.
pub fn participants(tx: &mut Tx<'_>, doc: Id) -> Result<Vec<(Id, i64, String, bool)>> {
    tx.query(PARTICIPANTS, vals![doc])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
        .collect()
}
