//! Acts on one's own item: claim, hand over, ask, add signers, circulate, read, urge.

use crate::complete::unavailable;
use crate::visible::visible;
use crate::work::{Res, ScopeEnv, Work};
use crate::{
    Actor, CirculateFrom, Compiled, EventKind, Instance, Refusal, Round, SeatOrigin, SeatOutcome,
    SeatSpec, SeatStatus,
};

/// Seats an actor may urge: open ones downstream of him, not his own (X01).
pub(crate) fn urgeable(c: &Compiled, s: &Instance, actor: &Actor) -> Vec<i64> {
    let all = actor.admin || actor.identity == s.starter;
    let seen = visible(s, &[actor.identity]);
    let own = |r: &Round| {
        r.seats
            .iter()
            .any(|x| x.is_live() && x.admits(actor.identity))
    };
    let target = |r: &Round| {
        let env = ScopeEnv {
            instance: s,
            scope: r.scope,
            decision: None,
            chosen: None,
        };
        c.step(&r.step)
            .and_then(|st| st.urge_when.as_ref())
            .is_none_or(|when| when.holds(&env))
    };
    s.open_seats()
        .filter(|(r, x)| {
            !x.admits(actor.identity) && (all || (seen.rounds.contains(&r.id) && !own(r)))
        })
        .filter(|(r, _)| target(r))
        .map(|(_, x)| x.id)
        .collect()
}

