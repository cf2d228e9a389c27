//! The page of one document: everything filtered to what the viewer may see, every act with its verdict.

mod acts;
mod options;
mod parts;
mod timeline;

pub use options::{DuplicatesArgs, duplicates, options};

use schemars::JsonSchema;
use serde::Deserialize;
use zs_base::time::Date;
use zs_base::{Id, Result};
use zs_ctx::{Actor, Ctx};
use zs_db::Tx;
use zs_flow::Loaded;
use zs_flowcore::{Event, Instance};

use crate::access::View;
use crate::dto::{Attachment, Detail, PlanChange};
use crate::ink::Ink;
use crate::model::{Doc, status};
use crate::names::Names;
use crate::plan::Plan;
use crate::store::PlanRevision;
use crate::{access, derived, flow, project, store};

/// Which document.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct OfDoc {
    /// Document.
    pub id: Id,
}

/// The page of a document.
pub async fn detail(ctx: Ctx, a: OfDoc) -> Result<Detail> {
    let c = ctx.clone();
    let actor = ctx.actor()?.clone();
    ctx.read(move |tx| build(&c, tx, &actor, a.id)).await
}

/// Everything read for a page.
pub(crate) struct Page<'a> {
    pub actor: &'a Actor,
    pub doc: Doc,
    pub loaded: Loaded,
    pub view: View,
    pub names: Names,
    pub events: Vec<Event>,
    pub inks: Vec<(i64, Ink)>,
}

impl Page<'_> {
    pub fn state(&self) -> &Instance {
        &self.loaded.state
    }
    pub fn stage(&self, step: &str) -> String {
        project::stage_of(&self.loaded.def, step)
    }
    pub fn title(&self, step: &str) -> String {
        self.loaded
            .def
            .step(step)
            .map_or_else(|| step.to_owned(), |s| s.title.clone())
    }
}

/// Builds the page for an actor.
pub(crate) fn build(ctx: &Ctx, tx: &mut Tx<'_>, actor: &Actor, id: Id) -> Result<Detail> {
    let doc = store::doc(tx, id)?;
    let loaded = flow::load(ctx, tx, doc.instance_id)?;
    let now = tx.now();
    let view = access::view(actor, &doc, &loaded, now)?;
    let revisions = store::plan_revisions(tx, id)?;
    let names = names(tx, &doc, &loaded, &revisions)?;
    let unit_name = zs_org::api::node(tx, doc.unit_id)?.name;
    let events = flow::events(tx, doc.instance_id)?;
    let inks = store::inks(tx, id)?;
    let files = zs_file::api::list(tx, flow::SUBJECT, id)?;
    let watched = is_watched(tx, actor, doc.instance_id)?;
    let page = Page {
        actor,
        doc,
        loaded,
        view,
        names,
        events,
        inks,
    };
    let s = page.state();
    let (viewer, end) = match page.view.seen.all {
        true => (None, true),
        false => (
            Some(page.view.identities.as_slice()),
            derived::sees_end(&page.loaded.def, s, &page.view.identities),
        ),
    };
    let lines = project::status_lines(&page.loaded.def, s, viewer, &page.names);
    let d = &page.doc;
    let status = if d.status == status::COMPLETED && !end {
        status::ACTIVE.to_owned()
    } else {
        d.status.clone()
    };
    let sees_plan = plan_visible(&page);
    let plan = d
        .plan
        .as_ref()
        .filter(|_| sees_plan)
        .map(|p| shown(p, &page));
    let days_left = days_left(&status, d.deadline.as_deref(), now).filter(|_| sees_plan);
    Ok(Detail {
        id: d.id,
        version: d.version,
        rev: page.loaded.row.rev,
        instance_id: d.instance_id,
        serial_no: d.serial_no.clone(),
        year: d.year,
        unit_id: d.unit_id,
        unit_name,
        attributes: d.attrs.clone(),
        kind: plan.as_ref().map(|p| p.kind.clone()),
        status,
        visible_status: project::status_text(s, &lines),
        signed_in_by: d.signed_in_name.clone(),
        signed_in_at: d.signed_in_at,
        registered_by: d.registered_name.clone(),
        registered_at: d.registered_at,
        completed_at: d.completed_at.filter(|_| end),
        archived_at: d.archived_at,
        deadline: d.deadline.clone().filter(|_| sees_plan),
        days_left,
        urge_count: page.view.sees_urging.then_some(d.urge_count),
        reply_text: d.reply_text.clone().filter(|_| end),
        replied_date: d.replied_date.clone().filter(|_| end),
        handling_result: d.handling_result.clone().filter(|_| end),
        retention: d.retention.clone(),
        fonds_note: d.fonds_note.clone(),
        digest: d.digest.clone(),
        reject_reason: d.reject_reason.clone(),
        void_reason: d.void_reason.clone(),
        attachments: files.into_iter().map(|file| Attachment { file }).collect(),
        plan_revisions: if sees_plan {
            plan_changes(&revisions, &page)
        } else {
            Vec::new()
        },
        plan,
        opinions: parts::opinions(&page),
        handling: parts::handling(&page),
        circulation: parts::circulation(&page),
        tasks: parts::tasks(&page),
        acts: acts::acts(&page),
        timeline: timeline::timeline(&page),
        flow: timeline::flow(&page),
        watched,
    })
}

