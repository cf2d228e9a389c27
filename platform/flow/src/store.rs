//! SQL of instances, tasks, events and timers. No permission is decided here: the engine's verdict is the permission.
use std::sync::Arc;

use serde_json::Value;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_db::{Dialect, Query, Tx, Val, vals};
use zs_flowcore::{Event, Instance, canonical_json, event_hash};

use crate::definition;
use crate::model::{InstanceRow, Loaded, SubjectColumns, TaskRow, name_of};
use crate::project::Changes;

zs_db::statements! {
    INSERT_INSTANCE = "insert into flow_instance (id, def_id, subject_kind, subject_id, module, unit_id, title, title_key, number, \
        sender, urgency, status, outcome, rev, seq, last_hash, starter, started_at, ended_at, state) \
        values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)";
    UPDATE_INSTANCE = "update flow_instance set status = $3, outcome = $4, rev = $5, seq = $6, last_hash = $7, ended_at = $8, state = $9 \
        where id = $1 and rev = $2";
    UPDATE_TASK = "update flow_task set status = $2, assignee = $3, principal = $4, shared = $5, due_at = $6, opened_at = $7, \
        ended_at = $8, done_by = $9, on_behalf_of = $10, action = $11, opinion = $12, draft = $13 where id = $1";
    SET_DUE = "update flow_task set due_at = $3 where instance_id = $1 and round = $2 and status in ('open', 'parked')";
    UPSERT_URGE = "insert into flow_urge (id, identity_id, instance_id, round, family, kind, from_name, note, times, created_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9) on conflict (identity_id, instance_id, round, family) do update set \
        kind = excluded.kind, from_name = excluded.from_name, note = excluded.note, times = flow_urge.times + 1, created_at = excluded.created_at";
}

