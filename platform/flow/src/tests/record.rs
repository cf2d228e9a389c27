//! The record: order, replay, tampering, who may check it.
use zs_base::Id;
use zs_ctx::{Actor, Reach};
use zs_flowcore::sample::Flow;

use super::kit::{Office, offices};

async fn one(o: &Office) -> Id {
    let flow = Flow::new("one")
        .task("b", o.id("b").0)
        .task("c", o.id("c").0)
        .way("start b c end");
    o.publish(flow.definition()).await;
    let i = o.start("one", "a", 1).await.instance;
    o.agree("b", i).await;
    i
}

async fn replay(o: &Office, i: Id) -> crate::Replay {
    let ctx = o.app.system();
    let inner = ctx.clone();
    ctx.read(move |tx| crate::replay(&inner, tx, i))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn k11_steps_within_one_millisecond_keep_their_order() {
    for o in offices().await {
        // The clock of the tests stands still: every event has the same time.
        let i = one(&o).await;
        let rows = o
            .app
            .app
            .db
            .read(move |tx| crate::events(tx, i))
            .await
            .unwrap();
        let times: std::collections::BTreeSet<i64> = rows.iter().map(|r| r.event.at).collect();
        assert_eq!(times.len(), 1);
        let seqs: Vec<u64> = rows.iter().map(|r| r.event.seq).collect();
        assert_eq!(
            seqs,
            (1..=u64::try_from(rows.len()).unwrap()).collect::<Vec<_>>()
        );
        assert_eq!(rows.last().unwrap().hash, o.load(i).await.row.last_hash);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i05_tampering_with_record_or_state_is_found() {
    for o in offices().await {
        let i = one(&o).await;
        assert!(replay(&o, i).await.ok);
        let fix = |sql: &'static str| {
            let db = o.app.app.db.clone();
            async move { db.write(move |tx| tx.exec(sql, &[])).await.unwrap() }
        };
        fix("update flow_event set data = replace(data, '同意', '不同意') where seq in (select max(seq) from flow_event where data like '%同意%')").await;
        let r = replay(&o, i).await;
        assert!(!r.ok && r.broken_at.is_some() && !r.same_state, "{r:?}");
        fix("update flow_event set data = replace(data, '不同意', '同意')").await;
        assert!(replay(&o, i).await.ok);
        fix("update flow_instance set state = replace(state, '同意', '照办')").await;
        let r = replay(&o, i).await;
        assert!(!r.ok && !r.same_state && r.broken_at.is_none(), "{r:?}");
        fix("update flow_instance set state = replace(state, '照办', '同意')").await;
        // The end of the record is cut off.
        fix("delete from flow_event where seq = (select max(seq) from flow_event)").await;
        let r = replay(&o, i).await;
        assert!(!r.ok && !r.same_hash, "{r:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_checks_and_the_administrator_reads_definitions() {
    for o in offices().await {
        let i = one(&o).await;
        let who = |perm: &str| Actor {
            permissions: [(perm.to_owned(), Reach::All)].into(),
            ..Actor::default()
        };
        o.app.auth.sign_in("auditor", who("flow.audit"));
        o.app.auth.sign_in("admin", who("flow.view"));
        let path = format!("/flow/instances/{i}/replay-check");
        assert_eq!(o.app.get(&path, "admin").await.refused(403), "forbidden");
        let r = o.app.get(&path, "auditor").await.ok();
        assert_eq!(r["ok"], true);
        assert_eq!(
            o.app
                .get("/flow/instances/7/replay-check", "auditor")
                .await
                .refused(404),
            "not_found"
        );
        let list = o.app.get("/admin/flows", "admin").await.ok();
        assert_eq!(list["items"][0]["key"], "one");
        let id = list["items"][0]["id"].as_str().unwrap().to_owned();
        let def = o.app.get(&format!("/admin/flows/{id}"), "admin").await.ok();
        assert_eq!(def["steps"].as_array().unwrap().len(), 4);
        assert_eq!(
            o.app.get("/admin/flows", "auditor").await.refused(403),
            "forbidden"
        );
    }
}