/// The plan is what the proposer handed downstream: whoever stands at or after it sees it.
fn plan_visible(p: &Page<'_>) -> bool {
    derived::sees_plan(&p.view.seen)
}

fn names(tx: &mut Tx<'_>, doc: &Doc, loaded: &Loaded, revisions: &[PlanRevision]) -> Result<Names> {
    let mut people = project::people(&loaded.state);
    people.push(doc.signed_in_by.0);
    people.extend(doc.registered_by.map(|i| i.0));
    let mut nodes = project::nodes(&loaded.state);
    nodes.push(doc.unit_id.0);
    for p in doc.plan.iter().chain(revisions.iter().map(|r| &r.plan)) {
        people.extend(p.identities().iter().map(|i| i.0));
        nodes.extend(p.undertakings.iter().map(|u| u.node_id.0));
    }
    Names::load(tx, &people, &nodes)
}

fn is_watched(tx: &mut Tx<'_>, actor: &Actor, instance: Id) -> Result<bool> {
    let mut q = zs_db::Query::new(
        "select 1 from flow_watch where instance_id = ?",
        zs_db::vals![instance],
    );
    q.and_in("identity_id", actor.identities.iter().copied())
        .push(" limit 1", &[]);
    Ok(!tx.rows(&q)?.is_empty())
}

/// A plan as the viewer may see it, with the names it needs.
fn shown(plan: &Plan, p: &Page<'_>) -> Plan {
    let mut plan = plan.masked(p.view.sees_urging);
    plan.people = plan
        .identities()
        .iter()
        .map(|i| (i.to_string(), p.names.name(i.0)))
        .collect();
    plan.nodes = plan
        .undertakings
        .iter()
        .map(|u| (u.node_id.to_string(), p.names.node(u.node_id.0)))
        .collect();
    plan
}

/// Each change with what was there before.
fn plan_changes(revisions: &[PlanRevision], p: &Page<'_>) -> Vec<PlanChange> {
    let pairs = revisions.iter().zip(revisions.iter().skip(1));
    pairs
        .map(|(before, after)| PlanChange {
            by: after.name.clone(),
            at: after.at,
            step_title: after.step_title.clone(),
            before: shown(&before.plan, p),
        })
        .collect()
}

/// Calendar days to the deadline of a document still under way, as far as the viewer knows: `shown` is the status he sees.
pub(crate) fn days_left(shown: &str, deadline: Option<&str>, now: i64) -> Option<i64> {
    if shown != status::ACTIVE {
        return None;
    }
    let due = deadline.and_then(Date::parse)?;
    Some(due.days() - Date::at(now).days())
}
