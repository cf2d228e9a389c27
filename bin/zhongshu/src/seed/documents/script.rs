//! What is to happen to one document, decided before it is played. Pure.
use std::sync::Arc;

use zs_base::Id;
use zs_incoming::definition::stage;

use super::cast::{Cast, Division};
use crate::seed::rng::Rng;
use crate::seed::text::Paper;

/// Where a document rests: tasks of this stage are not done (those of `who` only, if named).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// Stage; `sign_in` has no task and is never one.
    pub stage: &'static str,
    /// Whose task stays.
    pub who: Option<Id>,
}

/// What makes a story special.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The first undertaker returns the task once.
    Returned,
    /// The secretary finds it not to be ours.
    Rejected,
    /// A head handles it himself.
    HandleSelf,
    /// A reading head passes it on to his people.
    PassOn,
    /// The sender awaits a reply.
    Reply,
    /// The secretary urges at the end.
    Urged,
}

/// The story of one document.
#[derive(Clone, Debug)]
pub struct Script {
    /// Who plays.
    pub cast: Arc<Cast>,
    /// The document.
    pub paper: Paper,
    /// Signed in, ms.
    pub arrive: i64,
    /// Office minutes between two acts.
    pub pace: (i64, i64),
    /// Where it rests; none = until it is filed.
    pub rest: Option<Rest>,
    /// To the office head.
    pub review: bool,
    /// Who instructs, and in order or all at once.
    pub instruct: (Vec<Id>, bool),
    /// Who reads, and in order or all at once.
    pub readers: (Vec<Id>, bool),
    /// Undertaking divisions, the first one leads.
    pub undertake: Vec<usize>,
    /// The undertaker of each of them.
    pub undertakers: Vec<Id>,
    /// Deadline of the plan, ms; none = the unit's default.
    pub deadline: Option<i64>,
    /// Working days of the pre-reminder.
    pub pre_days: Option<i64>,
    /// `normal`, `urgent`, `extra_urgent`.
    pub urgency: &'static str,
    /// Turns.
    pub turns: Vec<Turn>,
    /// It carries files.
    pub files: bool,
    /// Decides the words.
    pub seed: u64,
}

impl Script {
    /// Has this turn?
    pub fn turns(&self, t: Turn) -> bool {
        self.turns.contains(&t)
    }
    /// The division that a branch belongs to.
    pub fn division(&self, node: Option<Id>) -> Option<&Division> {
        self.cast.divisions.iter().find(|d| Some(d.node) == node)
    }
    /// Who undertakes in a division.
    pub fn undertaker(&self, node: Option<Id>) -> Option<Id> {
        let at = self
            .undertake
            .iter()
            .position(|i| self.cast.divisions.get(*i).map(|d| d.node) == node)?;
        self.undertakers.get(at).copied()
    }
    /// Shall nobody touch this task?
    pub fn rests(&self, stage: &str, who: Id) -> bool {
        self.rest
            .as_ref()
            .is_some_and(|r| r.stage == stage && r.who.is_none_or(|w| w == who))
    }
}

fn some(r: &mut Rng, from: &[Id], n: usize) -> Vec<Id> {
    let mut pool = from.to_vec();
    let mut out = Vec::new();
    while out.len() < n && !pool.is_empty() {
        out.push(pool.swap_remove(r.below(pool.len())));
    }
    out
}

/// An ordinary story of this unit; `handled` makes sure that a division undertakes it.
pub fn ordinary(r: &mut Rng, cast: &Arc<Cast>, paper: Paper, arrive: i64, handled: bool) -> Script {
    let handle = handled || matches!(paper.genre, "请示" | "函" | "意见") || r.chance(45);
    let divisions = cast.divisions.len();
    let n = if !handle {
        0
    } else {
        1 + usize::from(r.chance(45)) + usize::from(r.chance(12))
    };
    let from = r.below(divisions);
    let undertake: Vec<usize> = (0..n.min(divisions))
        .map(|i| (from + i) % divisions.max(1))
        .collect();
    let undertakers = undertake
        .iter()
        .filter_map(|i| cast.divisions.get(*i))
        .filter_map(|d| d.staff.get(r.below(d.staff.len())).copied())
        .collect();
    let leads = if handle {
        1 + usize::from(r.chance(25))
    } else {
        usize::from(r.chance(40))
    };
    let heads: Vec<Id> = cast.divisions.iter().map(|d| d.head).collect();
    let reading = 1 + r.below(3);
    let mut readers = if handle && r.chance(55) {
        Vec::new()
    } else {
        some(r, &heads, reading)
    };
    if readers.is_empty() && !handle {
        readers = heads.iter().copied().take(1).collect();
    }
    if r.chance(30) && cast.leaders.len() > 2 {
        readers.extend(cast.leaders.last());
    }
    let mut turns = Vec::new();
    for (t, percent) in [
        (Turn::Returned, 8),
        (Turn::HandleSelf, 15),
        (Turn::PassOn, 20),
        (Turn::Urged, 6),
    ] {
        if r.chance(percent) {
            turns.push(t);
        }
    }
    if handle && matches!(paper.genre, "请示" | "函") && r.chance(70) {
        turns.push(Turn::Reply);
    }
    let instructors: Vec<Id> = cast
        .leaders
        .iter()
        .copied()
        .filter(|l| !readers.contains(l))
        .collect();
    Script {
        cast: Arc::clone(cast),
        paper,
        arrive,
        pace: (12, 300),
        rest: None,
        review: r.chance(70),
        instruct: (some(r, &instructors, leads), r.chance(60)),
        readers: (readers, r.chance(35)),
        undertake,
        undertakers,
        deadline: None,
        pre_days: r.chance(60).then_some(2),
        urgency: if r.chance(12) {
            "extra_urgent"
        } else if r.chance(22) {
            "urgent"
        } else {
            "normal"
        },
        turns,
        files: false,
        seed: r.roll(),
    }
}

