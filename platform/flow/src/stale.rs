//! Somebody was faster: says who did what meanwhile.
use zs_base::{Error, Id, Kind, Result};
use zs_db::{Tx, vals};
use zs_flowcore::{ActKind, Command, Event, EventKind, Seat, SeatOutcome, SeatStatus, Target};

use crate::model::Loaded;

zs_db::statements! {
    SINCE = "select data from flow_event where instance_id = $1 and rev > $2 order by seq desc limit 50";
}

fn stale(detail: String) -> Error {
    let mut e = zs_base::STALE.err();
    e.kind = Kind::Stale;
    e.detail = detail;
    e
}

fn name(tx: &mut Tx<'_>, id: Option<i64>) -> Result<String> {
    match id {
        None => Ok("系统".into()),
        Some(id) => {
            Ok(zs_org::api::identity_opt(tx, Id(id))?.map_or_else(|| "他人".into(), |i| i.name))
        }
    }
}

/// Acts that need the seat as it was.
fn needs_open(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::Claim
            | ActKind::Unclaim
            | ActKind::Complete
            | ActKind::Return
            | ActKind::Transfer
            | ActKind::AssignHelp
            | ActKind::RecallHelp
            | ActKind::AddSigner
            | ActKind::RemoveSigner
            | ActKind::SaveDraft
            | ActKind::Seen
    )
}

/// What became of a seat.
fn fate(x: &Seat) -> &'static str {
    match x.outcome {
        Some(SeatOutcome::Completed | SeatOutcome::AutoPassed | SeatOutcome::Helped) => "办理完毕",
        Some(SeatOutcome::Returned) => "退回",
        Some(SeatOutcome::Transferred) => "转办",
        Some(SeatOutcome::Withdrawn) => "取回",
        Some(SeatOutcome::Removed) => "减签",
        Some(SeatOutcome::Cancelled) | None => "收回",
    }
}

/// Is there still what the command is about? Only people who had a part in it are told what happened.
pub(crate) fn check(
    tx: &mut Tx<'_>,
    l: &Loaded,
    expected: Option<i64>,
    command: &Command,
) -> Result<()> {
    let (kind, target) = command.act.subject();
    let me = command.actor.identity;
    if let Target::Seat(id) = target
        && needs_open(kind)
        && let Some((round, x)) = l.state.seat(id)
    {
        let mine = x.admits(me) || x.candidates.iter().any(|c| c.admits(me));
        let title = l
            .def
            .step(&round.step)
            .map_or("本环节", |s| s.title.as_str());
        if x.status == SeatStatus::Closed && mine {
            let who = name(tx, x.by)?;
            return Err(stale(format!(
                "“{title}”已由 {who} {}，请刷新后查看最新情况",
                fate(x)
            )));
        }
        if let Some(h) = &x.holder
            && mine
            && !x.admits(me)
        {
            let who = name(tx, Some(h.identity))?;
            return Err(stale(format!("“{title}”已由 {who} 认领，请刷新待办列表")));
        }
        return Ok(());
    }
    match expected {
        Some(seen) if seen != l.row.rev && target == Target::Instance && !command.actor.system => {
            Err(explain_text(tx, l.row.id, seen, None)?)
        }
        _ => Ok(()),
    }
}

/// A refusal of an act that was based on an old page, with what happened meanwhile.
pub(crate) fn explain(tx: &mut Tx<'_>, instance: Id, seen: i64, refusal: &Error) -> Result<Error> {
    explain_text(tx, instance, seen, Some(&refusal.detail))
}

fn explain_text(tx: &mut Tx<'_>, instance: Id, seen: i64, why: Option<&str>) -> Result<Error> {
    let why = why.unwrap_or("请刷新后再办理");
    for row in tx.query(SINCE, vals![instance, seen])? {
        let e: Event = row.json(0)?;
        if let Some(act) = deed(&e.kind) {
            let who = name(tx, e.actor)?;
            return Ok(stale(format!("{who} 刚刚{act}，{why}")));
        }
    }
    Ok(stale(format!("这件公文的办理情况已有变化，{why}")))
}

/// What an event means to a reader; none for bookkeeping.
fn deed(k: &EventKind) -> Option<&'static str> {
    Some(match k {
        EventKind::SeatClosed {
            outcome: SeatOutcome::Completed,
            ..
        } => "办理了上一环节",
        EventKind::SeatClosed {
            outcome: SeatOutcome::Returned,
            ..
        }
        | EventKind::Returned { .. } => "退回了公文",
        EventKind::SeatClosed {
            outcome: SeatOutcome::Transferred,
            ..
        }
        | EventKind::Transferred { .. } => "转办了公文",
        EventKind::Withdrawn { .. } => "取回了公文",
        EventKind::Claimed { .. } => "认领了公文",
        EventKind::Unclaimed { .. } => "退还了认领",
        EventKind::ReadDone { .. } => "阅了公文",
        EventKind::ReadOpened { .. } => "传阅了公文",
        EventKind::Suspended { .. } => "挂起了流程",
        EventKind::Resumed { .. } => "恢复了流程",
        EventKind::Jumped { .. } => "调整了环节",
        EventKind::Ended { .. } => "办结了公文",
        EventKind::Voided { .. } => "作废了公文",
        EventKind::Terminated { .. } => "终止了流程",
        EventKind::DueChanged { .. } => "调整了期限",
        EventKind::DataSet { .. } => "修改了办理内容",
        EventKind::Urged { .. } => "催办了公文",
        EventKind::PersonLeft { .. } => "移交了工作",
        _ => return None,
    })
}
