//! Several at once.
use std::sync::Arc;

use zs_base::{Id, Kind, Result};
use zs_ctx::Ctx;
use zs_flowcore::sample::Flow;
use zs_flowcore::{Act, HowMany};

use super::kit::{Done, OP, Office, complete, offices, run};

async fn both(
    o: &Office,
    x: (&str, Id, Option<i64>, Act),
    y: (&str, Id, Option<i64>, Act),
) -> (Result<Done>, Result<Done>) {
    let go = |(key, instance, rev, act): (&str, Id, Option<i64>, Act)| {
        let (ctx, id) = (o.ctx(key), o.id(key));
        tokio::spawn(async move { run(&ctx, id, instance, rev, act).await })
    };
    let (a, b) = (go(x), go(y));
    (a.await.unwrap(), b.await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn k01_two_sessions_complete_one_task_one_wins_the_other_is_told_who() {
    for o in offices().await {
        let flow = Flow::new("one")
            .task("b", o.id("b").0)
            .task("c", o.id("c").0)
            .way("start b c end");
        o.publish(flow.definition()).await;
        for n in 1..=10 {
            let s = o.start("one", "a", n).await;
            let seat = o.seat("b", s.instance).await;
            let press = || ("b", s.instance, Some(s.rev), complete(seat));
            let (x, y) = both(&o, press(), press()).await;
            let (won, lost) = if x.is_ok() { (x, y) } else { (y, x) };
            assert_eq!(won.unwrap().rev, s.rev + 1);
            let e = lost.unwrap_err();
            assert_eq!((e.kind, e.code), (Kind::Stale, "stale"));
            assert!(
                e.detail.contains("钱二") && e.detail.contains("办理完毕"),
                "{}",
                e.detail
            );
            o.check(s.instance).await;
            assert_eq!(o.at(s.instance).await, "c:c");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn c02_the_last_two_votes_at_once_leave_the_step_exactly_once() {
    for o in offices().await {
        let flow = Flow::new("all")
            .multi("vote", HowMany::AllSign, &o.ids(&["b", "c", "d"]))
            .task("e", o.id("e").0)
            .way("start vote e end");
        o.publish(flow.definition()).await;
        for n in 1..=10 {
            let s = o.start("all", "a", n).await;
            let i = s.instance;
            let (c, d) = (o.seat("c", i).await, o.seat("d", i).await);
            o.agree("b", i).await;
            // Both pages saw the same state; neither vote disturbs the other.
            let (x, y) = both(
                &o,
                ("c", i, Some(s.rev), complete(c)),
                ("d", i, Some(s.rev), complete(d)),
            )
            .await;
            x.unwrap();
            y.unwrap();
            o.check(i).await;
            assert_eq!(o.at(i).await, "e:e");
            assert_eq!(
                o.load(i)
                    .await
                    .state
                    .rounds
                    .iter()
                    .filter(|r| r.step == "e")
                    .count(),
                1
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w14_taking_back_races_with_completion_one_wins_and_nothing_is_stuck() {
    for o in offices().await {
        let flow = Flow::new("w")
            .task("b", o.id("b").0)
            .task("c", o.id("c").0)
            .task("d", o.id("d").0)
            .way("start b c d end");
        o.publish(flow.definition()).await;
        for n in 1..=10 {
            let i = o.start("w", "a", n).await.instance;
            let own = o.seat("b", i).await;
            let rev = o.agree("b", i).await.rev;
            let next = o.seat("c", i).await;
            let take = Act::Withdraw {
                seat: own,
                reason: None,
            };
            let (x, y) = both(
                &o,
                ("b", i, Some(rev), take),
                ("c", i, Some(rev), complete(next)),
            )
            .await;
            assert!(x.is_ok() != y.is_ok(), "exactly one wins: {x:?} {y:?}");
            let lost = x.as_ref().err().or(y.as_ref().err()).unwrap();
            assert_eq!(lost.kind, Kind::Stale, "{lost:?}");
            o.check(i).await;
            assert_eq!(o.at(i).await, if x.is_ok() { "b:b" } else { "d:d" });
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_instances_move_at_once_and_a_poison_command_harms_only_itself() {
    for o in offices().await {
        let flow = Flow::new("many")
            .task("b", o.id("b").0)
            .task("c", o.id("c").0)
            .way("start b c end");
        o.publish(flow.definition()).await;
        let mut work = Vec::new();
        for n in 1..=64 {
            let s = o.start("many", "a", n).await;
            work.push((s.instance, o.seat("b", s.instance).await));
        }
        let go = work.iter().enumerate().map(|(n, (instance, seat))| {
            let (ctx, id, instance, seat) = (o.ctx("b"), o.id("b"), *instance, *seat);
            tokio::spawn(async move {
                // K05: number 32 of the batch aims at a seat that is not there.
                let seat = if n == 32 { 1 } else { seat };
                run(&ctx, id, instance, None, complete(seat)).await
            })
        });
        let go: Vec<_> = go.collect();
        let mut failed = 0;
        for t in go {
            failed += i32::from(t.await.unwrap().is_err());
        }
        assert_eq!(failed, 1);
        for (n, (instance, _)) in work.iter().enumerate() {
            o.check(*instance).await;
            assert_eq!(o.at(*instance).await, if n == 32 { "b:b" } else { "c:c" });
        }
        assert_eq!(o.todo("c").await.len(), 63);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k02_a_repeated_command_gives_the_first_reply_also_after_a_restart() {
    for o in offices().await {
        let flow = Flow::new("one")
            .task("b", o.id("b").0)
            .task("c", o.id("c").0)
            .way("start b c end");
        o.publish(flow.definition()).await;
        let s = o.start("one", "a", 1).await;
        let seat = o.seat("b", s.instance).await;
        let ctx = |app: zs_ctx::App| {
            let request = zs_ctx::Request {
                id: "r".into(),
                idempotency_key: Some("0123456789abcdef".into()),
                ..Default::default()
            };
            Ctx::new(app, Some(Arc::new(o.actor("b"))), request)
        };
        let first = run(
            &ctx(o.app.app.clone()),
            o.id("b"),
            s.instance,
            Some(s.rev),
            complete(seat),
        )
        .await
        .unwrap();
        let again = run(
            &ctx(o.app.app.clone()),
            o.id("b"),
            s.instance,
            Some(s.rev),
            complete(seat),
        )
        .await
        .unwrap();
        assert_eq!(first, again);
        // A new process on the same database: nothing is in memory any more.
        let db = zs_db::Db::open(
            &o.app.test_db.location,
            zs_base::Clock::Fake(o.app.clock().clone()),
            2,
        )
        .await
        .unwrap();
        let fresh = zs_ctx::App {
            db,
            services: zs_ctx::Services::default().with(Arc::new(crate::FlowCache::default())),
        };
        let after = run(
            &ctx(fresh),
            o.id("b"),
            s.instance,
            Some(s.rev),
            complete(seat),
        )
        .await
        .unwrap();
        assert_eq!(first, after);
        assert_eq!(o.at(s.instance).await, "c:c");
        o.check(s.instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_the_whole_from_an_old_page_says_what_happened() {
    for o in offices().await {
        let flow = Flow::new("one")
            .task("b", o.id("b").0)
            .task("c", o.id("c").0)
            .way("start b c end");
        o.publish(flow.definition()).await;
        let s = o.start("one", "a", 1).await;
        o.agree("b", s.instance).await;
        let e = o
            .race("a", s.instance, Some(s.rev), Act::Recall { reason: None })
            .await
            .unwrap_err();
        assert_eq!(e.kind, Kind::Stale);
        assert!(e.detail.contains("钱二"), "{}", e.detail);
        let (id, instance) = (o.id("a"), s.instance);
        let done = o
            .app
            .system()
            .write(OP, move |tx| {
                let c = zs_flowcore::Command {
                    actor: zs_flowcore::Actor::admin(id.0),
                    act: Act::Void {
                        reason: "重复登记".into(),
                    },
                };
                crate::act(tx, instance, None, c).map(|a| a.next_text())
            })
            .await
            .unwrap();
        assert_eq!(done, "已作废");
        o.check(s.instance).await;
    }
}
