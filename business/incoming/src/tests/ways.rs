//! Other ways through the flow: returned, sent to another division, the shortest, two clerks at once.
use serde_json::json;

use super::kit::{Office, offices};
use super::story::names;

#[tokio::test(flavor = "multi_thread")]
async fn a_return_goes_straight_back_to_whoever_returned_it() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕1号").await;
        o.act("sec", &doc, "propose", json!({"plan": o.plan()}))
            .await
            .ok();
        let task = o.task("chief", &doc, "review").await.unwrap();
        let targets = o
            .app
            .get(
                &format!("/incoming/{doc}/return_targets?task_id={task}"),
                "chief",
            )
            .await
            .ok();
        assert_eq!(names(&targets["items"], "step")[0], "propose");
        let round = targets["items"][0]["round"].clone();
        let none = o
            .on_task(
                "chief",
                &doc,
                "return",
                &task,
                json!({"target_round": round, "reason": ""}),
            )
            .await;
        assert_eq!(none.json["fields"][0]["field"], "reason");
        o.on_task(
            "chief",
            &doc,
            "return",
            &task,
            json!({"target_round": round, "reason": "请补充协办部门"}),
        )
        .await
        .ok();
        let d = o.detail("sec", &doc).await;
        assert_eq!(d["visible_status"], "拟办（文甲）");
        o.act("sec", &doc, "propose", json!({"plan": d["plan"]}))
            .await
            .ok();
        assert_eq!(
            o.detail("clerk", &doc).await["visible_status"],
            "审阅（任主任）"
        );
        o.check(&doc).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_division_that_is_not_competent_gets_replaced_by_another() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕2号").await;
        let mut plan = o.plan();
        plan["needs_review"] = json!(false);
        plan["circulation"]["identity_ids"] = json!([]);
        o.act("sec", &doc, "propose", json!({"plan": plan}))
            .await
            .ok();
        for leader in ["mayor", "vice"] {
            o.act(leader, &doc, "instruct", json!({"opinion": "同意"}))
                .await
                .ok();
        }
        o.act("sec", &doc, "dispatch", json!({"plan": plan}))
            .await
            .ok();
        let task = o.task("ny_head", &doc, "assign").await.unwrap();
        let targets = o
            .app
            .get(
                &format!("/incoming/{doc}/return_targets?task_id={task}"),
                "ny_head",
            )
            .await
            .ok();
        let round = targets["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|t| t["step"] == "dispatch")
            .unwrap()["round"]
            .clone();
        let body = json!({"target_round": round, "reason": "不属于我科职责", "then": "rerun"});
        o.on_task("ny_head", &doc, "return", &task, body).await.ok();
        // Both changed: refused. Only the returned one changed: the lead's branch goes on untouched.
        let mut other = plan.clone();
        other["undertakings"] = json!([{"role": "lead", "node_id": o.node("sub")}, {"role": "assist", "node_id": o.node("office")}]);
        assert_eq!(
            o.act("sec", &doc, "dispatch", json!({"plan": other}))
                .await
                .refused(422),
            "branch_one_node"
        );
        other["undertakings"] = json!([{"role": "lead", "node_id": o.node("zh")}, {"role": "assist", "node_id": o.node("sub")}]);
        o.act("sec", &doc, "dispatch", json!({"plan": other}))
            .await
            .ok();
        assert!(o.task("sub_head", &doc, "assign").await.is_some());
        assert!(
            o.task("zh_liaison", &doc, "liaison_forward")
                .await
                .is_some()
        );
        o.check(&doc).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shortest_way_skips_review_and_instruction() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕3号").await;
        let out = o
            .act("sec", &doc, "propose", json!({"plan": o.short_plan()}))
            .await
            .ok();
        assert_eq!(out["next"], "已送 综合代表 转送");
        assert_eq!(
            o.detail("sec", &doc).await["deadline"],
            "2026-03-11",
            "seven working days from registration"
        );
        // Taken back before anybody acted, sent again.
        let round = out["undo"]["round"].clone();
        o.app
            .post(
                &format!("/incoming/{doc}/withdraw"),
                "sec",
                json!({"round": round}),
            )
            .await
            .ok();
        o.act("sec", &doc, "propose", json!({"plan": o.short_plan()}))
            .await
            .ok();
        o.act("zh_liaison", &doc, "liaison_forward", json!({}))
            .await
            .ok();
        // Two-way reminders: pre-reminder on the ninth, due on the eleventh.
        o.app.clock().advance(7 * 86_400_000);
        o.app.drain().await;
        let told = urged(&o, &doc).await;
        assert!(
            told.contains(&o.id("zh_head")) && told.contains(&o.id("sec")),
            "{told:?}"
        );
        o.app.clock().advance(3 * 86_400_000);
        o.app.drain().await;
        let l = o.ledger(&doc).await;
        assert_ne!(l["urge_count"], "0");
        assert!(l["urged_on"].starts_with("2026-03-1"), "{}", l["urged_on"]);
        o.check(&doc).await;
    }
}

