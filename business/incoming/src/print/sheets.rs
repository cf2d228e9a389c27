//! Handling sheet 公文处理单 and circulation sheet 公文传阅单, made of what the reader's page shows and nothing else.

use std::collections::BTreeSet;

use zs_base::time::{Date, minute};
use zs_base::{Id, Result};
use zs_ctx::{Actor, Ctx};
use zs_db::Tx;
use zs_flowcore::SeatOutcome;
use zs_typeset::{
    CirculationSheet, HandlingSheet, Opinion, PrintDoc, ReadMark, Reader, Undertaking,
};
use zs_web::Download;

use super::convert::{day, small, some, strokes};
use super::pdf;
use crate::definition::stage;
use crate::detail::{OfDoc, build};
use crate::dto::{self, Detail};
use crate::model::{SECRECIES, URGENCIES, title_of};
use crate::query::unit_name;
use crate::{flow, store};

/// What stands for the words where only the pen wrote; the paper has the handwriting itself.
const HANDWRITTEN: &str = "（手写批示）";

/// What a sheet is made of.
pub(super) struct Seen {
    pub detail: Detail,
    unit: String,
    /// Seats whose opinion was a finished act of handling, not a return or a transfer.
    finished: BTreeSet<Id>,
    today: String,
}

/// The page of a document as this reader sees it.
pub(super) fn seen(ctx: &Ctx, tx: &mut Tx<'_>, actor: &Actor, id: Id) -> Result<Seen> {
    let detail = build(ctx, tx, actor, id)?;
    let doc = store::doc(tx, id)?;
    let state = flow::load(ctx, tx, doc.instance_id)?.state;
    let finished = state
        .rounds
        .iter()
        .flat_map(|r| &r.seats)
        .filter(|x| x.outcome == Some(SeatOutcome::Completed))
        .map(|x| Id(x.id))
        .collect();
    Ok(Seen {
        unit: unit_name(tx, doc.unit_id)?,
        detail,
        finished,
        today: Date::at(tx.now()).to_string(),
    })
}

async fn read(ctx: &Ctx, id: Id) -> Result<Seen> {
    let (c, actor) = (ctx.clone(), ctx.actor()?.clone());
    ctx.read(move |tx| seen(&c, tx, &actor, id)).await
}

/// Prints the handling sheet.
pub async fn handling_sheet(ctx: Ctx, a: OfDoc) -> Result<Download> {
    let s = read(&ctx, a.id).await?;
    let name = file_name(&s.detail, "公文处理单");
    let bytes = pdf(&ctx, handling(&s)).await?;
    Ok(Download::pdf(name, bytes))
}

/// Prints the circulation sheet.
pub async fn circulation_sheet(ctx: Ctx, a: OfDoc) -> Result<Download> {
    let s = read(&ctx, a.id).await?;
    let name = file_name(&s.detail, "公文传阅单");
    let bytes = pdf(&ctx, circulation(&s)).await?;
    Ok(Download::pdf(name, bytes))
}

fn file_name(d: &Detail, what: &str) -> String {
    match &d.serial_no {
        Some(n) => format!("{what}-{n}.pdf"),
        None => format!("{what}-{}.pdf", d.id),
    }
}

fn opinion(o: &dto::Opinion) -> Opinion {
    let for_whom = o
        .on_behalf_of
        .as_ref()
        .map(|p| format!("{}（代{p}）", o.name));
    Opinion {
        text: if o.ink.is_some() && o.text == HANDWRITTEN {
            String::new()
        } else {
            o.text.clone()
        },
        name: Some(for_whom.unwrap_or_else(|| o.name.clone())),
        title: some(&o.post),
        date: Some(day(o.at)),
        ink: strokes(o.ink.as_ref()),
    }
}

impl Seen {
    fn opinions<'a>(&'a self, stages: &'a [&str]) -> impl Iterator<Item = &'a dto::Opinion> {
        let fits =
            |o: &&dto::Opinion| stages.contains(&o.step.as_str()) && self.finished.contains(&o.id);
        self.detail.opinions.iter().filter(fits)
    }
}

