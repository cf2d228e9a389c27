//! The acts of the page: the engine's verdicts and this module's rules, refused ones with their reason.

use zs_base::Id;
use zs_flowcore::{ActKind, Actor, Refusal, SeatKind, Target, verdict};

use super::Page;
use crate::access;
use crate::definition::{stage, stage_title};
use crate::dto::Act;
use crate::perm;
use crate::service::edit::editable;

type Verdict = Result<(), Refusal>;

/// Every act the viewer could think of, the main ones first.
pub(super) fn acts(p: &Page<'_>) -> Vec<Act> {
    let mut out = Vec::new();
    seat_acts(p, &mut out);
    read_acts(p, &mut out);
    withdraw(p, &mut out);
    out.push(circulate(p));
    out.push(urge(p));
    out.push(by_permission(p, "edit", "修改登记", perm::REGISTER));
    out.push(by_permission(p, "void", "作废", perm::VOID));
    out
}

fn act(name: &str, title: &str, task: Option<i64>, v: Verdict) -> Act {
    Act {
        act: name.into(),
        title: title.into(),
        task_id: task.map(Id),
        allowed: v.is_ok(),
        reason: v.err().map(|r| r.message),
        primary: false,
        needs_opinion: false,
        round: None,
    }
}

fn check(p: &Page<'_>, me: i64, kind: ActKind, target: Target) -> Verdict {
    verdict(&p.loaded.def, p.state(), &Actor::person(me), kind, target)
}

/// Acts on the viewer's own open seats.
fn seat_acts(p: &Page<'_>, out: &mut Vec<Act>) {
    for (r, x) in p.state().open_seats() {
        let Some(me) = p
            .actor
            .identities
            .iter()
            .map(|i| i.0)
            .find(|m| x.admits(*m))
        else {
            continue;
        };
        let (stage, target) = (p.stage(&r.step), Target::Seat(x.id));
        let needs = matches!(
            stage.as_str(),
            stage::INSTRUCT
                | stage::PROPOSE
                | stage::DISPATCH
                | stage::ASSIGN
                | stage::UNDERTAKE
                | stage::REPLY
                | stage::COMPLETE
        );
        let main = Act {
            primary: true,
            needs_opinion: needs,
            ..act(
                &stage,
                stage_title(&stage),
                Some(x.id),
                check(p, me, ActKind::Complete, target),
            )
        };
        out.push(main);
        if x.kind == SeatKind::Read {
            continue;
        }
        out.push(Act {
            needs_opinion: true,
            ..act("return", "退回", Some(x.id), returnable(p, me, x.id))
        });
        out.push(Act {
            needs_opinion: true,
            ..act(
                "transfer",
                "转办",
                Some(x.id),
                check(p, me, ActKind::Transfer, target),
            )
        });
        match (x.holder.is_none(), x.candidates.is_empty()) {
            (true, _) => out.push(act(
                "claim",
                "认领",
                Some(x.id),
                check(p, me, ActKind::Claim, target),
            )),
            (false, false) => out.push(act(
                "unclaim",
                "退还",
                Some(x.id),
                check(p, me, ActKind::Unclaim, target),
            )),
            (false, true) => {}
        }
    }
}

fn returnable(p: &Page<'_>, me: i64, seat: i64) -> Verdict {
    check(p, me, ActKind::Return, Target::Seat(seat))?;
    if zs_flowcore::return_targets(&p.loaded.def, p.state(), seat).is_empty() {
        return Err(Refusal::new("no_return_target", "没有可以退回的环节"));
    }
    Ok(())
}

/// Read items not yet read.
fn read_acts(p: &Page<'_>, out: &mut Vec<Act>) {
    for i in p.state().open_reads() {
        let Some(me) = p
            .actor
            .identities
            .iter()
            .map(|m| m.0)
            .find(|m| i.holder.admits(*m))
        else {
            continue;
        };
        let v = check(p, me, ActKind::Read, Target::Item(i.id));
        out.push(Act {
            primary: true,
            ..act(stage::CIRCULATION_READ, "传阅", Some(i.id), v.clone())
        });
        out.push(act("read", "已阅", Some(i.id), v));
    }
}

/// The last own step that may be taken back, or why none.
fn withdraw(p: &Page<'_>, out: &mut Vec<Act>) {
    let mut refused: Option<Act> = None;
    for r in p.state().rounds.iter().rev() {
        for x in r.seats.iter().rev().filter(|x| !x.is_live()) {
            let mine = |m: &i64| x.by == Some(*m) || x.on_behalf_of == Some(*m);
            let Some(me) = p.actor.identities.iter().map(|i| i.0).find(mine) else {
                continue;
            };
            let v = check(p, me, ActKind::Withdraw, Target::Seat(x.id));
            let ok = v.is_ok();
            let a = Act {
                round: Some(r.id),
                ..act("withdraw", "取回", Some(x.id), v)
            };
            if ok {
                out.push(a);
                return;
            }
            refused = refused.or(Some(a));
        }
    }
    out.extend(refused);
}

fn circulate(p: &Page<'_>) -> Act {
    let s = p.state();
    let mut last = Err(Refusal::new(
        "not_yours",
        "您没有经办过这份文件，不能知会他人",
    ));
    for me in p.actor.identities.iter().map(|i| i.0) {
        let seats = s
            .rounds
            .iter()
            .flat_map(|r| &r.seats)
            .map(|x| Target::Seat(x.id));
        let items = s
            .reads
            .iter()
            .filter(|i| i.holder.admits(me))
            .map(|i| Target::Item(i.id));
        for target in seats.chain(items) {
            let v = check(p, me, ActKind::Circulate, target);
            if v.is_ok() {
                return act("circulate", "知会", None, Ok(()));
            }
            let own = match target {
                Target::Seat(x) => s
                    .seat(x)
                    .is_some_and(|(_, x)| x.by == Some(me) || x.admits(me)),
                _ => true,
            };
            if own {
                last = v;
            }
        }
    }
    act("circulate", "知会", None, last)
}

fn urge(p: &Page<'_>) -> Act {
    let mut last = Err(Refusal::new("nothing_to_urge", "目前没有可催办的承办人"));
    for me in p.actor.identities.iter().map(|i| i.0) {
        last = check(p, me, ActKind::Urge, Target::Instance);
        if last.is_ok() {
            break;
        }
    }
    act("urge", "催办", None, last)
}

fn by_permission(p: &Page<'_>, name: &str, title: &str, perm: zs_ctx::Perm) -> Act {
    let v = if !access::holds(p.actor, perm, &p.doc) {
        Err(Refusal::new(
            "forbidden",
            format!("您没有“{}”权限", perm.title),
        ))
    } else {
        editable(&p.doc).map_err(|e| Refusal::new("frozen", e.detail))
    };
    act(name, title, None, v)
}
