//! Ballots: when a round is decided, and how. The outcome depends on the ballots only, not on their order (或签 excepted: the first decides).

use crate::open::ballot;
use crate::{Ballot, HowMany, Queued, Round, Seat, SeatOrigin, SeatOutcome, Step};

/// Does the seat vote? Helpers and signers added before do not; nor do handed-over, taken-back or cancelled seats.
pub(crate) fn votes(s: &Seat) -> bool {
    s.owner().is_none()
        && (s.is_live()
            || matches!(
                s.outcome,
                Some(SeatOutcome::Completed | SeatOutcome::AutoPassed)
            ))
}

struct Tally<'r> {
    agree: u64,
    disagree: u64,
    abstain: u64,
    pending: u64,
    cast: Vec<&'r str>,
}

/// The decision that carries the round, or `None` while it is open.
pub(crate) fn outcome(step: &Step, round: &Round) -> Option<String> {
    let mut t = Tally {
        agree: 0,
        disagree: 0,
        abstain: 0,
        pending: 0,
        cast: Vec::new(),
    };
    let weight = |s: &Seat| u64::from(s.holder.as_ref().map_or(1, |h| h.weight.max(1)));
    let mut main = None;
    for s in round.seats.iter().filter(|s| votes(s)) {
        if s.is_live() {
            t.pending += weight(s);
            continue;
        }
        let name = s.decision.as_deref().unwrap_or("agree");
        t.cast.push(name);
        if !matches!(
            s.origin,
            SeatOrigin::SignAfter(_) | SeatOrigin::SignParallel(_)
        ) {
            main = Some(name);
        }
        match ballot(step, Some(name)) {
            Ballot::Agree => t.agree += weight(s),
            Ballot::Disagree => t.disagree += weight(s),
            Ballot::Abstain => t.abstain += weight(s),
        }
    }
    t.pending += round
        .queue
        .iter()
        .map(|q: &Queued| u64::from(q.spec.weight.max(1)))
        .sum::<u64>();
    if t.cast.is_empty() {
        return None;
    }
    match step.how_many {
        HowMany::Single => single(step, &t, main),
        HowMany::AnySign => any_sign(step, &t),
        HowMany::AllSign | HowMany::Sequential => all_sign(step, &t),
        HowMany::Quorum => quorum(step, &t),
    }
}

/// First declared decision of that ballot that was cast, so that order of voting does not matter.
fn named(step: &Step, t: &Tally<'_>, want: Ballot) -> Option<String> {
    let declared = step
        .decisions
        .iter()
        .find(|d| d.ballot == want && t.cast.contains(&d.name.as_str()));
    declared.map(|d| d.name.clone()).or_else(|| {
        t.cast
            .iter()
            .find(|c| ballot(step, Some(c)) == want)
            .map(|c| (*c).to_owned())
    })
}

/// The named decision of a result, also when nobody cast one of that kind.
fn result(step: &Step, t: &Tally<'_>, want: Ballot) -> Option<String> {
    named(step, t, want)
        .or_else(|| {
            step.decisions
                .iter()
                .find(|d| d.ballot == want)
                .map(|d| d.name.clone())
        })
        .or_else(|| named(step, t, Ballot::Abstain))
        .or_else(|| t.cast.first().map(|c| (*c).to_owned()))
}

fn single(step: &Step, t: &Tally<'_>, main: Option<&str>) -> Option<String> {
    if t.disagree > 0 {
        return result(step, t, Ballot::Disagree);
    }
    if t.pending > 0 {
        return None;
    }
    main.map(str::to_owned)
        .or_else(|| result(step, t, Ballot::Agree))
}

fn any_sign(step: &Step, t: &Tally<'_>) -> Option<String> {
    if t.agree > 0 {
        return result(step, t, Ballot::Agree);
    }
    if (t.disagree > 0 && step.votes.any_disagree_decides) || t.pending == 0 {
        return result(
            step,
            t,
            if t.disagree > 0 {
                Ballot::Disagree
            } else {
                Ballot::Abstain
            },
        );
    }
    None
}

fn all_sign(step: &Step, t: &Tally<'_>) -> Option<String> {
    if t.disagree > 0 && (step.votes.early || t.pending == 0) {
        return result(step, t, Ballot::Disagree);
    }
    if t.pending > 0 {
        return None;
    }
    result(
        step,
        t,
        if t.agree > 0 {
            Ballot::Agree
        } else {
            Ballot::Abstain
        },
    )
}

fn quorum(step: &Step, t: &Tally<'_>) -> Option<String> {
    let v = &step.votes;
    if v.veto && t.disagree > 0 {
        return result(step, t, Ballot::Disagree);
    }
    let reached = |agree: u64, total: u64| {
        let (have, need) = (
            u128::from(agree) * u128::from(v.den),
            u128::from(total) * u128::from(v.num),
        );
        total > 0 && agree > 0 && if v.strict { have > need } else { have >= need }
    };
    let total = |abstain: u64| {
        t.agree + t.disagree + t.pending + if v.abstain_counts { abstain } else { 0 }
    };
    if t.pending == 0 {
        let passed = reached(t.agree, total(t.abstain));
        return result(
            step,
            t,
            if passed {
                Ballot::Agree
            } else {
                Ballot::Disagree
            },
        );
    }
    if !v.early {
        return None;
    }
    // Worst case for passing: all pending disagree. Best case: all pending agree, or abstain out of the denominator.
    if reached(t.agree, total(t.abstain)) && !v.veto {
        return result(step, t, Ballot::Agree);
    }
    let best = reached(t.agree + t.pending, total(t.abstain));
    if !best {
        return result(step, t, Ballot::Disagree);
    }
    None
}
