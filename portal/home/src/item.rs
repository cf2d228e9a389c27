//! One line of a work list.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_db::Tx;
use zs_flow::{InstanceRow, Loaded, Subjects, TaskItem, UrgeRow};

/// A line of a work list, the same for every list and every module.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct WorkItem {
    /// Task; null in lists of instances.
    pub task_id: Option<Id>,
    /// Instance.
    pub instance_id: Id,
    /// `incoming`.
    pub subject_kind: String,
    /// Document.
    pub subject_id: Id,
    /// Title.
    pub title: String,
    /// Serial or document number.
    pub number: String,
    /// Sender.
    pub sender: String,
    /// `normal`, `urgent`, `extra_urgent`.
    pub urgency: String,
    /// Step.
    pub step: String,
    /// Its title.
    pub step_title: String,
    /// Who sent it here.
    pub from_name: String,
    /// For whom the reader acts (委托).
    pub on_behalf_of: Option<String>,
    /// When it came, ms UTC.
    pub received_at: i64,
    /// When it was handled, ms UTC.
    pub ended_at: Option<i64>,
    /// Due, ms UTC.
    pub due_at: Option<i64>,
    /// Days until due by date; negative = overdue.
    pub days_left: Option<i64>,
    /// Past due.
    pub overdue: bool,
    /// What was done with it.
    pub action: Option<String>,
    /// With which opinion.
    pub opinion: Option<String>,
    /// Where it is now, as far as the reader may see (downstream only).
    pub visible_status: String,
    /// When it was last urged, ms UTC.
    pub urged_at: Option<i64>,
    /// Text of the urging.
    pub note: Option<String>,
    /// Path of its page.
    pub path: String,
}

/// Builds lines for one reader.
pub(crate) struct Lines<'a> {
    ctx: &'a Ctx,
    identities: Vec<i64>,
    now: i64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(ctx: &'a Ctx, identities: &[Id]) -> Self {
        Self {
            ctx,
            identities: identities.iter().map(|i| i.0).collect(),
            now: ctx.now(),
        }
    }

    fn base(&self, tx: &mut Tx<'_>, row: &InstanceRow) -> Result<WorkItem> {
        let loaded = zs_flow::state(self.ctx, tx, row.id)?;
        let path = self
            .ctx
            .service::<Subjects>()
            .ok()
            .and_then(|s| s.of(&row.subject_kind).map(|k| k.path(row.subject_id)))
            .unwrap_or_default();
        Ok(WorkItem {
            instance_id: row.id,
            subject_kind: row.subject_kind.clone(),
            subject_id: row.subject_id,
            title: row.title.clone(),
            number: row.number.clone(),
            sender: row.sender.clone(),
            urgency: row.urgency.clone(),
            received_at: row.started_at,
            ended_at: row.ended_at,
            visible_status: status_text(&loaded, &self.identities),
            path,
            ..WorkItem::default()
        })
    }

    fn due(&self, item: &mut WorkItem, due: Option<i64>, open: bool) {
        item.due_at = due;
        item.days_left = due
            .filter(|_| open)
            .map(|d| Date::at(d).days() - Date::at(self.now).days());
        item.overdue = open && due.is_some_and(|d| d < self.now);
    }

    pub(crate) fn task(&self, tx: &mut Tx<'_>, t: &TaskItem) -> Result<WorkItem> {
        let mut item = self.base(tx, &t.instance)?;
        item.task_id = Some(t.task.id);
        item.step = t.task.step.clone();
        item.step_title = t.task.step_title.clone();
        item.from_name = t.task.from_name.clone();
        item.received_at = t.task.created_at;
        item.ended_at = t.task.ended_at;
        item.action = t.task.action.clone();
        item.opinion = t.task.opinion.clone();
        item.urged_at = t.task.urged_at;
        let principal = t
            .task
            .principal
            .or(t.task.on_behalf_of)
            .filter(|p| !self.identities.contains(&p.0));
        if let Some(p) = principal {
            item.on_behalf_of = zs_org::api::identity_opt(tx, p)?.map(|i| i.name);
        }
        self.due(&mut item, t.task.due_at, t.task.ended_at.is_none());
        Ok(item)
    }

    pub(crate) fn instance(&self, tx: &mut Tx<'_>, row: &InstanceRow) -> Result<WorkItem> {
        self.base(tx, row)
    }

    pub(crate) fn urge(&self, tx: &mut Tx<'_>, u: &UrgeRow) -> Result<WorkItem> {
        let mut item = self.base(tx, &u.instance)?;
        item.from_name = u.from_name.clone();
        item.action = Some(u.kind.clone());
        item.note = u.note.clone();
        item.urged_at = Some(u.created_at);
        item.received_at = u.created_at;
        Ok(item)
    }
}

/// Where the document is now for these identities: only rounds that they took part in or that descend from them.
pub(crate) fn status_text(l: &Loaded, identities: &[i64]) -> String {
    if !l.row.is_live() {
        return match l.row.outcome.as_deref().unwrap_or(l.row.status.as_str()) {
            "rejected" => "已退文",
            "voided" => "已作废",
            "terminated" => "已终止",
            _ => "已办结",
        }
        .to_owned();
    }
    let mut titles: Vec<&str> = Vec::new();
    for r in zs_flow::core::visible_open_steps(&l.state, identities) {
        let title = l
            .def
            .step(&r.step)
            .map_or(r.step.as_str(), |s| s.title.as_str());
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    if titles.is_empty() {
        "本环节已办".to_owned()
    } else {
        titles.join("、")
    }
}
