//! One command after the other: rows, refusals, groups, budgets.
use std::sync::atomic::Ordering;

use serde_json::json;
use zs_base::{Id, Kind};
use zs_flowcore::sample::Flow;
use zs_flowcore::{
    Act, ActKind, CirculateFrom, HowMany, NextPick, ReturnTo, Target, Then, UnitRef, Who,
};

use super::kit::{complete, complete_with, offices};

fn role(role: &str) -> Who {
    Who::Role {
        role: role.into(),
        unit: UnitRef::OfSubject,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_prepare_on_this_engine() {
    for o in offices().await {
        o.app.statements_prepare().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_runs_from_start_to_end_and_every_row_follows() {
    for o in offices().await {
        let flow = Flow::new("two")
            .task("review", o.id("b").0)
            .with("review", |s| s.title = "审核".into())
            .task("sign", o.id("c").0)
            .way("start review sign end");
        o.publish(flow.definition()).await;
        let s = o.start("two", "a", 1).await;
        assert_eq!(s.next, "已送 钱二 审核");
        assert_eq!(o.at(s.instance).await, "review:b");
        let d = o.agree("b", s.instance).await;
        assert_eq!((d.next.as_str(), d.rev), ("已送 孙三 sign", s.rev + 1));
        let d = o.agree("c", s.instance).await;
        assert_eq!(d.ended.as_deref(), Some("completed"));
        assert_eq!(d.next, "已办结");
        let heard = o.paper.heard.load(Ordering::SeqCst);
        assert_eq!(
            i64::try_from(heard).unwrap(),
            o.count("select count(*) from flow_event").await
        );
        let ended = o.count("select count(*) from flow_instance where status = 'ended' and outcome = 'completed' and ended_at is not null").await;
        assert_eq!(ended, 1);
        // One subject, one instance.
        let e = o
            .start_new("a", o.new_instance("two", "a", 1))
            .await
            .unwrap_err();
        assert_eq!((e.kind, e.code), (Kind::Conflict, "already_started"));
        let e = o
            .start_new("a", o.new_instance("none", "a", 2))
            .await
            .unwrap_err();
        assert_eq!(e.code, "no_such_flow");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_writes_nothing() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        let s = o.start("one", "a", 1).await;
        let seat = o.seat("b", s.instance).await;
        let rows = "select cast((select count(*) from flow_event) + (select count(*) from flow_task) + (select count(*) from outbox) \
                    + (select count(*) from audit_log) + (select coalesce(sum(rev), 0) from flow_instance) as bigint)";
        let before = o.count(rows).await;
        let e = o.give("c", s.instance, complete(seat)).await.unwrap_err();
        assert_eq!(e.kind, Kind::Rule);
        let e = o
            .give(
                "b",
                s.instance,
                Act::Void {
                    reason: "误录".into(),
                },
            )
            .await
            .unwrap_err();
        assert_eq!(e.code, "admin_only");
        // The subject's own projection refuses: the step is undone with it.
        o.paper.refuse.store(true, Ordering::SeqCst);
        let e = o.give("b", s.instance, complete(seat)).await.unwrap_err();
        assert_eq!(e.code, "paper_refused");
        assert_eq!(o.count(rows).await, before);
        o.paper.refuse.store(false, Ordering::SeqCst);
        o.agree("b", s.instance).await;
        let e = o.race("b", Id(999), None, complete(seat)).await;
        assert_eq!(e.unwrap_err().kind, Kind::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t17_a_group_item_is_claimed_given_back_and_seen_by_whoever_holds_the_role_now() {
    for o in offices().await {
        let b = o.grant("b", "registry").await;
        o.grant("c", "registry").await;
        let flow = Flow::new("group")
            .task_of("register", role("registry"), HowMany::Single)
            .task("d", o.id("d").0)
            .way("start register d end");
        o.publish(flow.definition()).await;
        let s = o.start("group", "a", 1).await;
        assert_eq!(o.at(s.instance).await, "register:[b|c]");
        let task = o.todo("b").await[0];
        assert_eq!(o.todo("c").await, [task]);
        let claim = Act::Claim { seat: task.0 };
        o.give("b", s.instance, claim.clone()).await.unwrap();
        assert_eq!(o.at(s.instance).await, "register:b");
        assert!(o.todo("c").await.is_empty());
        // The other one is told who has it.
        let e = o.give("c", s.instance, claim).await.unwrap_err();
        assert_eq!(e.kind, Kind::Stale);
        assert!(
            e.detail.contains("钱二") && e.detail.contains("认领"),
            "{}",
            e.detail
        );
        // One joins the role, one leaves it.
        o.grant("e", "registry").await;
        o.revoke(b).await;
        o.give("b", s.instance, Act::Unclaim { seat: task.0 })
            .await
            .unwrap();
        assert_eq!(o.at(s.instance).await, "register:[c|e]");
        assert!(o.todo("b").await.is_empty());
        assert_eq!(o.todo("e").await, [task]);
        o.agree("e", s.instance).await;
        assert_eq!(o.at(s.instance).await, "d:d");
        assert_eq!(o.count("select count(*) from flow_candidate").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_liaisons_and_the_modules_own_expressions_are_found() {
    for o in offices().await {
        let named = Who::Named("paper.readers".into());
        let flow = Flow::new("who")
            .task_of("head", Who::UnitHead(UnitRef::OfSubject), HowMany::Single)
            .task_of(
                "liaison",
                Who::Role {
                    role: "liaison".into(),
                    unit: UnitRef::FormField("unit".into()),
                },
                HowMany::Single,
            )
            .task_of("field", Who::FormField("handler".into()), HowMany::Single)
            .task_of("named", named, HowMany::AllSign)
            .way("start head liaison field named end");
        o.publish(flow.definition()).await;
        o.paper
            .named
            .lock()
            .unwrap()
            .insert("paper.readers".into(), vec![o.id("e"), o.id("f")]);
        let mut new = o.new_instance("who", "a", 1);
        new.data = [
            ("unit".to_owned(), json!(o.unit)),
            ("handler".to_owned(), json!(o.id("d").0)),
        ]
        .into();
        let s = o.start_new("a", new).await.unwrap();
        assert_eq!(o.at(s.instance).await, "head:h");
        o.agree("h", s.instance).await;
        assert_eq!(o.at(s.instance).await, "liaison:g");
        o.agree("g", s.instance).await;
        assert_eq!(o.at(s.instance).await, "field:d");
        o.agree("d", s.instance).await;
        assert_eq!(o.at(s.instance).await, "named:e,f");
        // P17: an expression that nobody knows fails the command as a whole and names the step.
        let flow = Flow::new("bad")
            .task_of("x", Who::Named("nobody.knows".into()), HowMany::Single)
            .way("start x end");
        o.publish(flow.definition()).await;
        let e = o
            .start_new("a", o.new_instance("bad", "a", 2))
            .await
            .unwrap_err();
        assert_eq!(e.code, "resolver_failed");
        assert!(
            e.detail.contains('x') && e.detail.contains("nobody.knows"),
            "{}",
            e.detail
        );
        assert_eq!(
            o.count("select count(*) from flow_instance where subject_id = 2")
                .await,
            0
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn return_withdraw_transfer_circulate_and_urge_keep_the_rows_true() {
    for o in offices().await {
        let flow = Flow::new("long")
            .task("b", o.id("b").0)
            .task_of("c", Who::ChosenByPrevious { among: None }, HowMany::AllSign)
            .task("d", o.id("d").0)
            .way("start b c d end");
        o.publish(flow.definition()).await;
        let i = o.start("long", "a", 1).await.instance;
        let seat = o.seat("b", i).await;
        let e = o.give("b", i, complete(seat)).await.unwrap_err();
        assert_eq!(e.code, "choose_person");
        let pick = NextPick {
            step: "c".into(),
            people: o.ids(&["c", "e"]),
        };
        o.give(
            "b",
            i,
            complete_with(seat, &[("amount", json!(3))], vec![pick]),
        )
        .await
        .unwrap();
        assert_eq!(o.at(i).await, "c:c,e");
        o.agree("c", i).await;
        o.agree("e", i).await;
        let seat = o.seat("d", i).await;
        let back = Act::Return {
            seat,
            to: ReturnTo::Step("b".into()),
            then: Then::StraightBack,
            opinion: Some("请补充依据".into()),
        };
        o.give("d", i, back).await.unwrap();
        assert_eq!(o.at(i).await, "b:b");
        o.agree("b", i).await;
        assert_eq!(o.at(i).await, "d:d");
        let seat = o.seat("d", i).await;
        let turn = Act::Transfer {
            seat,
            to: o.id("f").0,
            opinion: None,
        };
        o.give("d", i, turn).await.unwrap();
        assert_eq!(o.at(i).await, "d:f");
        let seat = o.seat("f", i).await;
        let tell = Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: o.ids(&["g", "h"]),
            note: None,
            again: false,
        };
        let done = o.give("f", i, tell).await.unwrap();
        assert_eq!(done.next, "已送 郑七、王八 传阅");
        let item = done.opened[0].0;
        o.give(
            "g",
            i,
            Act::Read {
                item,
                opinion: None,
            },
        )
        .await
        .unwrap();
        o.give(
            "b",
            i,
            Act::Urge {
                note: Some("请抓紧".into()),
            },
        )
        .await
        .unwrap();
        let (urged, kind) = o
            .app
            .app
            .db
            .read(|tx| {
                let r = tx.one("select identity_id, kind from flow_urge", &[])?;
                Ok((r.get::<Id>(0)?, r.get::<String>(1)?))
            })
            .await
            .unwrap();
        assert_eq!((urged, kind.as_str()), (o.id("f"), "urge"));
        assert_eq!(
            o.count(
                "select count(*) from flow_task where urged_at is not null and status = 'open'"
            )
            .await,
            1
        );
        o.agree("f", i).await;
        assert_eq!(
            o.count("select count(*) from flow_instance where status = 'ended'")
                .await,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_acts_with_their_verdicts_and_the_identity_that_does_them() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        let i = o.start("one", "a", 1).await.instance;
        let l = o.load(i).await;
        let seat = o.seat("b", i).await;
        let two = [o.id("c"), o.id("b")];
        let acts = crate::allowed(&l, &two, false);
        let complete = acts
            .iter()
            .find(|(_, a)| a.act == ActKind::Complete)
            .unwrap();
        assert_eq!(
            (complete.0, complete.1.target, complete.1.verdict.is_ok()),
            (o.id("b"), Target::Seat(seat), true)
        );
        assert_eq!(
            acts.iter().filter(|(_, a)| a.act == ActKind::Void).count(),
            1,
            "acts on the whole stand once"
        );
        assert_eq!(
            crate::identity_for(&l, Target::Seat(seat), &two),
            Some(o.id("b"))
        );
        assert_eq!(
            crate::identity_for(&l, Target::Seat(seat), &[o.id("c")]),
            None
        );
        assert!(crate::visible(&l, &[o.id("c")]).is_empty());
        assert!(crate::visible(&l, &[o.id("a")]).all);
        assert_eq!(crate::return_targets(&l, Id(seat)).len(), 1);
    }
}
