//! One act of a story: what the person whose task it is does with it.
use zs_base::time::Date;
use zs_base::{Error, Id, Result};
use zs_incoming::definition::stage;
use zs_incoming::model::Attributes;
use zs_incoming::plan::{CirculationPlan, InstructPlan, Plan, UndertakingPlan};
use zs_incoming::service as act;
use zs_incoming::service::register::Register;

use super::desk::{Desk, Open};
use super::play::Case;
use super::script::{Script, Turn};
use super::{marks, words};
use crate::seed::rng::Rng;

pub(super) fn class(s: &Script) -> &'static str {
    if s.paper.number.is_some() {
        "red_head"
    } else {
        "plain"
    }
}
pub(super) fn rank(s: &Script) -> &'static str {
    if s.paper.superior {
        "superior"
    } else {
        "subordinate"
    }
}
pub(super) fn source(s: &Script) -> &'static str {
    match s.seed % 10 {
        0..=5 => "exchange",
        6 | 7 => "remote",
        8 => "mail",
        _ => "fax",
    }
}

/// The class (分类代码) of a matter.
pub fn class_code(matter: &str) -> &'static str {
    if matter == marks::MATTER {
        return marks::CLASS_CODE;
    }
    let of = |words: &[&str]| words.iter().any(|w| matter.contains(w));
    if of(&["农", "粮", "林", "水", "河", "耕"]) {
        "农业"
    } else if of(&["安全", "消防", "执法"]) {
        "政法"
    } else if of(&["教育", "校园", "文物", "健身"]) {
        "科教"
    } else if of(&["医疗", "救助", "养老", "优抚", "残疾", "就业"]) {
        "民生"
    } else if of(&["改造", "公路", "燃气", "环境"]) {
        "城建"
    } else if of(&["招商", "项目", "营商", "财务", "统计"]) {
        "财经"
    } else {
        "综合"
    }
}

async fn register(desk: &mut Desk, case: &mut Case, doc: Id, t: &Open) -> Result<()> {
    let s = &case.script;
    let ctx = desk.ctx(&s.cast, t.who).await?;
    let received = Date::at(s.arrive);
    let made = Date::from_days(received.days() - case.r.between(1, 9));
    let files = {
        let c = desk.app.db.clone();
        c.read(move |tx| zs_file::api::list(tx, zs_incoming::flow::SUBJECT, doc))
            .await?
    };
    act::register::register(
        ctx,
        Register {
            id: doc,
            task_id: t.task,
            rev: None,
            attributes: Attributes {
                title: s.paper.title.clone(),
                doc_number: s.paper.number.clone(),
                sender: s.paper.sender.into(),
                sender_rank: Some(rank(s).into()),
                doc_class: class(s).into(),
                source: source(s).into(),
                secrecy: "none".into(),
                paper_only: false,
                urgency: s.urgency.into(),
                genre: Some(s.paper.genre.into()),
                class_code: Some(class_code(s.paper.matter).into()),
                subject_terms: None,
                doc_date: Some(made.to_string()),
                received_date: received.to_string(),
                copies: 1,
                pages: Some(case.r.between(2, 16)),
                summary: None,
                remark: None,
            },
            file_ids: files.into_iter().map(|f| f.file.id).collect(),
            confirm_duplicate: true,
        },
    )
    .await
    .map(drop)
}

/// The plan that the secretary writes.
fn plan(s: &Script, r: &mut Rng, now: i64) -> Plan {
    let handled = !s.undertake.is_empty();
    let mode = |in_order: bool| if in_order { "in_order" } else { "all" }.to_owned();
    let undertakings = s
        .undertake
        .iter()
        .filter_map(|i| s.cast.divisions.get(*i))
        .enumerate();
    // A deadline that has gone by cannot be set any more.
    let deadline = s
        .deadline
        .map(|d| d.max(now))
        .map(|d| Date::at(d).to_string());
    let text = if handled {
        words::propose_handling
    } else {
        words::propose_reading
    };
    Plan {
        kind: if handled { "handle" } else { "read" }.into(),
        proposed_handling: text(r, s.paper.matter),
        needs_review: s.review,
        instruct: InstructPlan {
            identity_ids: s.instruct.0.clone(),
            mode: mode(s.instruct.1),
        },
        circulation: CirculationPlan {
            identity_ids: s.readers.0.clone(),
            mode: mode(s.readers.1),
        },
        undertakings: undertakings
            .map(|(n, d)| UndertakingPlan {
                role: if n == 0 { "lead" } else { "assist" }.into(),
                node_id: d.node,
            })
            .collect(),
        deadline,
        urge: Some(true),
        pre_reminder_days: s.pre_days.filter(|_| handled),
        reply_required: s.turns(Turn::Reply),
        ..Plan::default()
    }
}

