//! Rows and values of the store.
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_db::Row;
use zs_flowcore::{Compiled, Event, Instance, NextPick, SeatKind};

/// One instance as the store keeps it, without its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceRow {
    /// Key.
    pub id: Id,
    /// Definition.
    pub def_id: Id,
    /// What it is about, `incoming_doc`.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Id,
    /// Module that owns the subject, scope of delegations.
    pub module: String,
    /// Unit that owns the subject.
    pub unit_id: Id,
    /// Title for lists.
    pub title: String,
    /// Serial or document number for lists.
    pub number: String,
    /// Sender for lists.
    pub sender: String,
    /// `normal`, `urgent`, `extra_urgent`.
    pub urgency: String,
    /// `new`, `running`, `suspended`, `ended`, `voided`, `terminated`.
    pub status: String,
    /// How it ended.
    pub outcome: Option<String>,
    /// Accepted commands: what a page saw and sends back.
    pub rev: i64,
    /// Events.
    pub seq: i64,
    /// Hash of the last event.
    pub last_hash: String,
    /// Starter (identity).
    pub starter: Id,
    /// Start, ms.
    pub started_at: i64,
    /// End, ms.
    pub ended_at: Option<i64>,
}

impl InstanceRow {
    /// Columns in the order of [`InstanceRow::from_row`].
    pub(crate) const COLUMNS: &str = "i.id, i.def_id, i.subject_kind, i.subject_id, i.module, i.unit_id, i.title, i.number, i.sender, \
         i.urgency, i.status, i.outcome, i.rev, i.seq, i.last_hash, i.starter, i.started_at, i.ended_at";
    pub(crate) fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            def_id: c.next()?,
            subject_kind: c.next()?,
            subject_id: c.next()?,
            module: c.next()?,
            unit_id: c.next()?,
            title: c.next()?,
            number: c.next()?,
            sender: c.next()?,
            urgency: c.next()?,
            status: c.next()?,
            outcome: c.next()?,
            rev: c.next()?,
            seq: c.next()?,
            last_hash: c.next()?,
            starter: c.next()?,
            started_at: c.next()?,
            ended_at: c.next()?,
        })
    }
    /// Running or suspended.
    pub fn is_live(&self) -> bool {
        matches!(self.status.as_str(), "running" | "suspended")
    }
}

/// An instance with its state and its definition.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Row.
    pub row: InstanceRow,
    /// State.
    pub state: Arc<Instance>,
    /// Definition, compiled.
    pub def: Arc<Compiled>,
}

/// What an instance is about and how it begins.
#[derive(Clone, Debug, Default)]
pub struct NewInstance {
    /// Key of the definition; its newest published version is taken.
    pub definition: String,
    /// Kind of the subject, `incoming_doc`.
    pub subject_kind: String,
    /// The subject; one instance each.
    pub subject_id: Id,
    /// Module that owns it, scope of delegations (`module:incoming`).
    pub module: String,
    /// Unit that owns it.
    pub unit_id: Id,
    /// Title for lists; may be empty at sign-in.
    pub title: String,
    /// Number for lists.
    pub number: String,
    /// Sender for lists.
    pub sender: String,
    /// `normal`, `urgent`, `extra_urgent`.
    pub urgency: String,
    /// Identity that starts it.
    pub starter: Id,
    /// First variables.
    pub data: BTreeMap<String, serde_json::Value>,
    /// Next step and persons picked.
    pub next: Vec<NextPick>,
    /// Stay at the start step as a draft of the starter.
    pub draft: bool,
}

/// Columns of the subject that lists show; `None` leaves a column as it is.
#[derive(Clone, Debug, Default)]
pub struct SubjectColumns {
    /// Title.
    pub title: Option<String>,
    /// Number.
    pub number: Option<String>,
    /// Sender.
    pub sender: Option<String>,
    /// Urgency.
    pub urgency: Option<String>,
}

/// An identity with the name of its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonName {
    /// Identity.
    pub identity_id: Id,
    /// Name.
    pub name: String,
}

/// A task that a command opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenedSeat {
    /// Task = seat or read item.
    pub task_id: Id,
    /// Round.
    pub round: i64,
    /// Step.
    pub step: String,
    /// Its title.
    pub step_title: String,
    /// `todo` or `read`.
    pub kind: String,
    /// Who has it, or its candidates.
    pub people: Vec<PersonName>,
    /// For whom an agent acts.
    pub on_behalf_of: Option<PersonName>,
    /// Due, ms.
    pub due_at: Option<i64>,
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The instance afterwards.
    pub loaded: Loaded,
    /// Accepted commands now.
    pub rev: i64,
    /// Events of this command, in order.
    pub events: Vec<Event>,
    /// Tasks that it opened and that are open now.
    pub opened: Vec<OpenedSeat>,
    /// The outcome, when the instance ended by it.
    pub ended: Option<String>,
}