async fn urged(o: &Office, doc: &str) -> Vec<String> {
    let id: zs_base::Id = doc.parse().unwrap();
    o.app
        .app
        .db
        .read(move |tx| {
            let sql = "select distinct u.identity_id from flow_urge u join flow_instance i on i.id = u.instance_id where i.subject_id = $1";
            tx.query(sql, zs_db::vals![id])?.iter().map(|r| r.get::<zs_base::Id>(0).map(|i| i.to_string())).collect()
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_registries_at_once_get_two_numbers_and_one_task_is_done_once() {
    for o in offices().await {
        let (a, b) = (
            o.sign_in("clerk", "甲〔2026〕1号").await,
            o.sign_in("clerk2", "乙〔2026〕1号").await,
        );
        let (ta, tb) = (
            o.task("clerk", &a, "register").await.unwrap(),
            o.task("clerk2", &b, "register").await.unwrap(),
        );
        let (ra, rb) = tokio::join!(
            o.on_task(
                "clerk",
                &a,
                "register",
                &ta,
                o.register_body("甲〔2026〕1号")
            ),
            o.on_task(
                "clerk2",
                &b,
                "register",
                &tb,
                o.register_body("乙〔2026〕1号")
            ),
        );
        let mut got = [ra.ok()["serial_no"].clone(), rb.ok()["serial_no"].clone()]
            .map(|v| v.as_str().unwrap().to_owned());
        got.sort();
        assert_eq!(got, ["收〔2026〕1号", "收〔2026〕2号"]);
        let c = o.sign_in("clerk", "丙〔2026〕1号").await;
        let task = o.task("clerk", &c, "register").await.unwrap();
        let (x, y) = tokio::join!(
            o.on_task(
                "clerk",
                &c,
                "register",
                &task,
                o.register_body("丙〔2026〕1号")
            ),
            o.on_task(
                "clerk2",
                &c,
                "register",
                &task,
                o.register_body("丙〔2026〕1号")
            ),
        );
        let (won, lost) = if x.status.is_success() {
            (x, y)
        } else {
            (y, x)
        };
        assert_eq!(won.ok()["serial_no"], "收〔2026〕3号");
        let detail = lost.json["detail"].as_str().unwrap().to_owned();
        assert_eq!(lost.refused(409), "stale");
        assert!(detail.contains("收"), "it says who: {detail}");
        let d = o.sign_in("clerk", "丁〔2026〕1号").await;
        let mut body = o.register_body("丁〔2026〕1号");
        body["doc_class"] = json!("plain");
        let out = o.act("clerk", &d, "register", body).await.ok();
        assert_eq!(
            out["serial_no"], "白收〔2026〕1号",
            "each class has its own series"
        );
    }
}