/// Titles are compared in this form: no case, no width, no blanks.
pub fn key_of(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match u32::from(c) {
            // Full-width forms to their plain ones.
            n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// An instance with state and definition. `lock` holds the row until the end of the transaction, so that two acts on
/// one instance follow each other (on SQLite all writes do anyway).
pub(crate) fn load(ctx: &Ctx, tx: &mut Tx<'_>, id: Id, lock: bool) -> Result<Loaded> {
    let mut q = Query::new("select ", &[]);
    q.push(InstanceRow::COLUMNS, &[])
        .push(", i.state from flow_instance i where i.id = ?", vals![id]);
    if lock && tx.dialect() == Dialect::Postgres {
        q.push(" for update", &[]);
    }
    let rows = tx.rows(&q)?;
    let r = rows
        .first()
        .ok_or_else(|| Error::not_found("这件公文的办理流程"))?;
    let row = InstanceRow::from_row(r)?;
    let state: Instance = r.json(18)?;
    let def = definition::compiled(ctx, tx, row.def_id)?;
    Ok(Loaded {
        row,
        state: Arc::new(state),
        def,
    })
}

/// Columns of an event row.
fn event_vals(instance: Id, e: &Event, hash: &str) -> Result<[Val; 9]> {
    Ok([
        Val::from(instance),
        Val::from(signed(e.seq)),
        Val::from(signed(e.rev)),
        Val::from(e.at),
        Val::from(e.actor),
        Val::from(e.on_behalf_of),
        Val::from(kind_of(e)?),
        Val::from(canonical_json(e)),
        Val::from(hash),
    ])
}

/// The stable name of what happened, `seat_closed`.
pub(crate) fn kind_of(e: &Event) -> Result<String> {
    let v = serde_json::to_value(&e.kind).map_err(Error::internal)?;
    match v.get("type") {
        Some(Value::String(s)) => Ok(s.clone()),
        _ => Err(Error::internal("an event without a type")),
    }
}

pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Appends events; the hash of the last one.
pub(crate) fn append_events(
    tx: &mut Tx<'_>,
    instance: Id,
    last_hash: &str,
    events: &[Event],
) -> Result<String> {
    let mut hash = last_hash.to_owned();
    let mut rows = Vec::with_capacity(events.len() * 9);
    for e in events {
        hash = event_hash(&hash, e);
        rows.extend(event_vals(instance, e, &hash)?);
    }
    if !rows.is_empty() {
        tx.insert_rows(
            "insert into flow_event (instance_id, seq, rev, at, actor, on_behalf_of, kind, data, hash) values",
            9,
            &rows,
        )?;
    }
    Ok(hash)
}

fn state_text(state: &Instance) -> Result<String> {
    serde_json::to_string(state).map_err(Error::internal)
}

/// What the row says of a state.
pub(crate) fn take_over(row: &mut InstanceRow, state: &Instance, last_hash: String) -> Result<()> {
    row.status = name_of(state.status)?;
    row.outcome = state.outcome.clone();
    row.rev = signed(state.rev);
    row.seq = signed(state.seq);
    row.ended_at = state.ended_at;
    row.started_at = state.started_at;
    row.starter = Id(state.starter);
    row.last_hash = last_hash;
    Ok(())
}

/// A new instance row.
pub(crate) fn insert_instance(tx: &mut Tx<'_>, row: &InstanceRow, state: &Instance) -> Result<()> {
    tx.exec(
        INSERT_INSTANCE,
        vals![
            row.id,
            row.def_id,
            &row.subject_kind,
            row.subject_id,
            &row.module,
            row.unit_id,
            &row.title,
            key_of(&row.title),
            &row.number,
            &row.sender,
            &row.urgency,
            &row.status,
            &row.outcome,
            row.rev,
            row.seq,
            &row.last_hash,
            row.starter,
            row.started_at,
            row.ended_at,
            state_text(state)?
        ],
    )
    .map(drop)
}

/// The new state over revision `old`; somebody else's commit in between is `Stale`.
pub(crate) fn update_instance(
    tx: &mut Tx<'_>,
    row: &InstanceRow,
    old: i64,
    state: &Instance,
) -> Result<()> {
    tx.exec_one(
        UPDATE_INSTANCE,
        vals![
            row.id,
            old,
            &row.status,
            &row.outcome,
            row.rev,
            row.seq,
            &row.last_hash,
            row.ended_at,
            state_text(state)?
        ],
    )
}

fn task_vals(t: &TaskRow, subject_kind: &str) -> [Val; TaskRow::WIDTH + 1] {
    [
        t.id.into(),
        t.instance_id.into(),
        subject_kind.into(),
        (&t.step).into(),
        (&t.step_title).into(),
        t.round.into(),
        (&t.kind).into(),
        (&t.status).into(),
        t.assignee.into(),
        t.principal.into(),
        t.shared.into(),
        t.from_identity.into(),
        (&t.from_name).into(),
        t.due_at.into(),
        t.created_at.into(),
        t.opened_at.into(),
        t.ended_at.into(),
        t.done_by.into(),
        t.on_behalf_of.into(),
        (&t.action).into(),
        (&t.opinion).into(),
        (&t.draft).into(),
        t.urged_at.into(),
    ]
}

/// Writes the rows that follow from a change of state, few statements for many rows.
pub(crate) fn write_changes(tx: &mut Tx<'_>, row: &InstanceRow, ch: &Changes) -> Result<()> {
    let now = tx.now();
    for (action, ids) in &ch.cancelled {
        let mut q = Query::new(
            "update flow_task set status = 'cancelled', action = ?, ended_at = ? where ",
            vals![action, now],
        );
        q.push_in("id", ids.iter().copied());
        tx.exec_query(&q)?;
    }
    for t in &ch.updated {
        tx.exec(
            UPDATE_TASK,
            vals![
                t.id,
                &t.status,
                t.assignee,
                t.principal,
                t.shared,
                t.due_at,
                t.opened_at,
                t.ended_at,
                t.done_by,
                t.on_behalf_of,
                &t.action,
                &t.opinion,
                &t.draft
            ],
        )?;
    }
    if !ch.inserted.is_empty() {
        let rows: Vec<Val> = ch
            .inserted
            .iter()
            .flat_map(|t| task_vals(t, &row.subject_kind))
            .collect();
        tx.insert_rows(
            "insert into flow_task (id, instance_id, subject_kind, step, step_title, round, kind, status, assignee, principal, shared, \
             from_identity, from_name, due_at, created_at, opened_at, ended_at, done_by, on_behalf_of, action, opinion, draft, \
             urged_at) values",
            TaskRow::WIDTH + 1,
            &rows,
        )?;
    }
    for (round, due) in &ch.due {
        tx.exec(SET_DUE, vals![row.id, *round, *due])?;
    }
    delete_in(
        tx,
        "delete from flow_candidate where ",
        "task_id",
        &ch.drop_candidates,
    )?;
    let rows: Vec<Val> = ch
        .candidates
        .iter()
        .flat_map(|c| {
            c.identities.iter().flat_map(|i| {
                [
                    Val::from(c.task),
                    Val::from(*i),
                    Val::from(c.kind),
                    Val::from(c.created_at),
                ]
            })
        })
        .collect();
    if !rows.is_empty() {
        tx.insert_rows(
            "insert into flow_candidate (task_id, identity_id, kind, created_at) values",
            4,
            &rows,
        )?;
    }
    delete_in(tx, "delete from flow_timer where ", "id", &ch.timers_gone)?;
    let mut rows = Vec::with_capacity(ch.timers_set.len() * 5);
    for t in &ch.timers_set {
        rows.extend([
            Val::from(t.id),
            Val::from(row.id),
            Val::from(t.round),
            Val::from(name_of(t.kind)?),
            Val::from(t.at),
        ]);
    }
    if !rows.is_empty() {
        tx.insert_rows(
            "insert into flow_timer (id, instance_id, round, kind, due_at) values",
            5,
            &rows,
        )?;
    }
    Ok(())
}

fn delete_in(tx: &mut Tx<'_>, head: &'static str, column: &'static str, ids: &[Id]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut q = Query::new(head, &[]);
    q.push_in(column, ids.iter().copied());
    tx.exec_query(&q).map(drop)
}

/// Marks the open tasks of these rounds or seats as urged now.
pub(crate) fn mark_urged(tx: &mut Tx<'_>, instance: Id, column: Urged, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let mut q = Query::new(
        "update flow_task set urged_at = ? where instance_id = ? and status = 'open'",
        vals![now, instance],
    );
    match column {
        Urged::Seats => q.and_in("id", ids.iter().copied()),
        Urged::Rounds => q.and_in("round", ids.iter().copied()),
    };
    tx.exec_query(&q).map(drop)
}

/// What is urged.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Urged {
    Seats,
    Rounds,
}

