//! May this actor do this act on this target now? Shared by `decide` and `allowed`, so that they never disagree.

use crate::acts::urgeable;
use crate::signers::removable;
use crate::work::Res;
use crate::{
    ActKind, Actor, Compiled, Instance, Refusal, Round, Seat, SeatOrigin, SeatOutcome, SeatStatus,
    Status, StepKind, Target,
};

pub(crate) fn no_such_seat() -> Refusal {
    Refusal::new("no_such_task", "没有这个事项,请刷新后重试。")
}

pub(crate) fn not_yours() -> Refusal {
    Refusal::new("not_your_task", "该事项不由您办理,请刷新待办列表。")
}

fn refuse<T>(code: &'static str, message: impl Into<String>) -> Res<T> {
    Err(Refusal::new(code, message))
}

/// The verdict before parameters are looked at.
pub(crate) fn guard(
    c: &Compiled,
    s: &Instance,
    actor: &Actor,
    kind: ActKind,
    target: Target,
) -> Res<()> {
    status(s, kind)?;
    match target {
        Target::Seat(seat) => seat_act(c, s, actor, kind, seat),
        Target::Item(item) => item_act(s, actor, kind, item),
        Target::Round(round) => {
            let Some(r) = s.round(round) else {
                return Err(no_such_seat());
            };
            admin_only(
                actor,
                kind == ActKind::ChangeDue && actor.identity == s.starter,
            )?;
            if r.status.is_open() {
                Ok(())
            } else {
                refuse("already_handled", "该环节已经结束,请刷新后查看最新情况。")
            }
        }
        Target::Timer(timer) => {
            admin_only(actor, false)?;
            if s.timers.iter().any(|t| t.id == timer) {
                Ok(())
            } else {
                refuse("timer_gone", "该定时已取消或已触发。")
            }
        }
        Target::Instance => instance_act(c, s, actor, kind),
    }
}

fn status(s: &Instance, kind: ActKind) -> Res<()> {
    match s.status {
        Status::New if kind == ActKind::Start => Ok(()),
        Status::New => refuse("not_started", "流程尚未发起。"),
        _ if kind == ActKind::Start => refuse("already_started", "流程已经发起,不能重复发起。"),
        Status::Running if kind == ActKind::Resume => {
            refuse("not_suspended", "流程没有挂起,无需恢复。")
        }
        Status::Running => Ok(()),
        Status::Suspended => match kind {
            ActKind::Resume
            | ActKind::Terminate
            | ActKind::Void
            | ActKind::Read
            | ActKind::PersonLeft
            | ActKind::DelegateStarted
            | ActKind::DelegateEnded => Ok(()),
            _ => refuse(
                "suspended",
                "流程已挂起,暂不能办理;请等待恢复或联系流程管理员。",
            ),
        },
        Status::Ended if kind == ActKind::Read => Ok(()),
        Status::Ended => refuse("ended", "流程已结束,不能再办理。"),
        Status::Voided => refuse("ended", "事项已作废,不能再办理。"),
        Status::Terminated if kind == ActKind::Read => Ok(()),
        Status::Terminated => refuse("ended", "流程已终止,不能再办理。"),
    }
}

fn admin_only(actor: &Actor, or: bool) -> Res<()> {
    if actor.admin || actor.system || or {
        Ok(())
    } else {
        refuse("admin_only", "只有流程管理员可以这样做,请联系流程管理员。")
    }
}

fn instance_act(c: &Compiled, s: &Instance, actor: &Actor, kind: ActKind) -> Res<()> {
    match kind {
        ActKind::Start => Ok(()),
        ActKind::Recall => crate::recall::recall(c, s, actor),
        ActKind::Urge => {
            let related = actor.admin
                || actor.identity == s.starter
                || !crate::visible::visible(s, &[actor.identity])
                    .rounds
                    .is_empty();
            if !related {
                return refuse("not_downstream", "您没有经办过本事项,不能催办。");
            }
            if urgeable(c, s, actor).is_empty() {
                return refuse("nothing_to_urge", "目前没有您可以催办的办理人。");
            }
            Ok(())
        }
        ActKind::SetData => {
            if actor.system || actor.admin || s.open_seats().any(|(_, x)| x.admits(actor.identity))
            {
                Ok(())
            } else {
                Err(not_yours())
            }
        }
        ActKind::Terminate => {
            let own = c.definition().settings.starter_may_terminate && actor.identity == s.starter;
            admin_only(actor, own)
        }
        _ => admin_only(actor, false),
    }
}

fn item_act(s: &Instance, actor: &Actor, kind: ActKind, item: i64) -> Res<()> {
    let Some(r) = s.read_item(item) else {
        return Err(no_such_seat());
    };
    if !r.holder.admits(actor.identity) {
        return Err(not_yours());
    }
    if kind == ActKind::Read && r.read_at.is_some() {
        return refuse("already_read", "该传阅件已阅。");
    }
    Ok(())
}

