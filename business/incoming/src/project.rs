//! Derived rows: undertakings, circulation, who took part and what each of them may see, all functions of the instance.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zs_flowcore::{
    Compiled, Instance, Round, RoundStatus, ScopeStatus, Seat, SeatOutcome, Status, visible,
};

use crate::definition::{stage, stage_title};
use crate::names::Names;

/// One undertaking 承办: a division's (or subordinate unit's) part in handling the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Undertaking {
    /// Rounds in it, for what a viewer may see.
    pub rounds: BTreeSet<i64>,
    /// Node.
    pub node: i64,
    /// `lead` or `assist`.
    pub role: String,
    /// Liaison who forwarded it.
    pub liaison: Option<i64>,
    /// Head who assigned it.
    pub head: Option<i64>,
    /// What he said.
    pub head_opinion: Option<String>,
    /// Who undertakes it.
    pub undertaker: Option<i64>,
    /// What he did.
    pub result: Option<String>,
    /// When it was done, ms.
    pub done_at: Option<i64>,
    /// Chinese: 待转送, 待分办, 承办中, 已办结.
    pub state: &'static str,
}

/// One reader 传阅.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Round.
    pub round: i64,
    /// Read item, if it was passed on or sent for information.
    pub item: Option<i64>,
    /// Reader.
    pub identity: i64,
    /// Sent, ms.
    pub sent_at: i64,
    /// Read, ms.
    pub read_at: Option<i64>,
    /// What he wrote.
    pub opinion: Option<String>,
    /// Who passed it on.
    pub passed_on_by: Option<i64>,
}

/// Stage of a step.
pub fn stage_of(def: &Compiled, step: &str) -> String {
    def.step(step)
        .map_or_else(|| step.to_owned(), |s| s.stage.clone())
}

fn person(s: &Seat) -> Option<i64> {
    s.on_behalf_of
        .or(s.by)
        .or_else(|| s.holder.as_ref().map(zs_flowcore::SeatSpec::responsible))
}

fn counts(s: &Seat) -> bool {
    !matches!(
        s.outcome,
        Some(
            SeatOutcome::Cancelled
                | SeatOutcome::Transferred
                | SeatOutcome::Withdrawn
                | SeatOutcome::Removed
                | SeatOutcome::Returned
        )
    )
}

/// The seat of a round that says how it stands: the handled one, else the live one.
fn telling(r: &Round) -> Option<&Seat> {
    let done = r
        .seats
        .iter()
        .rev()
        .find(|s| s.outcome == Some(SeatOutcome::Completed));
    done.or_else(|| r.seats.iter().rev().find(|s| s.is_live()))
}

/// The undertakings of an instance.
pub fn undertakings(def: &Compiled, s: &Instance) -> Vec<Undertaking> {
    let mut out = Vec::new();
    for scope in s
        .scopes
        .iter()
        .filter(|x| x.status != ScopeStatus::Cancelled)
    {
        let Some(item) = scope.vars.get("item") else {
            continue;
        };
        let mut u = Undertaking {
            node: item.get("node").and_then(Value::as_i64).unwrap_or_default(),
            role: item
                .get("role")
                .and_then(Value::as_str)
                .unwrap_or("lead")
                .to_owned(),
            state: "待转送",
            ..Undertaking::default()
        };
        for r in s.rounds.iter().filter(|r| r.scope == scope.id) {
            u.rounds.insert(r.id);
            if matches!(
                r.status,
                RoundStatus::Cancelled | RoundStatus::Withdrawn | RoundStatus::Returned
            ) {
                continue;
            }
            take_round(&mut u, &stage_of(def, &r.step), r, item);
        }
        if scope.status == ScopeStatus::Arrived {
            u.state = "已办结";
            u.done_at = s
                .rounds
                .iter()
                .filter(|r| r.scope == scope.id)
                .filter_map(|r| r.closed_at)
                .max();
        }
        out.push(u);
    }
    out
}

fn take_round(u: &mut Undertaking, stage: &str, r: &Round, item: &Value) {
    let seat = telling(r);
    let handled = seat.is_some_and(|s| s.outcome == Some(SeatOutcome::Completed));
    match stage {
        stage::LIAISON_FORWARD => {
            u.liaison = seat.and_then(person);
            u.state = if r.status.is_open() {
                "待转送"
            } else {
                "待分办"
            };
        }
        stage::ASSIGN => {
            u.head = seat.and_then(person);
            u.head_opinion = seat.filter(|_| handled).and_then(|s| s.opinion.clone());
            u.state = if r.status.is_open() {
                "待分办"
            } else {
                "承办中"
            };
            if r.decision.as_deref() == Some("handle_self") {
                u.undertaker = u.head;
                u.result = item
                    .get("result")
                    .and_then(Value::as_str)
                    .map(str::to_owned);
            }
        }
        stage::UNDERTAKE => {
            u.undertaker = seat.and_then(person);
            u.result = seat.filter(|_| handled).and_then(|s| s.opinion.clone());
            u.state = "承办中";
        }
        _ => {}
    }
}

