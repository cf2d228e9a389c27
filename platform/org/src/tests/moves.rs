//! The tree stays a tree under any moves, also at once.
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;

/// What must always hold: parents exist, paths are the chain of parents, no cycle, units of people right.
fn check(tx: &mut Tx<'_>) -> Result<usize> {
    let rows = tx.query("select id, parent_id, path, kind from org_node", &[])?;
    let mut nodes = std::collections::HashMap::new();
    for r in &rows {
        let (id, parent, path, kind): (Id, Option<Id>, String, String) =
            (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        nodes.insert(id, (parent, path, kind));
    }
    for (id, (_, path, _)) in &nodes {
        let (mut chain, mut at, mut steps) = (vec![*id], *id, 0);
        while let Some(p) = nodes[&at].0 {
            chain.push(p);
            at = p;
            steps += 1;
            assert!(steps <= nodes.len(), "cycle at {id}");
        }
        chain.reverse();
        let want: String = chain.iter().fold("/".into(), |s, i| format!("{s}{i}/"));
        assert_eq!(path, &want);
    }
    for r in tx.query("select node_id, unit_id from org_identity", &[])? {
        let (mut at, unit): (Id, Id) = (r.get(0)?, r.get(1)?);
        while nodes[&at].2 != "unit" {
            at = nodes[&at].0.unwrap();
        }
        assert_eq!(at, unit);
    }
    Ok(nodes.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn any_sequence_of_moves_keeps_the_tree_a_tree() {
    let mut runner = TestRunner::deterministic();
    for c in &cities().await {
        let seed = c.gov;
        // A tree of units and divisions with people in it, 24 nodes in all.
        let ids: Vec<Id> = c
            .app
            .system()
            .write(OP, move |tx| {
                let g = granted();
                let mut ids = vec![seed];
                for n in 0..23usize {
                    let parent = ids[n / 2];
                    let above = api::node(tx, parent)?.kind;
                    let kind = if n % 3 == 0 && above == NodeKind::Unit {
                        NodeKind::Unit
                    } else {
                        NodeKind::Division
                    };
                    let made = api::create_node(
                        tx,
                        &g,
                        &new_node(Some(parent), kind, &format!("机构{n}"), "", None),
                    )?;
                    api::create_person(
                        tx,
                        &g,
                        &format!("人员{n}"),
                        None,
                        &post(made.id, "科员", 90, false, false),
                    )?;
                    ids.push(made.id);
                }
                Ok(ids)
            })
            .await
            .unwrap();
        let moves = prop::collection::vec((0..ids.len(), 0..ids.len()), 120)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let (mut done, mut refused) = (0, 0);
        for (a, b) in moves {
            let (id, to) = (ids[a], ids[b]);
            let r = c
                .app
                .system()
                .write(OP, move |tx| {
                    api::move_node(tx, &granted(), id, Some(to), None).map(|n| n.id)
                })
                .await;
            match r {
                Ok(_) => done += 1,
                Err(e) if ["move_cycle", "bad_parent", "name_taken"].contains(&e.code) => {
                    refused += 1
                }
                Err(e) => panic!("{e:?}"),
            }
            let ids = ids.clone();
            c.read(move |tx| {
                check(tx)?;
                let n = api::node(tx, id)?;
                let above = api::ancestors(tx, &n)?.iter().any(|n| n.id == to);
                assert_eq!(api::is_under(tx, id, to)?, above);
                assert!(ids.iter().all(|i| api::node_opt(tx, *i).unwrap().is_some()));
                Ok(())
            })
            .await;
        }
        assert!(done > 20 && refused > 5, "{done} done, {refused} refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_moves_at_once_make_no_cycle() {
    for c in &cities().await {
        for _ in 0..5 {
            let go = |id: Id, to: Id| {
                let ctx = c.app.system();
                async move {
                    ctx.write(OP, move |tx| {
                        api::move_node(tx, &granted(), id, Some(to), None).map(|n| n.id)
                    })
                    .await
                }
            };
            let (a, b) = tokio::join!(go(c.fin, c.drc), go(c.drc, c.fin));
            assert!(a.is_ok() != b.is_ok(), "exactly one wins: {a:?} {b:?}");
            c.read(check).await;
            let (x, y) = (go(c.fin, c.gov).await, go(c.drc, c.gov).await);
            assert!(x.is_ok() && y.is_ok());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_of_one_name_made_at_once_are_one() {
    for c in &cities().await {
        let make = || {
            c.app.post(
                "/admin/org/nodes",
                "sys",
                json!({"parent_id": c.gov, "kind": "division", "name": "信息科"}),
            )
        };
        let all = tokio::join!(make(), make(), make());
        let ok = [&all.0, &all.1, &all.2]
            .iter()
            .filter(|a| a.status.is_success())
            .count();
        assert_eq!(ok, 1);
        assert_eq!(
            c.number("select count(*) from org_node where name = '信息科'")
                .await,
            1
        );
    }
}