/// Does a task.
pub(super) async fn handle(
    desk: &mut Desk,
    case: &mut Case,
    doc: Id,
    t: &Open,
    at: i64,
) -> Result<()> {
    let ctx = desk.ctx(&case.script.cast, t.who).await?;
    let matter = case.script.paper.matter;
    let task = t.task;
    match t.stage.as_str() {
        stage::REGISTER => return register(desk, case, doc, t).await,
        stage::PRELIMINARY_REVIEW => {
            let pass = !case.script.turns(Turn::Rejected);
            let opinion = (!pass).then(|| words::reject(&mut case.r, matter));
            let a = act::preliminary_review::PreliminaryReview {
                id: doc,
                task_id: task,
                rev: None,
                pass,
                opinion,
            };
            act::preliminary_review::preliminary_review(ctx, a)
                .await
                .map(drop)
        }
        stage::PROPOSE => {
            let plan = plan(&case.script, &mut case.r, at);
            act::propose::propose(
                ctx,
                act::propose::Propose {
                    id: doc,
                    task_id: task,
                    rev: None,
                    plan,
                },
            )
            .await
            .map(drop)
        }
        stage::REVIEW if case.script.turns(Turn::Returned) && !case.returned => {
            case.returned = true;
            send_back(ctx, case, doc, task).await
        }
        stage::REVIEW => {
            let opinion = Some(words::review(&mut case.r, matter));
            let a = act::review::Review {
                id: doc,
                task_id: task,
                rev: None,
                plan: None,
                opinion,
                agree: true,
            };
            act::review::review(ctx, a).await.map(drop)
        }
        stage::INSTRUCT => {
            let opinion = Some(words::instruct(&mut case.r, matter));
            act::instruct::instruct(
                ctx,
                act::instruct::Instruct {
                    id: doc,
                    task_id: task,
                    rev: None,
                    opinion,
                    ink: None,
                },
            )
            .await
            .map(drop)
        }
        stage::DISPATCH => {
            let (seen, doc_id) = (ctx.clone(), doc);
            let before = seen
                .read(move |tx| zs_incoming::store::doc(tx, doc_id))
                .await?
                .plan;
            let plan =
                before.ok_or_else(|| Error::internal("a document is dispatched without a plan"))?;
            let opinion = case
                .r
                .chance(50)
                .then(|| words::dispatch(&mut case.r, matter));
            act::dispatch::dispatch(
                ctx,
                act::dispatch::Dispatch {
                    id: doc,
                    task_id: task,
                    rev: None,
                    plan,
                    opinion,
                },
            )
            .await
            .map(drop)
        }
        stage::CIRCULATION_READ => {
            let head = case.script.cast.divisions.iter().find(|d| d.head == t.who);
            let pass_on = match head.filter(|_| case.script.turns(Turn::PassOn)) {
                Some(d) => d.staff.iter().copied().take(2).collect(),
                None => Vec::new(),
            };
            let opinion = case.r.chance(60).then(|| words::read(&mut case.r, matter));
            let a = act::circulation_read::CirculationRead {
                id: doc,
                task_id: task,
                rev: None,
                opinion,
                ink: None,
                pass_on,
            };
            act::circulation_read::circulation_read(ctx, a)
                .await
                .map(drop)
        }
        stage::LIAISON_FORWARD => {
            let opinion = case
                .r
                .chance(40)
                .then(|| words::forward(&mut case.r, matter));
            let a = act::liaison_forward::LiaisonForward {
                id: doc,
                task_id: task,
                rev: None,
                opinion,
            };
            act::liaison_forward::liaison_forward(ctx, a)
                .await
                .map(drop)
        }
        stage::ASSIGN => {
            let own = case.script.turns(Turn::HandleSelf);
            let a = act::assign::Assign {
                id: doc,
                task_id: task,
                rev: None,
                opinion: (!own).then(|| words::assign(&mut case.r, matter)),
                undertaker_identity_id: case.script.undertaker(t.node).filter(|_| !own),
                result: own.then(|| words::handled_self(&mut case.r, matter)),
            };
            act::assign::assign(ctx, a).await.map(drop)
        }
        stage::UNDERTAKE => {
            let lead = case
                .script
                .undertake
                .first()
                .and_then(|i| case.script.cast.divisions.get(*i))
                .map(|d| d.node);
            let result = match lead == t.node {
                true => words::result(&mut case.r, matter),
                false => words::assisted(&mut case.r, matter),
            };
            act::undertake::undertake(
                ctx,
                act::undertake::Undertake {
                    id: doc,
                    task_id: task,
                    rev: None,
                    result,
                },
            )
            .await
            .map(drop)
        }
        stage::REPLY => {
            let reply_text = words::reply(&mut case.r, matter);
            let a = act::reply::Reply {
                id: doc,
                task_id: task,
                rev: None,
                reply_text,
                replied_date: Date::at(at).to_string(),
            };
            act::reply::reply(ctx, a).await.map(drop)
        }
        stage::COMPLETE => {
            let handling_result = match case.script.undertake.is_empty() {
                true => "传阅完毕，无需另行办理。".to_owned(),
                false => words::complete(&mut case.r, matter),
            };
            act::complete::complete(
                ctx,
                act::complete::Complete {
                    id: doc,
                    task_id: task,
                    rev: None,
                    handling_result,
                },
            )
            .await
            .map(drop)
        }
        stage::ARCHIVE => {
            let retention = case
                .r
                .pick(&["10y", "10y", "30y", "30y", "permanent"])
                .to_owned();
            let a = act::archive::Archive {
                id: doc,
                task_id: task,
                rev: None,
                retention,
                fonds_note: None,
            };
            act::archive::archive(ctx, a).await.map(drop)
        }
        other => Err(Error::internal(format!("nobody knows how to play {other}"))),
    }
}

async fn send_back(ctx: zs_ctx::Ctx, case: &mut Case, doc: Id, task: Id) -> Result<()> {
    let of = act::return_::OfTask {
        id: doc,
        task_id: task,
    };
    let targets = act::return_::return_targets(ctx.clone(), of).await?;
    let target = targets
        .items
        .first()
        .ok_or_else(|| Error::internal("nowhere to return to"))?;
    let a = act::return_::Return {
        id: doc,
        task_id: task,
        rev: None,
        target_round: target.round,
        reason: words::return_task(&mut case.r, case.script.paper.matter),
        then: "straight_back".into(),
    };
    act::return_::return_task(ctx, a).await.map(drop)
}