/// The readers of an instance in the order they were sent to.
pub fn readings(def: &Compiled, s: &Instance) -> Vec<Reading> {
    let mut out = Vec::new();
    let done: Vec<&Round> = s
        .rounds
        .iter()
        .filter(|r| stage_of(def, &r.step) == stage::CIRCULATION_READ)
        .collect();
    for r in done {
        for x in r.seats.iter().filter(|x| counts(x)) {
            let Some(identity) = person(x) else { continue };
            out.push(Reading {
                round: r.id,
                item: None,
                identity,
                sent_at: x.opened_at,
                read_at: x.closed_at.or(x.seen_at),
                opinion: x.opinion.clone(),
                passed_on_by: None,
            });
        }
    }
    for i in &s.reads {
        out.push(Reading {
            round: i.round,
            item: Some(i.id),
            identity: i.holder.responsible(),
            sent_at: i.opened_at,
            read_at: i.read_at,
            opinion: i.opinion.clone(),
            passed_on_by: i.by,
        });
    }
    out.sort_by_key(|r| r.sent_at);
    out
}

/// Who took part, with the time of his first part: the starter, holders and handlers of seats, candidates of what is still
/// unclaimed, readers.
pub fn participants(s: &Instance) -> BTreeMap<i64, i64> {
    let mut out = BTreeMap::from([(s.starter, s.started_at)]);
    let mut put = |id: i64, at: i64| {
        if id > 0 {
            let first = out.entry(id).or_insert(at);
            *first = (*first).min(at);
        }
    };
    for x in s.rounds.iter().flat_map(|r| &r.seats) {
        if let Some(h) = &x.holder {
            put(h.identity, x.opened_at);
            put(h.responsible(), x.opened_at);
        }
        for id in [x.by, x.on_behalf_of].into_iter().flatten() {
            put(id, x.closed_at.unwrap_or(x.opened_at));
        }
        if x.holder.is_none() && x.is_live() {
            for c in &x.candidates {
                put(c.identity, x.opened_at);
                put(c.responsible(), x.opened_at);
            }
        }
    }
    for i in &s.reads {
        put(i.holder.identity, i.opened_at);
        put(i.holder.responsible(), i.opened_at);
    }
    out
}

/// Everyone whose name the rows or status texts show.
pub fn people(s: &Instance) -> Vec<i64> {
    let mut out: BTreeSet<i64> = participants(s).into_keys().collect();
    out.extend(s.reads.iter().filter_map(|i| i.by));
    out.extend(
        s.rounds
            .iter()
            .flat_map(|r| &r.queue)
            .map(|q| q.spec.identity),
    );
    out.into_iter().collect()
}

/// Nodes of the undertakings.
pub fn nodes(s: &Instance) -> Vec<i64> {
    let items = s.scopes.iter().filter_map(|x| x.vars.get("item"));
    items
        .filter_map(|i| i.get("node").and_then(Value::as_i64))
        .collect()
}

/// One line: 批示（张三、李四）.
fn line(def: &Compiled, r: &Round, names: &Names) -> String {
    let mut who: Vec<String> = Vec::new();
    for x in r.seats.iter().filter(|x| x.is_live()) {
        let people = match &x.holder {
            Some(h) => std::slice::from_ref(h),
            None => x.candidates.as_slice(),
        };
        for p in people {
            let name = names.name(p.identity);
            if !who.contains(&name) {
                who.push(name);
            }
        }
    }
    let stage = stage_of(def, &r.step);
    let title = if r.stuck.is_some() {
        format!("{}（无人办理）", stage_title(&stage))
    } else {
        stage_title(&stage).to_owned()
    };
    if who.is_empty() {
        title
    } else {
        format!("{title}（{}）", who.join("、"))
    }
}

/// How the whole ended, if it did.
pub fn ending(s: &Instance) -> Option<&'static str> {
    match s.status {
        Status::Ended if s.outcome.as_deref() == Some("rejected") => Some("已退文"),
        Status::Ended => Some("已归档"),
        Status::Voided => Some("已作废"),
        Status::Terminated => Some("已终止"),
        _ => None,
    }
}

/// Where it stands for these identities (everything, if none are given): open rounds they may see, one line each.
pub fn status_lines(
    def: &Compiled,
    s: &Instance,
    viewer: Option<&[i64]>,
    names: &Names,
) -> Vec<String> {
    let seen = viewer.map(|v| visible(s, v));
    let may = |r: &Round| {
        seen.as_ref()
            .is_none_or(|v| v.all || v.rounds.contains(&r.id))
    };
    let mut lines: Vec<String> = s
        .open_rounds()
        .filter(|r| may(r))
        .map(|r| line(def, r, names))
        .collect();
    lines.dedup();
    let unread = |v: &[i64]| {
        s.open_reads()
            .any(|i| v.iter().any(|id| i.holder.admits(*id)))
    };
    if lines.is_empty() && s.is_live() && viewer.is_some_and(unread) {
        lines.push("待阅".to_owned());
    }
    lines
}

/// The text of [`status_lines`]: how it ended, else the lines, else that one's own part is done.
pub fn status_text(s: &Instance, lines: &[String]) -> String {
    match (ending(s), lines.is_empty()) {
        (Some(end), _) => end.to_owned(),
        (None, false) => lines.join("；"),
        (None, true) => "本人环节已办毕".to_owned(),
    }
}
