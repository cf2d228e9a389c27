//! The documents of a running office: most are filed, the others lie where somebody should do something today.
use std::sync::Arc;

use zs_access::api::NewDelegation;
use zs_base::time::DAY_MS;
use zs_base::{FakeClock, Id, Result};
use zs_ctx::{App, Ctx, Granted, Op};
use zs_incoming::definition::stage;

use super::cast::Cast;
use super::desk::{Desk, later};
use super::play::{self, Case};
use super::script::{RESTS, Script, Turn, ordinary, rest_at};
use crate::seed::rng::Rng;
use crate::seed::text;

const AWAY: Op = Op {
    key: "seed.delegation",
    title: "写入演示委托",
};
/// Of a hundred documents so many belong to the home unit.
const HOME: u64 = 70;
/// Of a hundred documents so many are still open.
const OPEN: u64 = 40;

/// A document that lies on somebody's desk at the end.
#[derive(Clone, Copy, Debug)]
struct Want {
    stage: &'static str,
    who: Option<Id>,
    /// Days before the end at which it came.
    days: i64,
    /// Days from the end to its deadline, if the plan names one.
    due: Option<i64>,
    turn: Option<Turn>,
}

impl Want {
    fn at(stage: &'static str, who: Option<Id>, days: i64) -> Self {
        Self {
            stage,
            who,
            days,
            due: None,
            turn: None,
        }
    }
}

/// What the demonstration accounts find on their desks: one of each kind first, then the second of each kind, and so on.
fn wants(c: &Cast) -> Vec<Want> {
    let leader = |n: usize| c.leaders.get(n).or(c.leaders.last()).copied();
    let division = |n: usize| c.divisions.get(n).or(c.divisions.last());
    let head = |n| division(n).map(|d| d.head);
    let staff = |n| division(n).and_then(|d| d.staff.first().copied());
    let liaison = division(0).map(|d| d.liaison);
    let due = |w: Want, d: i64| Want { due: Some(d), ..w };
    let turn = |w: Want, t: Turn| Want { turn: Some(t), ..w };
    let kinds: Vec<Vec<Want>> = vec![
        vec![
            Want::at(stage::UNDERTAKE, staff(0), 30),
            turn(due(Want::at(stage::UNDERTAKE, staff(0), 9), 1), Turn::Urged),
            due(Want::at(stage::UNDERTAKE, staff(0), 6), 2),
            due(Want::at(stage::UNDERTAKE, staff(0), 5), 9),
            Want::at(stage::UNDERTAKE, staff(0), 22),
        ],
        [6, 4, 3, 5]
            .map(|d| Want::at(stage::INSTRUCT, leader(0), d))
            .to_vec(),
        [5, 4, 6]
            .map(|d| Want::at(stage::INSTRUCT, leader(1), d))
            .to_vec(),
        [4, 3, 5]
            .map(|d| due(Want::at(stage::ASSIGN, head(0), d), d - 2))
            .to_vec(),
        [3, 3, 4].map(|d| Want::at(stage::REVIEW, None, d)).to_vec(),
        [3, 2, 3]
            .map(|d| Want::at(stage::PROPOSE, None, d))
            .to_vec(),
        [1, 1, 2]
            .map(|d| Want::at(stage::REGISTER, None, d))
            .to_vec(),
        [6, 5]
            .map(|d| Want::at(stage::LIAISON_FORWARD, liaison, d))
            .to_vec(),
        [7, 5, 6]
            .map(|d| Want::at(stage::CIRCULATION_READ, head(1), d))
            .to_vec(),
        vec![
            due(Want::at(stage::UNDERTAKE, staff(1), 6), 1),
            Want::at(stage::UNDERTAKE, staff(1), 24),
        ],
        [6, 8]
            .map(|d| due(Want::at(stage::ASSIGN, head(1), d), 3))
            .to_vec(),
        [7, 5]
            .map(|d| Want::at(stage::CIRCULATION_READ, staff(1), d))
            .to_vec(),
        [6, 5]
            .map(|d| Want::at(stage::CIRCULATION_READ, leader(1), d))
            .to_vec(),
        [14, 12, 9]
            .map(|d| Want::at(stage::ARCHIVE, None, d))
            .to_vec(),
        [13, 11]
            .map(|d| Want::at(stage::COMPLETE, None, d))
            .to_vec(),
        [5, 4].map(|d| Want::at(stage::DISPATCH, None, d)).to_vec(),
        [2, 1]
            .map(|d| Want::at(stage::PRELIMINARY_REVIEW, None, d))
            .to_vec(),
        // The third leader is away: the second one acts for him.
        [3, 2]
            .map(|d| Want::at(stage::INSTRUCT, leader(2), d))
            .to_vec(),
        vec![Want::at(stage::REPLY, None, 12)],
        vec![turn(
            Want::at(stage::PRELIMINARY_REVIEW, None, 8),
            Turn::Rejected,
        )],
    ];
    let deepest = kinds.iter().map(Vec::len).max().unwrap_or(0);
    (0..deepest)
        .flat_map(|n| kinds.iter().filter_map(move |k| k.get(n).copied()))
        .collect()
}