impl Work<'_> {
    /// Admits a person for an item of a round; refused when he is a member already (A07).
    pub fn newcomer(&self, round: i64, person: i64, label: &str) -> Res<SeatSpec> {
        let Some(r) = self.s.round(round) else {
            return Err(crate::guard::no_such_seat());
        };
        let step = self.step(&r.step)?;
        let spec = self
            .admit(&[person], &r.step, r.scope)
            .into_iter()
            .next()
            .ok_or_else(|| unavailable(label))?;
        let who = spec.responsible();
        let member = r.seats.iter().any(|s| {
            let current = s.is_live()
                || matches!(
                    s.outcome,
                    Some(SeatOutcome::Completed | SeatOutcome::AutoPassed)
                );
            current && s.holder.as_ref().is_some_and(|h| h.responsible() == who)
        }) || r.queue.iter().any(|q| q.spec.responsible() == who);
        if member {
            return Err(Refusal::new(
                "already_member",
                format!("人员({who})已在本环节办理人中,请另选他人。"),
            ));
        }
        let barred = self.barred(step);
        if barred.contains(&who) || barred.contains(&spec.identity) {
            return Err(Refusal::new(
                "separation_of_duty",
                format!("人员({who})已经办理过前面环节,按规定须由他人办理。"),
            ));
        }
        Ok(spec)
    }

    pub fn claim(&mut self, seat: i64, identity: i64) -> Res<()> {
        self.act_on(seat, identity);
        Ok(())
    }

    pub fn unclaim(&mut self, seat: i64) -> Res<()> {
        let (round, _, step) = self.seat_step(seat)?;
        let (scope, prev) = self
            .s
            .round(round)
            .map(|r| (r.scope, r.prev.clone()))
            .unwrap_or((1, Vec::new()));
        let mut candidates = self
            .s
            .seat(seat)
            .map(|(_, s)| s.candidates.clone())
            .unwrap_or_default();
        if step.acts.refresh_candidates {
            let fresh = self.find(step, scope, &prev)?.specs;
            if !fresh.is_empty() {
                candidates = fresh;
            }
        }
        self.emit(EventKind::Unclaimed { seat, candidates });
        Ok(())
    }

    pub fn transfer(
        &mut self,
        actor: &Actor,
        seat: i64,
        to: i64,
        opinion: Option<&str>,
    ) -> Res<()> {
        let (round, _, step) = self.seat_step(seat)?;
        let Some((r, old)) = self.s.seat(seat) else {
            return Err(crate::guard::no_such_seat());
        };
        let mine = old
            .holder
            .as_ref()
            .map_or(actor.identity, SeatSpec::responsible);
        if to == actor.identity || (to == mine && mine == actor.identity) {
            return Err(Refusal::new("to_self", "不能转办给自己,请选择其他人员。"));
        }
        let back = r.seats.iter().any(|s| {
            s.outcome == Some(SeatOutcome::Transferred)
                && s.holder.as_ref().is_some_and(|h| h.responsible() == to)
        });
        if back && !self.c.definition().settings.transfer_back {
            return Err(Refusal::new(
                "transfer_cycle",
                "该人员已转出过本事项,按设置不能转回,请另选他人。",
            ));
        }
        let draft = old.draft.clone();
        let spec = if to == mine {
            SeatSpec::own(to)
        } else {
            self.newcomer(round, to, &step.title)?
        };
        let from = self.actor;
        self.close_by_actor(seat, round, step, SeatOutcome::Transferred, None, opinion);
        let person = spec.responsible();
        let to_seat = self.open_seat(
            step,
            round,
            Some(spec),
            Vec::new(),
            SeatOrigin::Transfer(seat),
            draft,
        );
        self.emit(EventKind::Transferred {
            from_seat: seat,
            to_seat,
            from,
            to: person,
            opinion: opinion.map(str::to_owned),
        });
        Ok(())
    }

    pub fn circulate(
        &mut self,
        from: CirculateFrom,
        to: &[i64],
        note: Option<&str>,
        again: bool,
    ) -> Res<()> {
        let (round, parent) = match from {
            CirculateFrom::Seat(seat) => (self.s.seat(seat).map(|(r, _)| r.id), None),
            CirculateFrom::Item(item) => (self.s.read_item(item).map(|i| i.round), Some(item)),
        };
        let Some(r) = round.and_then(|r| self.s.round(r)) else {
            return Err(crate::guard::no_such_seat());
        };
        let (round, step, scope) = (r.id, r.step.clone(), r.scope);
        if to.is_empty() {
            return Err(Refusal::new("choose_person", "请选择传阅对象。"));
        }
        let specs = self.admit(to, &step, scope);
        if specs.is_empty() {
            return Err(unavailable("传阅"));
        }
        let mut told = false;
        for holder in specs {
            let own = Some(holder.identity) == self.actor;
            let open = self
                .s
                .reads
                .iter()
                .any(|x| x.read_at.is_none() && x.holder.responsible() == holder.responsible());
            if own || open || (self.was_told(holder.responsible()) && !again) {
                continue;
            }
            told = true;
            self.open_read(round, holder, self.actor, parent, note.map(str::to_owned));
        }
        if told {
            Ok(())
        } else {
            Err(Refusal::new(
                "already_circulated",
                "所选人员都已收到本事项的传阅,无需重复发送;确需再送请勾选“再次送阅”。",
            ))
        }
    }

    pub fn read(&mut self, actor: &Actor, item: i64, opinion: Option<&str>) -> Res<()> {
        self.behalf = self
            .s
            .read_item(item)
            .and_then(|r| r.holder.principal)
            .filter(|&p| p != actor.identity);
        self.emit(EventKind::ReadDone {
            item,
            opinion: opinion.map(str::to_owned),
        });
        Ok(())
    }

    /// 催办: always recorded; the notice is rate-limited per person; agent and principal, helper and owner are told together (X02).
    pub fn urge(&mut self, actor: &Actor, note: Option<&str>) -> Res<()> {
        let seats = urgeable(self.c, &self.s, actor);
        let mut persons = Vec::new();
        for &seat in &seats {
            let Some((r, x)) = self.s.seat(seat) else {
                continue;
            };
            add_persons(r, x.id, &mut persons);
        }
        let wait = self.c.definition().settings.urge_interval_ms;
        let notify = self
            .s
            .urged
            .get(&actor.identity)
            .is_none_or(|&last| self.f.now - last >= wait);
        self.emit(EventKind::Urged {
            seats,
            persons,
            notify,
            note: note.map(str::to_owned),
        });
        Ok(())
    }
}

/// Persons to tell about a seat: holder or candidates, principal, and the owner who waits for a helper.
pub(crate) fn add_persons(round: &Round, seat: i64, out: &mut Vec<i64>) {
    let Some(x) = round.seats.iter().find(|s| s.id == seat) else {
        return;
    };
    let people = match &x.holder {
        Some(h) => std::slice::from_ref(h),
        None => x.candidates.as_slice(),
    };
    for p in people {
        for id in [Some(p.identity), p.principal].into_iter().flatten() {
            if !out.contains(&id) {
                out.push(id);
            }
        }
    }
    if let Some(owner) = x.owner() {
        add_persons(round, owner, out);
    }
}

/// Handlers of a round to be reminded.
pub(crate) fn to_remind(round: &Round) -> Vec<i64> {
    let mut out = Vec::new();
    for s in round.seats.iter().filter(|s| s.status == SeatStatus::Open) {
        add_persons(round, s.id, &mut out);
    }
    out
}