impl Acted {
    /// The instance.
    pub fn instance_id(&self) -> Id {
        self.loaded.row.id
    }
    /// 已送 张三 批示；李四 传阅 — what the page says after the act.
    pub fn next_text(&self) -> String {
        if let Some(o) = &self.ended {
            return match o.as_str() {
                "voided" => "已作废".into(),
                "terminated" => "已终止".into(),
                "rejected" => "已退回来文单位".into(),
                _ => "已办结".into(),
            };
        }
        let mut parts: Vec<(String, Vec<String>)> = Vec::new();
        for o in &self.opened {
            let names: Vec<String> = o
                .people
                .iter()
                .map(|p| match &o.on_behalf_of {
                    Some(b) => format!("{}（受{}委托）", p.name, b.name),
                    None => p.name.clone(),
                })
                .collect();
            match parts.iter_mut().find(|(t, _)| *t == o.step_title) {
                Some((_, all)) => all.extend(names),
                None => parts.push((o.step_title.clone(), names)),
            }
        }
        let text: Vec<String> = parts
            .into_iter()
            .map(|(title, names)| match names.len() {
                0 => format!("待{title}"),
                n if n > 3 => {
                    format!(
                        "{} 等 {n} 人{title}",
                        names.iter().take(3).cloned().collect::<Vec<_>>().join("、")
                    )
                }
                _ => format!("{} {title}", names.join("、")),
            })
            .collect();
        if text.is_empty() {
            "已提交，等待其他人办理".into()
        } else {
            format!("已送 {}", text.join("；"))
        }
    }
}

/// A task row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Key = seat or read item.
    pub id: Id,
    /// Instance.
    pub instance_id: Id,
    /// Step.
    pub step: String,
    /// Its title when the task opened.
    pub step_title: String,
    /// Round.
    pub round: i64,
    /// `todo` or `read`.
    pub kind: String,
    /// `open`, `parked`, `done`, `cancelled`.
    pub status: String,
    /// Holder; none while a group item is unclaimed.
    pub assignee: Option<Id>,
    /// For whom the holder acts (委托).
    pub principal: Option<Id>,
    /// The principal may act too.
    pub shared: bool,
    /// Who sent it.
    pub from_identity: Option<Id>,
    /// His name.
    pub from_name: String,
    /// Due, ms.
    pub due_at: Option<i64>,
    /// Opened for him, ms.
    pub created_at: i64,
    /// First looked at, ms.
    pub opened_at: Option<i64>,
    /// Closed, ms.
    pub ended_at: Option<i64>,
    /// Who handled it.
    pub done_by: Option<Id>,
    /// For whom.
    pub on_behalf_of: Option<Id>,
    /// Decision or outcome.
    pub action: Option<String>,
    /// Opinion.
    pub opinion: Option<String>,
    /// Draft opinion.
    pub draft: Option<String>,
    /// Last urged, ms.
    pub urged_at: Option<i64>,
}

impl TaskRow {
    /// Columns in the order of [`TaskRow::from_row`].
    pub(crate) const COLUMNS: &str = "t.id, t.instance_id, t.step, t.step_title, t.round, t.kind, t.status, t.assignee, t.principal, t.shared, \
         t.from_identity, t.from_name, t.due_at, t.created_at, t.opened_at, t.ended_at, t.done_by, t.on_behalf_of, t.action, \
         t.opinion, t.draft, t.urged_at";
    /// How many columns that are.
    pub(crate) const WIDTH: usize = 22;
    pub(crate) fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            instance_id: c.next()?,
            step: c.next()?,
            step_title: c.next()?,
            round: c.next()?,
            kind: c.next()?,
            status: c.next()?,
            assignee: c.next()?,
            principal: c.next()?,
            shared: c.next()?,
            from_identity: c.next()?,
            from_name: c.next()?,
            due_at: c.next()?,
            created_at: c.next()?,
            opened_at: c.next()?,
            ended_at: c.next()?,
            done_by: c.next()?,
            on_behalf_of: c.next()?,
            action: c.next()?,
            opinion: c.next()?,
            draft: c.next()?,
            urged_at: c.next()?,
        })
    }
}

/// The stable name of a kind of seat.
pub(crate) fn kind_name(k: SeatKind) -> &'static str {
    match k {
        SeatKind::Todo => "todo",
        SeatKind::Read => "read",
    }
}

/// A unit-less enum as its serde name.
pub(crate) fn name_of(v: impl Serialize) -> Result<String> {
    match serde_json::to_value(v).map_err(Error::internal)? {
        serde_json::Value::String(s) => Ok(s),
        // Variants that carry something: the variant's name.
        serde_json::Value::Object(m) => Ok(m.keys().next().cloned().unwrap_or_default()),
        other => Err(Error::internal(format!("no name in {other}"))),
    }
}