/// Stages at which documents of a running office lie, with how often.
pub const RESTS: &[(&str, usize)] = &[
    (stage::REGISTER, 2),
    (stage::PRELIMINARY_REVIEW, 2),
    (stage::PROPOSE, 2),
    (stage::REVIEW, 2),
    (stage::INSTRUCT, 4),
    (stage::DISPATCH, 2),
    (stage::LIAISON_FORWARD, 2),
    (stage::ASSIGN, 3),
    (stage::UNDERTAKE, 6),
    (stage::CIRCULATION_READ, 4),
    (stage::REPLY, 1),
    (stage::COMPLETE, 2),
    (stage::ARCHIVE, 3),
];

/// Makes a story rest at a stage: what the stage needs is put into the story.
pub fn rest_at(r: &mut Rng, s: &mut Script, at: &'static str, who: Option<Id>) {
    s.rest = Some(Rest { stage: at, who });
    s.turns.retain(|t| *t != Turn::Rejected);
    match at {
        stage::REVIEW => s.review = true,
        stage::INSTRUCT => {
            let first = who.or_else(|| s.cast.leaders.first().copied());
            s.instruct.0.retain(|i| Some(*i) != first);
            s.instruct.0.splice(0..0, first);
            s.instruct.0.truncate(2);
            s.readers.0.retain(|i| Some(*i) != first);
        }
        stage::DISPATCH if s.instruct.0.is_empty() && !s.review => s.review = true,
        stage::CIRCULATION_READ => {
            let above = who.and_then(|w| {
                s.cast
                    .divisions
                    .iter()
                    .find(|d| d.staff.contains(&w))
                    .map(|d| d.head)
            });
            if above.is_some() {
                s.turns.push(Turn::PassOn);
            }
            // Staff read what their head passes on (分级传阅).
            if let Some(w) = above.or(who).filter(|w| !s.readers.0.contains(w)) {
                s.readers.0.push(w);
                s.instruct.0.retain(|i| *i != w);
            }
            if s.readers.0.is_empty() {
                s.readers.0.extend(s.cast.divisions.first().map(|d| d.head));
            }
        }
        stage::LIAISON_FORWARD | stage::ASSIGN | stage::UNDERTAKE => {
            let own = |d: &Division| {
                who.is_some_and(|w| d.head == w || d.liaison == w || d.staff.contains(&w))
            };
            let mine = s
                .cast
                .divisions
                .iter()
                .position(own)
                .unwrap_or_else(|| r.below(s.cast.divisions.len()));
            if !s.undertake.contains(&mine) {
                s.undertake = vec![mine];
                s.undertakers = s
                    .cast
                    .divisions
                    .get(mine)
                    .and_then(|d| d.staff.first().copied())
                    .into_iter()
                    .collect();
            }
            let at_mine = s.undertake.iter().position(|i| *i == mine).unwrap_or(0);
            if let (stage::UNDERTAKE, Some(w), Some(u)) = (at, who, s.undertakers.get_mut(at_mine))
            {
                *u = w;
            }
            s.turns
                .retain(|t| !matches!(t, Turn::HandleSelf | Turn::Returned));
        }
        stage::REPLY => {
            if s.undertake.is_empty() {
                s.undertake = vec![0];
                s.undertakers = s
                    .cast
                    .divisions
                    .first()
                    .and_then(|d| d.staff.first().copied())
                    .into_iter()
                    .collect();
            }
            s.turns.push(Turn::Reply);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::text;

    fn cast() -> Arc<Cast> {
        let division = |n: i64| Division {
            node: Id(n),
            head: Id(n + 1),
            liaison: Id(n + 2),
            staff: vec![Id(n + 3), Id(n + 4)],
        };
        Arc::new(Cast {
            unit: Id(1),
            office: Id(2),
            leaders: vec![Id(10), Id(11), Id(12)],
            office_head: Id(20),
            secretary: Id(21),
            registry: Id(22),
            divisions: vec![division(100), division(200), division(300)],
            ..Cast::default()
        })
    }

    #[test]
    fn a_story_names_people_once_and_always_somebody() {
        let (mut r, cast) = (Rng::new(5), cast());
        for _ in 0..2000 {
            let paper = text::paper(&mut r, 2026);
            let s = ordinary(&mut r, &cast, paper, 0, false);
            let mut all: Vec<Id> = s.readers.0.iter().chain(&s.instruct.0).copied().collect();
            let n = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), n, "{s:?}");
            assert!(n + s.undertake.len() > 0, "{s:?}");
            assert_eq!(s.undertake.len(), s.undertakers.len(), "{s:?}");
        }
    }

    #[test]
    fn a_story_that_rests_has_the_stage_in_it() {
        let (mut r, cast) = (Rng::new(6), cast());
        for _ in 0..200 {
            for (at, who) in [
                (stage::INSTRUCT, Id(11)),
                (stage::UNDERTAKE, Id(204)),
                (stage::CIRCULATION_READ, Id(301)),
            ] {
                let paper = text::paper(&mut r, 2026);
                let mut s = ordinary(&mut r, &cast, paper, 0, false);
                rest_at(&mut r, &mut s, at, Some(who));
                assert!(s.rests(at, who) && !s.rests(at, Id(9)));
                let named = s.instruct.0.contains(&who)
                    || s.undertakers.contains(&who)
                    || s.readers.0.contains(&who);
                assert!(named, "{s:?}");
            }
        }
    }
}
