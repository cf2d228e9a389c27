//! Delegation, leaving, stuck flows, hints for open pages.
use zs_access::api::{NewDelegation, SECURITY_MANAGE, create_delegation};
use zs_base::time::DAY_MS;
use zs_base::{Id, Kind};
use zs_ctx::Granted;
use zs_flowcore::sample::Flow;
use zs_flowcore::{Act, HowMany, Who};
use zs_org::api::{Heir, HeirService};

use super::kit::{OP, Office, complete, offices};

async fn delegate(o: &Office, principal: &str, agent: &str, scope: &str, include_open: bool) {
    let now = o.app.clock().now();
    let d = NewDelegation {
        principal: o.id(principal),
        agent: o.id(agent),
        from_at: now,
        until_at: now + 5 * DAY_MS,
        scope: scope.into(),
        include_open,
        reason: "出差".into(),
    };
    let g = Granted::system(SECURITY_MANAGE, "test");
    o.app
        .system()
        .write(OP, move |tx| create_delegation(tx, &d, &g).map(|d| d.id))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_acts_for_his_principal_who_may_still_act_and_the_first_wins() {
    for o in offices().await {
        let flow = Flow::new("one")
            .task("b", o.id("b").0)
            .task("d", o.id("d").0)
            .way("start b d end");
        o.publish(flow.definition()).await;
        delegate(&o, "b", "c", "module:paper", false).await;
        let s = o.start("one", "a", 1).await;
        assert_eq!(s.next, "已送 孙三（受钱二委托） b");
        assert_eq!(o.at(s.instance).await, "b:c~b");
        assert_eq!(o.todo("b").await, o.todo("c").await, "both see it");
        let seat = o.seat("c", s.instance).await;
        o.agree("c", s.instance).await;
        let e = o.give("b", s.instance, complete(seat)).await.unwrap_err();
        assert_eq!(e.kind, Kind::Stale);
        assert!(e.detail.contains("孙三"), "{}", e.detail);
        let row = o.app.app.db.read(move |tx| {
            let r = tx.one(
                "select done_by, on_behalf_of from flow_task where id = $1",
                zs_db::vals![seat],
            )?;
            Ok((r.get::<Id>(0)?, r.get::<Id>(1)?))
        });
        assert_eq!(row.await.unwrap(), (o.id("c"), o.id("b")));
        // The other way round.
        let s = o.start("one", "a", 2).await;
        o.agree("b", s.instance).await;
        assert!(o.todo("c").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t10_t11_a_delegation_of_another_module_does_not_count_and_none_is_passed_on() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        delegate(&o, "b", "c", "module:leave", false).await;
        assert_eq!(o.at(o.start("one", "a", 1).await.instance).await, "b:b");
        // The narrower of two delegations speaks, and the agent's own is not followed.
        delegate(&o, "b", "d", "module:paper", false).await;
        delegate(&o, "d", "f", "all", false).await;
        let i = o.start("one", "a", 2).await.instance;
        assert_eq!(o.at(i).await, "b:d~b");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_items_move_when_a_delegation_begins_and_go_back_when_it_ends() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        let i = o.start("one", "a", 1).await.instance;
        delegate(&o, "b", "c", "all", true).await;
        o.app.drain().await;
        assert_eq!(o.at(i).await, "b:c~b");
        o.check(i).await;
        o.app.clock().advance(6 * DAY_MS);
        o.app.drain().await;
        assert_eq!(o.at(i).await, "b:b");
        o.check(i).await;
        assert!(o.todo("c").await.is_empty());
        let names = o
            .count("select count(*) from flow_event where kind = 'holder_changed'")
            .await;
        assert_eq!(names, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t16_a_leavers_items_go_to_the_heir_in_the_same_transaction() {
    for o in offices().await {
        o.grant("b", "registry").await;
        o.grant("d", "registry").await;
        let group = Who::Role {
            role: "registry".into(),
            unit: zs_flowcore::UnitRef::OfSubject,
        };
        let flow = Flow::new("all")
            .multi("vote", HowMany::AllSign, &o.ids(&["b", "c"]))
            .way("start vote end");
        o.publish(flow.definition()).await;
        let flow = Flow::new("grp")
            .task_of("g", group, HowMany::Single)
            .way("start g end");
        o.publish(flow.definition()).await;
        let flow = Flow::new("back")
            .task("b", o.id("b").0)
            .task("e", o.id("e").0)
            .way("start b e end");
        o.publish(flow.definition()).await;
        let vote = o.start("all", "a", 1).await.instance;
        let grp = o.start("grp", "a", 2).await.instance;
        let back = o.start("back", "a", 3).await.instance;
        o.agree("b", back).await;
        let items = o.app.app.services.get::<HeirService>().unwrap();
        let b = o.id("b");
        let counted = std::sync::Arc::clone(&items.0);
        let (n, list) = o
            .app
            .app
            .db
            .read(move |tx| Ok((counted.count(tx, b)?, counted.list(tx, b, 10)?)))
            .await
            .unwrap();
        assert_eq!(n, 1);
        assert_eq!(list[0].1, "vote");
        let heirs = vec![Heir {
            identity_id: b,
            heir_identity_id: Some(o.id("c")),
            take_along: false,
        }];
        let (person, g) = (o.person("b"), Granted::system(zs_org::perm::MANAGE, "test"));
        o.app
            .system()
            .write(OP, move |tx| {
                zs_org::api::leave(tx, &g, person, &heirs).map(|_| ())
            })
            .await
            .unwrap();
        for i in [vote, grp, back] {
            o.check(i).await;
        }
        assert_eq!(
            o.at(vote).await,
            "vote:c",
            "the heir was a member already: one seat"
        );
        assert!(!o.at(grp).await.contains('b'));
        // A return to the leaver's step reaches the heir.
        let seat = o.seat("e", back).await;
        let ret = Act::Return {
            seat,
            to: zs_flowcore::ReturnTo::Previous,
            then: zs_flowcore::Then::Rerun,
            opinion: None,
        };
        o.give("e", back, ret).await.unwrap();
        assert_eq!(o.at(back).await, "b:c");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_found_is_an_administrators_matter_never_a_lost_document() {
    for o in offices().await {
        o.grant("f", "doc_admin").await;
        let nobody = Who::Role {
            role: "secretary".into(),
            unit: zs_flowcore::UnitRef::OfSubject,
        };
        let flow = Flow::new("none")
            .task_of("x", nobody, HowMany::Single)
            .way("start x end");
        o.publish(flow.definition()).await;
        let i = o.start("none", "a", 1).await.instance;
        assert_eq!(o.at(i).await, "x:");
        assert!(o.load(i).await.state.stuck().next().is_some());
        let told = o
            .app
            .app
            .db
            .read(|tx| {
                tx.one(
                    "select identity_id from flow_urge where kind = 'stuck'",
                    &[],
                )?
                .get::<Id>(0)
            })
            .await
            .unwrap();
        assert_eq!(told, o.id("f"));
        let (admin, to) = (o.id("f"), o.id("b"));
        let round = o.load(i).await.state.open_rounds().next().unwrap().id;
        o.app
            .system()
            .write(OP, move |tx| {
                let act = Act::Assign {
                    round,
                    people: vec![to.0],
                    reason: Some("文秘空缺".into()),
                };
                let c = zs_flowcore::Command {
                    actor: zs_flowcore::Actor::admin(admin.0),
                    act,
                };
                crate::act(tx, i, None, c).map(|a| a.rev)
            })
            .await
            .unwrap();
        o.check(i).await;
        assert_eq!(o.at(i).await, "x:b");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn open_pages_are_told_after_the_commit() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        let mut listen = o.app.app.services.get::<zs_job::Bus>().unwrap().listen();
        o.start("one", "a", 1).await;
        assert!(listen.try_recv().is_err(), "nothing before the relay runs");
        o.app.drain().await;
        let mut kinds = Vec::new();
        while let Ok(n) = listen.try_recv() {
            assert!(n.identities.contains(&o.id("b")), "{n:?}");
            assert!(!n.identities.contains(&o.id("c")));
            kinds.push(n.kind);
        }
        assert_eq!(kinds, ["counts", "changed"]);
    }
}