/// One row of the urges list; a repetition moves it up.
pub(crate) struct NewUrge<'a> {
    pub identity: Id,
    pub instance: Id,
    pub round: i64,
    pub family: &'static str,
    pub kind: &'a str,
    pub from_name: &'a str,
    pub note: Option<&'a str>,
}

pub(crate) fn upsert_urge(tx: &mut Tx<'_>, u: &NewUrge<'_>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    tx.exec(
        UPSERT_URGE,
        vals![
            id,
            u.identity,
            u.instance,
            u.round,
            u.family,
            u.kind,
            u.from_name,
            u.note,
            now
        ],
    )
    .map(drop)
}

/// Sets what lists show of the subject. The subject's own module has checked who may do it and calls this in the same
/// transaction.
pub fn update_subject_columns(
    tx: &mut WriteTx<'_, '_>,
    instance: Id,
    c: &SubjectColumns,
) -> Result<()> {
    let mut q = Query::new("update flow_instance set rev = rev", &[]);
    if let Some(v) = &c.title {
        q.push(", title = ?, title_key = ?", vals![v, key_of(v)]);
    }
    if let Some(v) = &c.number {
        q.push(", number = ?", vals![v]);
    }
    if let Some(v) = &c.sender {
        q.push(", sender = ?", vals![v]);
    }
    if let Some(v) = &c.urgency {
        q.push(", urgency = ?", vals![v]);
    }
    q.push(" where id = ?", vals![instance]);
    match tx.exec_query(&q)? {
        1 => Ok(()),
        _ => Err(Error::not_found("这件公文的办理流程")),
    }
}