fn live(x: &Seat, actor: &Actor) -> Res<()> {
    let related = x.admits(actor.identity)
        || x.by == Some(actor.identity)
        || x.candidates.iter().any(|p| p.admits(actor.identity));
    if !related {
        return Err(not_yours());
    }
    match x.status {
        SeatStatus::Closed => refuse(
            "already_handled",
            "该事项已经办理或已撤销,请刷新后查看最新情况。",
        ),
        _ if !x.admits(actor.identity) => {
            refuse("claimed_by_other", "该事项已被他人认领;如需办理请其退还。")
        }
        _ => Ok(()),
    }
}

fn open(x: &Seat, actor: &Actor) -> Res<()> {
    live(x, actor)?;
    if x.status == SeatStatus::Parked {
        return refuse(
            "waiting_for_others",
            "该事项正在等待他人的意见,意见返回或收回后才能办理。",
        );
    }
    Ok(())
}

fn not_helper(x: &Seat) -> Res<()> {
    match x.origin {
        SeatOrigin::Help(_) | SeatOrigin::SignBefore(_) => refuse(
            "helper_cannot",
            "您是受派或加签人,只能填写意见,其他操作由委派人办理。",
        ),
        _ => Ok(()),
    }
}

fn seat_act(c: &Compiled, s: &Instance, actor: &Actor, kind: ActKind, seat: i64) -> Res<()> {
    let (r, x) = s.seat(seat).ok_or_else(no_such_seat)?;
    let step = c.step(&r.step).ok_or_else(no_such_seat)?;
    let acts = &step.acts;
    match kind {
        ActKind::Withdraw => crate::withdraw::plan(c, s, actor, seat).map(|_| ()),
        ActKind::Claim => {
            live(x, actor)?;
            if x.holder.is_some() {
                return refuse("already_claimed", "该事项已由您办理,无需认领。");
            }
            Ok(())
        }
        ActKind::Unclaim => {
            open(x, actor)?;
            if x.holder.is_none() || x.candidates.is_empty() {
                return refuse("not_claimed", "该事项不是认领来的,不能退还。");
            }
            Ok(())
        }
        ActKind::Complete | ActKind::SaveDraft => open(x, actor),
        ActKind::Seen => {
            live(x, actor)?;
            if x.seen_at.is_some() {
                refuse("already_seen", "该事项已打开过。")
            } else {
                Ok(())
            }
        }
        ActKind::Return => {
            open(x, actor)?;
            not_helper(x)?;
            allowed_by(
                acts.may_return && step.kind == StepKind::Task,
                "return_off",
                "本环节按设置不能退回。",
            )?;
            allowed_by(
                !crate::ret::targets(c, s, r).is_empty(),
                "nothing_before",
                "前面没有可以退回的环节。",
            )
        }
        ActKind::Transfer => {
            open(x, actor)?;
            not_helper(x)?;
            allowed_by(
                acts.may_transfer && step.kind == StepKind::Task,
                "transfer_off",
                "本环节按设置不能转办。",
            )
        }
        ActKind::AssignHelp => {
            open(x, actor)?;
            allowed_by(
                acts.may_help && step.kind == StepKind::Task,
                "help_off",
                "本环节按设置不能委派。",
            )
        }
        ActKind::RecallHelp => {
            live(x, actor)?;
            let waits = r
                .seats
                .iter()
                .any(|k| k.is_live() && k.origin == SeatOrigin::Help(seat));
            allowed_by(waits, "nothing_to_recall", "没有可收回的委派。")
        }
        ActKind::AddSigner => {
            open(x, actor)?;
            allowed_by(
                acts.may_add_signer
                    && step.kind == StepKind::Task
                    && !matches!(x.origin, SeatOrigin::Help(_)),
                "add_signer_off",
                "本环节按设置不能加签。",
            )
        }
        ActKind::RemoveSigner => remove_signer(r, x, actor),
        ActKind::Circulate => {
            let done = x.outcome == Some(SeatOutcome::Completed)
                && (x.by == Some(actor.identity) || x.on_behalf_of == Some(actor.identity));
            if !(done || x.is_live() && x.admits(actor.identity)) {
                return Err(not_yours());
            }
            allowed_by(
                acts.may_circulate,
                "circulate_off",
                "本环节按设置不能传阅。",
            )
        }
        _ => refuse("bad_target", "该操作不针对单个事项。"),
    }
}

fn remove_signer(r: &Round, x: &Seat, actor: &Actor) -> Res<()> {
    let mine = (x.is_live() && x.admits(actor.identity)) || x.by == Some(actor.identity);
    if !mine {
        return Err(not_yours());
    }
    if !r.status.is_open() {
        return refuse("already_handled", "该环节已经结束,请刷新后查看最新情况。");
    }
    allowed_by(
        !removable(r).is_empty(),
        "nobody_to_remove",
        "没有可减去的加签人。",
    )
}

fn allowed_by(yes: bool, code: &'static str, message: &str) -> Res<()> {
    if yes { Ok(()) } else { refuse(code, message) }
}
