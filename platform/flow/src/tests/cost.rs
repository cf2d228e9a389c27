//! What a step costs, versions of definitions, drafts.
use zs_flowcore::sample::Flow;
use zs_flowcore::{Act, HowMany, SeatKind, UnitRef, Who};

use super::kit::{OP, offices};

fn role(role: &str) -> Who {
    Who::Role {
        role: role.into(),
        unit: UnitRef::OfSubject,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_costs_few_statements() {
    // Two of them are the audit row and the event of every durable write of the house.
    const HOUSE: u32 = 2;
    for o in offices().await {
        o.grant("b", "registry").await;
        o.grant("c", "registry").await;
        let flow = Flow::new("cost")
            .task_of("register", role("registry"), HowMany::Single)
            .task("d", o.id("d").0)
            .multi("vote", HowMany::AllSign, &o.ids(&["e", "f", "g", "h"]))
            .task("last", o.id("d").0)
            .way("start register d vote last end");
        o.publish(flow.definition()).await;
        let i = o.start("cost", "a", 1).await.instance;
        let task = o.todo("b").await[0].0;
        // The subject of these tests runs one statement of its own.
        let own = HOUSE + 1;
        let claim = o.give("b", i, Act::Claim { seat: task }).await.unwrap();
        assert!(claim.statements <= 4 + own, "claim: {}", claim.statements);
        let done = o.agree("b", i).await;
        assert!(
            done.statements <= 9 + own,
            "complete a group item: {}",
            done.statements
        );
        let done = o.agree("d", i).await;
        assert!(
            done.statements <= 9 + own,
            "complete into four seats: {}",
            done.statements
        );
        let vote = o.agree("e", i).await;
        assert!(vote.statements <= 6 + own, "vote: {}", vote.statements);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_are_versions_and_running_instances_stay_on_theirs() {
    for o in offices().await {
        let v1 = Flow::new("v")
            .task("b", o.id("b").0)
            .way("start b end")
            .definition();
        let first = o.publish(v1.clone()).await;
        assert_eq!(
            o.publish(v1.clone()).await,
            first,
            "the same text is no new version"
        );
        let i = o.start("v", "a", 1).await.instance;
        let v2 = Flow::new("v")
            .task("c", o.id("c").0)
            .way("start c end")
            .definition();
        let second = o.publish(v2).await;
        assert_ne!(second, first);
        assert_eq!(o.at(o.start("v", "a", 2).await.instance).await, "c:c");
        assert_eq!(o.load(i).await.row.def_id, first);
        o.agree("b", i).await;
        // Back to the first text: a third version.
        let third = o.publish(v1).await;
        assert!(third != first && third != second);
        assert_eq!(o.at(o.start("v", "a", 3).await.instance).await, "b:b");
        let faulty = Flow::new("w")
            .task("b", o.id("b").0)
            .way("start b")
            .definition();
        let e = o
            .app
            .system()
            .write(OP, move |tx| crate::ensure_definition(tx, &faulty))
            .await
            .unwrap_err();
        assert_eq!(e.code, "flow_definition_faulty");
        assert!(!e.fields.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_waits_for_its_starter() {
    for o in offices().await {
        let flow = Flow::new("one").task("b", o.id("b").0).way("start b end");
        o.publish(flow.definition()).await;
        let mut new = o.new_instance("one", "a", 1);
        new.draft = true;
        let s = o.start_new("a", new).await.unwrap();
        assert_eq!(o.at(s.instance).await, "start:a");
        o.agree("a", s.instance).await;
        assert_eq!(o.at(s.instance).await, "b:b");
        let l = o.load(s.instance).await;
        assert!(l.state.open_seats().all(|(_, x)| x.kind == SeatKind::Todo));
    }
}
