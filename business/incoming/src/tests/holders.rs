//! Tasks belong to their holders; who has no part sees nothing.
use serde_json::json;

use super::guards::register;
use super::kit::offices;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_it_and_tasks_belong_to_their_holders() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕9号").await;
        for who in ["stranger", "zh_staff", "mayor", "ny_head"] {
            assert_eq!(
                o.app
                    .get(&format!("/incoming/{doc}"), who)
                    .await
                    .refused(404),
                "not_found",
                "{who}"
            );
        }
        let task = o.task("sec", &doc, "propose").await.unwrap();
        let a = o
            .on_task(
                "stranger",
                &doc,
                "propose",
                &task,
                json!({"plan": o.short_plan()}),
            )
            .await;
        assert_eq!(a.refused(404), "not_found");
        let a = o
            .on_task(
                "clerk",
                &doc,
                "propose",
                &task,
                json!({"plan": o.short_plan()}),
            )
            .await;
        assert_eq!(
            a.refused(404),
            "not_found",
            "the registry sees it but it is not its task"
        );
        let a = o
            .on_task(
                "sec",
                &doc,
                "complete",
                &task,
                json!({"handling_result": "x"}),
            )
            .await;
        assert_eq!(a.refused(422), "wrong_step");
        o.on_task("sec", &doc, "claim", &task, json!({})).await.ok();
        let a = o
            .on_task(
                "sec2",
                &doc,
                "propose",
                &task,
                json!({"plan": o.short_plan()}),
            )
            .await;
        let detail = a.json["detail"].as_str().unwrap().to_owned();
        assert_eq!(a.refused(409), "stale");
        assert!(detail.contains("文甲"), "{detail}");
        o.on_task("sec", &doc, "unclaim", &task, json!({}))
            .await
            .ok();
        o.on_task(
            "sec2",
            &doc,
            "propose",
            &task,
            json!({"plan": o.short_plan()}),
        )
        .await
        .ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_document_ends_with_its_reason() {
    for o in offices().await {
        let doc = o.sign_in("clerk", "政发〔2026〕9号").await;
        register(&o, &doc, json!({})).await.ok();
        let a = o
            .act("sec", &doc, "preliminary_review", json!({"pass": false}))
            .await;
        assert_eq!(a.json["fields"][0]["field"], "opinion");
        let out = o
            .act(
                "sec",
                &doc,
                "preliminary_review",
                json!({"pass": false, "opinion": "主送单位有误"}),
            )
            .await
            .ok();
        assert_eq!(out["next"], "已退回来文单位");
        let d = o.detail("clerk", &doc).await;
        assert_eq!(
            (d["status"].as_str(), d["reject_reason"].as_str()),
            (Some("rejected"), Some("主送单位有误"))
        );
        o.check(&doc).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_open_to_whoever_takes_part_and_to_nobody_else() {
    for o in offices().await {
        let file = o.upload("clerk", "a.txt", "正文").await;
        let mut b = o.sign_in_body("政发〔2026〕9号");
        b["file_ids"] = json!([file]);
        let doc = o.app.post("/incoming", "clerk", b).await.ok()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = format!("/files/{file}");
        o.app.get(&path, "clerk2").await.ok();
        o.app.get(&path, "sec").await.ok();
        for who in ["zh_liaison", "stranger", "mayor"] {
            assert_eq!(
                o.app.get(&path, who).await.refused(404),
                "not_found",
                "{who}"
            );
        }
        register(&o, &doc, json!({"file_ids": [file]})).await.ok();
        o.act("sec", &doc, "preliminary_review", json!({"pass": true}))
            .await
            .ok();
        o.act("sec", &doc, "propose", json!({"plan": o.short_plan()}))
            .await
            .ok();
        o.app.get(&path, "zh_liaison").await.ok();
        assert_eq!(o.app.get(&path, "ny_head").await.refused(404), "not_found");
    }
}