/// The handling sheet of what was seen.
pub(super) fn handling(s: &Seen) -> PrintDoc {
    let (d, a) = (&s.detail, &s.detail.attributes);
    let mut proposed: Vec<&dto::Opinion> = s.opinions(&[stage::PROPOSE, stage::REVIEW]).collect();
    proposed.sort_by_key(|o| (o.at, o.id));
    let units = |role: &str| {
        d.handling
            .iter()
            .filter(|h| h.role == role)
            .map(|h| h.unit_name.clone())
            .collect()
    };
    PrintDoc::HandlingSheet(Box::new(HandlingSheet {
        unit: s.unit.clone(),
        sender: some(&a.sender),
        doc_number: a.doc_number.clone(),
        received_on: some(&a.received_date),
        serial_number: d.serial_no.clone(),
        urgency: some(title_of(URGENCIES, &a.urgency)),
        secrecy: some(title_of(SECRECIES, &a.secrecy)),
        secrecy_term: None,
        copies: small(a.copies),
        pages: a.pages.and_then(small),
        title: a.title.clone(),
        proposed_handling: proposed
            .into_iter()
            .map(opinion)
            .chain(changed(d))
            .collect(),
        instructions: s.opinions(&[stage::INSTRUCT]).map(opinion).collect(),
        lead_units: units("lead"),
        assist_units: units("assist"),
        deadline: d.deadline.clone(),
        undertakings: d.handling.iter().map(undertaking).collect(),
        circulation: d
            .circulation
            .iter()
            .map(|r| ReadMark {
                name: r.name.clone(),
                date: r.read_at.map(day),
            })
            .collect(),
        handling_result: d.handling_result.clone(),
        remark: a.remark.clone(),
        printed_on: Some(s.today.clone()),
    }))
}

/// The proposed handling in force, if it was changed after the proposal: who changed it, when.
fn changed(d: &Detail) -> Option<Opinion> {
    let now = d.plan.as_ref()?;
    let differs = |c: &&dto::PlanChange| c.before.proposed_handling != now.proposed_handling;
    let change = d.plan_revisions.iter().rev().find(differs)?;
    let said = |o: &dto::Opinion| o.step == stage::PROPOSE && o.text == now.proposed_handling;
    if now.proposed_handling.is_empty() || d.opinions.iter().any(said) {
        return None;
    }
    Some(Opinion {
        text: format!("拟办意见改为：{}", now.proposed_handling),
        name: Some(change.by.clone()),
        title: None,
        date: Some(day(change.at)),
        ink: Vec::new(),
    })
}

fn undertaking(h: &dto::Handling) -> Undertaking {
    let mut text: Vec<String> = Vec::new();
    if let (Some(head), Some(said)) = (&h.head, h.head_opinion.as_ref().filter(|o| !o.is_empty())) {
        text.push(format!("{head}：{said}"));
    }
    match h.result.as_ref().filter(|r| !r.is_empty()) {
        Some(r) => text.push(r.clone()),
        None => text.push(format!("（{}）", h.state)),
    }
    Undertaking {
        role: Some(if h.role == "lead" {
            "主办".into()
        } else {
            "协办".into()
        }),
        unit: Some(h.unit_name.clone()),
        name: h
            .undertaker
            .clone()
            .or_else(|| h.head.clone())
            .or_else(|| h.liaison.clone()),
        text: text.join("\n"),
        date: h.done_at.map(day),
    }
}

/// The circulation sheet of what was seen.
pub(super) fn circulation(s: &Seen) -> PrintDoc {
    let (d, a) = (&s.detail, &s.detail.attributes);
    let ink = |r: &dto::ReadMark| {
        let same = |o: &&dto::Opinion| {
            o.step == stage::CIRCULATION_READ
                && r.read_at == Some(o.at)
                && (o.name == r.name || o.on_behalf_of.as_deref() == Some(&r.name))
        };
        strokes(d.opinions.iter().find(same).and_then(|o| o.ink.as_ref()))
    };
    PrintDoc::CirculationSheet(Box::new(CirculationSheet {
        unit: s.unit.clone(),
        sender: some(&a.sender),
        doc_number: a.doc_number.clone(),
        received_on: some(&a.received_date),
        serial_number: d.serial_no.clone(),
        urgency: some(title_of(URGENCIES, &a.urgency)),
        secrecy: some(title_of(SECRECIES, &a.secrecy)),
        secrecy_term: None,
        deadline: d.deadline.clone(),
        title: a.title.clone(),
        proposed_handling: d.plan.as_ref().and_then(|p| some(&p.proposed_handling)),
        readers: d
            .circulation
            .iter()
            .map(|r| Reader {
                name: r.name.clone(),
                title: some(&r.post),
                sent_at: Some(minute(r.sent_at)),
                read_at: r.read_at.map(minute),
                opinion: r.opinion.clone(),
                ink: ink(r),
            })
            .collect(),
        printed_on: Some(s.today.clone()),
    }))
}
