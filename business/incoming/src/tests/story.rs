//! The whole story: from sign-in to filing.
use serde_json::{Value, json};

use super::kit::{Office, offices};

pub(super) fn names<'a>(v: &'a Value, key: &str) -> Vec<&'a str> {
    v.as_array()
        .unwrap()
        .iter()
        .map(|x| x[key].as_str().unwrap_or_default())
        .collect()
}

fn allowed(detail: &Value, act: &str) -> bool {
    detail["acts"]
        .as_array()
        .unwrap()
        .iter()
        .any(|a| a["act"] == act && a["allowed"] == true)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares() {
    for o in offices().await {
        o.app.statements_prepare().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_all_the_way_from_sign_in_to_the_archive() {
    for o in offices().await {
        let doc = to_instruction(&o).await;
        instruct_and_dispatch(&o, &doc).await;
        handle(&o, &doc).await;
        finish(&o, &doc).await;
    }
}

/// A document that went all the way.
pub(super) async fn filed(o: &Office) -> String {
    let doc = to_instruction(o).await;
    instruct_and_dispatch(o, &doc).await;
    handle(o, &doc).await;
    finish(o, &doc).await;
    doc
}

async fn to_instruction(o: &Office) -> String {
    let body = o
        .upload("clerk", "tongzhi.txt", "关于做好防汛工作的通知")
        .await;
    let mut sign = o.sign_in_body("国办发〔2026〕8号");
    sign["file_ids"] = json!([body]);
    let made = o.app.post("/incoming", "clerk", sign).await.ok();
    let doc = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["version"], 1);
    let d = o.detail("clerk", &doc).await;
    assert_eq!(d["attachments"][0]["id"], body.as_str());
    assert_eq!(d["visible_status"], "登记（收一、收二）");
    let mut reg = o.register_body("国办发〔2026〕8号");
    reg["file_ids"] = json!([body]);
    let out = o.act("clerk2", &doc, "register", reg).await.ok();
    assert_eq!(out["serial_no"], "收〔2026〕1号");
    assert!(out["next"].as_str().unwrap().contains("初审"), "{out}");
    let out = o
        .act("sec", &doc, "preliminary_review", json!({"pass": true}))
        .await
        .ok();
    assert_eq!(out["undo"]["act"], "withdraw");
    let out = o
        .act("sec", &doc, "propose", json!({"plan": o.plan()}))
        .await
        .ok();
    assert_eq!(out["next"], "已送 任主任 审阅");
    // The office head changes the text; the old one stays.
    let mut plan = o.plan();
    plan["proposed_handling"] = json!("请王市长、李副市长批示。");
    o.act(
        "chief",
        &doc,
        "review",
        json!({"plan": plan, "opinion": "报两位领导。", "agree": true}),
    )
    .await
    .ok();
    let d = o.detail("sec", &doc).await;
    assert_eq!(d["plan"]["proposed_handling"], "请王市长、李副市长批示。");
    let old = &d["plan_revisions"][0];
    assert_eq!(
        (old["by"].as_str(), old["step_title"].as_str()),
        (Some("任主任"), Some("审阅"))
    );
    assert_eq!(
        old["before"]["proposed_handling"],
        "请王市长、李副市长阅示，综合科主办，农业科协办。"
    );
    o.check(&doc).await;
    doc
}

async fn instruct_and_dispatch(o: &Office, doc: &str) {
    assert_eq!(
        o.task("vice", doc, "instruct").await,
        None,
        "his turn comes after the mayor's"
    );
    let ink = json!({"width": 600, "height": 200, "strokes": [{"color": "#d00000", "width": 2.5, "pts": [[1, 2, 0.5, 0], [9, 9, 0.6, 12]]}]});
    o.act("mayor", doc, "instruct", json!({"opinion": "", "ink": ink}))
        .await
        .ok();
    o.app.clock().advance(86_400_000);
    let out = o
        .act(
            "vice",
            doc,
            "instruct",
            json!({"opinion": "同意，请综合科抓紧。"}),
        )
        .await
        .ok();
    assert_eq!(out["next"], "已送 文甲 分发");
    let d = o.detail("sec", doc).await;
    let mayor = d["opinions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|x| x["name"] == "王市长")
        .unwrap()
        .clone();
    assert_eq!(mayor["ink"]["strokes"][0]["pts"][1][2], 0.6);
    assert_eq!(d["opinions"][0]["name"], "王市长", "leaders first");
    o.act("sec", doc, "dispatch", json!({"plan": d["plan"]}))
        .await
        .ok();
    let d = o.detail("clerk", doc).await;
    assert_eq!(
        d["deadline"], "2026-03-12",
        "seven working days from the instruction of 3 March"
    );
    assert_eq!(d["plan"]["urge"], true);
    o.check(doc).await;
}

async fn handle(o: &Office, doc: &str) {
    // Downstream only, and no urging for the handlers.
    let d = o.detail("zh_liaison", doc).await;
    assert!(d["plan"].get("urge").is_none() && d["plan"].get("pre_reminder_days").is_none());
    assert!(d.get("urge_count").is_none());
    assert_eq!(names(&d["handling"], "unit_name"), ["综合科"]);
    assert!(
        names(&d["opinions"], "name").is_empty(),
        "what was said before his part is upstream"
    );
    assert!(
        !d["visible_status"].as_str().unwrap().contains("农业"),
        "{}",
        d["visible_status"]
    );
    o.act("zh_liaison", doc, "liaison_forward", json!({}))
        .await
        .ok();
    let out = o
        .act(
            "zh_head",
            doc,
            "assign",
            json!({"opinion": "请综合员办理", "undertaker_identity_id": o.id("zh_staff")}),
        )
        .await
        .ok();
    assert_eq!(out["next"], "已送 综合员 承办");
    // The assist has no liaison: its head has the task at once and handles it himself.
    let out = o
        .act(
            "ny_head",
            doc,
            "assign",
            json!({"opinion": "我来办", "undertaker_identity_id": null, "result": "已协助核对。"}),
        )
        .await
        .ok();
    assert_eq!(out["next"], "已提交，等待其他人办理");
    // Urging reaches the lead only.
    let urged = o
        .app
        .post(
            &format!("/incoming/{doc}/urge"),
            "sec",
            json!({"message": "请抓紧"}),
        )
        .await
        .ok();
    assert_eq!(urged["next"], "已催办");
    let d = o.detail("sec", doc).await;
    let line = d["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["act"] == "urge")
        .unwrap()
        .clone();
    assert_eq!(line["to"], json!(["综合员"]));
    assert_eq!(d["urge_count"], 1);
    assert!(!names(&o.detail("zh_staff", doc).await["timeline"], "act").contains(&"urge"));
    // Readers: one head passes it on to his own people.
    o.act(
        "zh_head",
        doc,
        "circulation_read",
        json!({"opinion": "已阅", "pass_on": [o.id("zh_staff2")]}),
    )
    .await
    .ok();
    o.act("ny_head", doc, "circulation_read", json!({"pass_on": []}))
        .await
        .ok();
    let d = o.detail("zh_staff2", doc).await;
    assert_eq!(names(&d["circulation"], "name"), ["综合员二"]);
    o.act(
        "zh_staff2",
        doc,
        "circulation_read",
        json!({"opinion": "收到"}),
    )
    .await
    .ok();
    let out = o
        .act(
            "zh_staff",
            doc,
            "undertake",
            json!({"result": "已排查隐患12处，全部整改。"}),
        )
        .await
        .ok();
    assert_eq!(out["next"], "已送 文甲 答复");
    let d = o.detail("mayor", doc).await;
    assert_eq!(
        names(&d["handling"], "state"),
        ["已办结", "已办结"],
        "the leader sees what he caused"
    );
    o.check(doc).await;
}

async fn finish(o: &Office, doc: &str) {
    o.act(
        "sec",
        doc,
        "reply",
        json!({"reply_text": "已按要求办理。", "replied_date": "2026-03-03"}),
    )
    .await
    .ok();
    o.act(
        "sec",
        doc,
        "complete",
        json!({"handling_result": "隐患全部整改，已答复。"}),
    )
    .await
    .ok();
    assert_eq!(o.detail("clerk", doc).await["status"], "completed");
    let bad = o
        .act("clerk", doc, "archive", json!({"retention": "forever"}))
        .await;
    assert_eq!(bad.json["fields"][0]["field"], "retention");
    o.act(
        "clerk",
        doc,
        "archive",
        json!({"retention": "30y", "fonds_note": "归入2026年度"}),
    )
    .await
    .ok();
    let d = o.detail("clerk", doc).await;
    assert_eq!(
        (d["status"].as_str(), d["visible_status"].as_str()),
        (Some("archived"), Some("已归档"))
    );
    assert_eq!(d["digest"].as_str().unwrap().len(), 64);
    assert!(!allowed(&d, "edit") && !allowed(&d, "void"));
    let mut edit = o.register_body("国办发〔2026〕8号");
    edit["__if_match"] = d["version"].clone();
    let frozen = o
        .app
        .call("PUT", &format!("/incoming/{doc}"), "clerk", Some(edit))
        .await;
    assert_eq!(frozen.refused(422), "archived_frozen");
    let l = o.ledger(doc).await;
    let want = [
        ("sign_in_mark", "已签收"),
        ("sign_in_by", "收一"),
        ("sign_in_on", "2026-03-02"),
        ("entry_by", "收二"),
        ("proposed_by", "文甲"),
        ("proposed_handling", "请王市长、李副市长批示。"),
        ("deadline", "2026-03-12"),
        ("urged", "是"),
        ("pre_reminder", "提前2个工作日"),
        ("instruct_needed", "是"),
        ("instructed_by", "王市长、李副市长"),
        ("instructed_on", "2026-03-03"),
        (
            "instruction",
            "王市长：（手写批示）；李副市长：同意，请综合科抓紧。",
        ),
        ("circulated", "是"),
        ("circulated_divisions", "综合科、农业科"),
        ("circulation_complete", "是"),
        ("undertaken", "是"),
        ("undertaking_unit", "综合科"),
        ("assisted", "是"),
        ("assist_units", "农业科"),
        (
            "undertaking_opinion",
            "农业科：我来办；综合科：请综合员办理",
        ),
        ("handling_result", "隐患全部整改，已答复。"),
        ("urge_count", "1"),
    ];
    for (key, text) in want {
        let mut have = l[key].clone();
        if key == "undertaking_opinion" {
            let mut parts: Vec<&str> = have.split('；').collect();
            parts.sort_unstable();
            have = parts.join("；");
        }
        assert_eq!(have, text, "{key}");
    }
    o.check(doc).await;
}
