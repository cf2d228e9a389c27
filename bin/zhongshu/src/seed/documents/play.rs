//! Plays scripts through the services, act by act, in the order of time: what a year of an office looks like.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use zs_base::time::{DAY_MS, Date};
use zs_base::{Id, Result};
use zs_incoming::service as act;
use zs_incoming::service::sign_in::SignIn;

use super::acts::{class, handle, rank, source};
use super::desk::{Desk, later};
use super::script::Script;
use super::{files, words};
use crate::seed::rng::Rng;

/// A document on its way.
pub struct Case {
    /// Its story.
    pub script: Script,
    /// Decides words and pauses.
    pub r: Rng,
    /// Document once signed in.
    pub doc: Option<Id>,
    /// Its instance.
    pub instance: Option<Id>,
    /// A task was returned already.
    pub returned: bool,
}

impl Case {
    /// A story not yet begun.
    pub fn new(script: Script) -> Self {
        let r = Rng::new(script.seed);
        Self {
            script,
            r,
            doc: None,
            instance: None,
            returned: false,
        }
    }
}

/// What the clock stops at.
const TIMERS: usize = usize::MAX;

/// Plays every case until `end` and leaves the clock there. `tick` hears of every finished or resting document.
pub async fn play(desk: &mut Desk, cases: &mut [Case], end: i64, tick: impl Fn(u64)) -> Result<()> {
    let mut queue: BinaryHeap<Reverse<(i64, usize)>> = cases
        .iter()
        .enumerate()
        .map(|(i, c)| Reverse((c.script.arrive, i)))
        .collect();
    let first = queue.peek().map_or(end, |Reverse((at, _))| *at);
    // Reminders go out at nine and at the close of the day.
    let mut day = Date::at(first).start_ms();
    while day < end {
        queue.extend([9, 18].map(|h| Reverse((day + h * 3_600_000 + 1, TIMERS))));
        day += DAY_MS;
    }
    while let Some(Reverse((at, i))) = queue.pop() {
        if at > end {
            continue;
        }
        desk.clock.set(at);
        let Some(case) = cases.get_mut(i) else {
            desk.timers().await?;
            continue;
        };
        match step(desk, case, at).await? {
            Some(next) => queue.push(Reverse((next, i))),
            None => tick(1),
        }
    }
    desk.clock.set(end);
    desk.timers().await
}

/// One act; when the next one is due, or none if the document rests or is filed.
async fn step(desk: &mut Desk, case: &mut Case, at: i64) -> Result<Option<i64>> {
    let (lo, hi) = case.script.pace;
    let Some((doc, instance)) = case.doc.zip(case.instance) else {
        sign_in(desk, case, at).await?;
        return Ok(Some(later(at, case.r.between(lo.min(10), lo.max(40)))));
    };
    let open = desk.open(instance).await?;
    let todo = open
        .into_iter()
        .find(|o| !case.script.rests(&o.stage, o.who));
    let Some(todo) = todo else { return Ok(None) };
    handle(desk, case, doc, &todo, at).await?;
    Ok(Some(later(at, case.r.between(lo, hi))))
}

async fn sign_in(desk: &mut Desk, case: &mut Case, at: i64) -> Result<()> {
    let s = &case.script;
    let ctx = desk.ctx(&s.cast, s.cast.registry).await?;
    let file_ids = if s.files {
        files::make(&ctx, &s.paper, &mut case.r).await?
    } else {
        Vec::new()
    };
    let made = act::sign_in::sign_in(
        ctx,
        SignIn {
            doc_class: class(s).into(),
            source: source(s).into(),
            sender: s.paper.sender.into(),
            sender_rank: Some(rank(s).into()),
            title: Some(s.paper.title.clone()),
            doc_number: s.paper.number.clone(),
            copies: 1,
            received_date: Date::at(at).to_string(),
            urgency: s.urgency.into(),
            remark: None,
            file_ids,
        },
    )
    .await?;
    case.doc = Some(made.id);
    case.instance = Some(desk.instance(made.id).await?);
    Ok(())
}

/// The secretary urges the lead undertaker of a document that rests, if he has not done his part.
pub async fn urge(desk: &mut Desk, case: &mut Case) -> Result<()> {
    let Some(doc) = case.doc else { return Ok(()) };
    let ctx = desk
        .ctx(&case.script.cast, case.script.cast.secretary)
        .await?;
    let message = Some(words::urge(&mut case.r, case.script.paper.matter));
    match act::urge::urge(
        ctx,
        act::urge::Urge {
            id: doc,
            rev: None,
            message,
        },
    )
    .await
    {
        // The lead has done his part and only others are left.
        Err(e) if e.kind == zs_base::Kind::Rule => Ok(()),
        other => other.map(drop),
    }
}