fn filed(r: &mut Rng, cast: &Arc<Cast>, start: i64, end: i64) -> Script {
    let last = (end - 16 * DAY_MS).max(start + DAY_MS);
    let arrive = later(r.between(start, last), r.between(1, 200));
    let paper = text::paper(r, zs_base::time::Date::at(arrive).year);
    ordinary(r, cast, paper, arrive, false)
}

fn resting(r: &mut Rng, cast: &Arc<Cast>, w: Want, start: i64, end: i64) -> Script {
    let arrive = later(
        (end - w.days * DAY_MS - DAY_MS / 2).max(start),
        r.between(1, 90),
    );
    let mut paper = text::paper(r, zs_base::time::Date::at(arrive).year);
    if w.stage == stage::REPLY {
        paper = text::paper_like(
            r,
            2026,
            text::Shape {
                genre: "请示",
                superior: false,
                numbered: true,
            },
        );
    }
    let mut s = ordinary(r, cast, paper, arrive, false);
    s.pace = (4, 45);
    s.turns.retain(|t| *t != Turn::Returned);
    if w.turn == Some(Turn::Rejected) {
        s.turns.push(Turn::Rejected);
        return s;
    }
    rest_at(r, &mut s, w.stage, w.who);
    s.turns.extend(w.turn);
    s.deadline = w.due.map(|d| end + d * DAY_MS);
    s
}

/// The scripts of `documents` documents that end at `end`.
pub fn scripts(
    r: &mut Rng,
    casts: &[Arc<Cast>],
    documents: u64,
    start: i64,
    end: i64,
) -> Vec<Script> {
    let Some((home, others)) = casts.split_first() else {
        return Vec::new();
    };
    let here = if others.is_empty() {
        documents
    } else {
        documents * HOME / 100
    };
    let mut out = Vec::new();
    let mut wanted = wants(home).into_iter();
    let total: usize = RESTS.iter().map(|(_, n)| n).sum();
    for n in 0..documents {
        let at_home = n < here;
        let cast = if at_home {
            home
        } else {
            others.get(r.below(others.len())).unwrap_or(home)
        };
        // Whatever share is open, it lies evenly among the others.
        let open = (n + 1) * OPEN / 100 > n * OPEN / 100;
        if !open {
            let mut s = filed(r, cast, start, end);
            s.files = at_home && n % 9 == 0;
            out.push(s);
            continue;
        }
        let mut draw = || {
            let mut k = r.below(total);
            let found = RESTS
                .iter()
                .find(|(_, n)| k.checked_sub(*n).map(|left| k = left).is_none());
            Want::at(
                found.map_or(stage::PROPOSE, |(s, _)| *s),
                None,
                r.between(4, 13),
            )
        };
        let want = if at_home { wanted.next() } else { None }.unwrap_or_else(&mut draw);
        let mut s = resting(r, cast, want, start, end);
        let away = home.leaders.get(2);
        if at_home && want.stage == stage::INSTRUCT && want.who.as_ref() == away && s.rest.is_some()
        {
            // The task stands with whoever acts for the one who is away.
            if let Some(rest) = &mut s.rest {
                rest.who = None;
            }
        }
        s.files = at_home && n % 4 == 0;
        out.push(s);
    }
    out
}

/// The third leader of the home unit is away for two weeks; the second one acts for him.
async fn away(app: &App, home: &Cast, end: i64) -> Result<()> {
    let [_, agent, principal, ..] = *home.leaders.as_slice() else {
        return Ok(());
    };
    let d = NewDelegation {
        principal,
        agent,
        from_at: later(end - 5 * DAY_MS, 1),
        until_at: end + 9 * DAY_MS,
        scope: "all".into(),
        include_open: true,
        reason: "外出学习".into(),
    };
    Ctx::system(app.clone(), "seed")
        .write(AWAY, move |tx| {
            let proof = Granted::system(zs_access::api::SECURITY_MANAGE, "the demonstration city");
            zs_access::api::create_delegation(tx, &d, &proof).map(drop)
        })
        .await
}

/// Writes `documents` documents through the services between the clock's time and `end`.
pub async fn write(
    app: &App,
    casts: &[Arc<Cast>],
    documents: u64,
    seed: u64,
    clock: &FakeClock,
    end: i64,
    tick: impl Fn(u64),
) -> Result<()> {
    let Some(home) = casts.first() else {
        return Ok(());
    };
    let start = clock.now();
    away(app, home, end).await?;
    let mut desk = Desk::new(app, clock)?;
    let mut r = Rng::new(seed);
    let mut cases: Vec<Case> = scripts(&mut r, casts, documents, start, end)
        .into_iter()
        .map(Case::new)
        .collect();
    play::play(&mut desk, &mut cases, end, tick).await?;
    for case in &mut cases {
        let handled = case
            .script
            .rest
            .as_ref()
            .is_some_and(|x| matches!(x.stage, stage::UNDERTAKE | stage::ASSIGN));
        if handled && case.script.turns(Turn::Urged) {
            play::urge(&mut desk, case).await?;
        }
    }
    Ok(())
}
