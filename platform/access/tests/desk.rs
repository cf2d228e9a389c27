//! The audit log and personal things.
mod common;

use common::*;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_paged_filtered_and_exported() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let who = person(&app, u, "=张三", "zhangsan").await;
        app.clock().advance(3_600_000 / 4);
        let from = app.clock().now();
        app.post(
            "/admin/grants",
            &a.sec,
            json!({"identity_id": who.identity, "role": "leader"}),
        )
        .await
        .ok();
        let t = login(&app, "zhangsan", PASSWORD).await;
        app.get("/admin/audit", &t).await.refused(403);
        let all = app
            .get(&format!("/admin/audit?from_at={from}"), &a.auditor)
            .await
            .ok();
        let ops: Vec<&str> = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["op_title"].as_str().unwrap())
            .collect();
        assert_eq!(ops, ["审计日志", "登录", "授予角色"]);
        assert_eq!(all["items"][0]["result"], "forbidden");
        let q = app
            .get("/admin/audit?q=%E6%8E%88%E4%BA%88", &a.auditor)
            .await
            .ok();
        assert!(
            q["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|r| r["op"] == "access.grant"),
            "by title"
        );
        let by = app
            .get("/admin/audit?actor=%E8%B5%B5&op=access", &a.auditor)
            .await
            .ok();
        assert!(
            by["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|r| r["actor_name"] == "赵安全")
        );
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app
                .get(&format!("/admin/audit?limit=3{cursor}"), &a.auditor)
                .await
                .ok();
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|r| r["id"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(n) => cursor = format!("&cursor={n}"),
                None => break,
            }
        }
        let n = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), n, "no row twice");
        assert_eq!(
            i64::try_from(n).unwrap(),
            count(&app, "select count(*) from audit_log").await
        );
        let file = app.get("/admin/audit/export?actor=%3D", &a.auditor).await;
        assert!(file.status.is_success());
        assert_eq!(&file.bytes[..2], b"PK");
        assert_eq!(
            count(
                &app,
                "select count(*) from audit_log where op = 'audit.export'"
            )
            .await,
            1,
            "the export is in the log"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_things_belong_to_their_owner() {
    for app in apps().await {
        founded(&app).await;
        let u = unit(&app, "财政局").await;
        person(&app, u, "张三", "zhangsan").await;
        person(&app, u, "李四", "lisi").await;
        let (a, b) = (
            login(&app, "zhangsan", PASSWORD).await,
            login(&app, "lisi", PASSWORD).await,
        );
        app.call(
            "PUT",
            "/me/settings",
            &a,
            Some(json!({"key": "density", "value": "compact"})),
        )
        .await
        .ok();
        app.call(
            "PUT",
            "/me/settings",
            &a,
            Some(json!({"key": "columns.todo", "value": ["title", "due_at"]})),
        )
        .await
        .ok();
        assert_eq!(
            app.get("/me/settings", &a).await.ok()["values"],
            json!({"columns.todo": ["title", "due_at"], "density": "compact"})
        );
        assert_eq!(app.get("/me/settings", &b).await.ok()["values"], json!({}));
        let p = app
            .post("/me/phrases", &a, json!({"text": "请抓紧办理。"}))
            .await
            .ok();
        let path = format!("/me/phrases/{}", p["id"].as_str().unwrap());
        let edit = json!({"text": "请抓紧。", "sort": 9});
        assert_eq!(
            app.call("PUT", &path, &b, Some(edit.clone()))
                .await
                .refused(404),
            "not_found"
        );
        app.call("PUT", &path, &a, Some(edit)).await.ok();
        let list = app.get("/me/phrases", &a).await.ok();
        assert_eq!(
            (
                list["items"][0]["text"].clone(),
                list["items"][0]["shared"].clone()
            ),
            (json!("请抓紧。"), json!(false))
        );
        let shared = app.get("/me/phrases", &b).await.ok();
        assert!(
            shared["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|p| p["shared"] == true)
        );
        assert!(
            shared["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|p| p["text"] == "拟同意，请领导批示。")
        );
        let s = shared["items"][0]["id"].as_str().unwrap();
        assert_eq!(
            app.call("DELETE", &format!("/me/phrases/{s}"), &b, None)
                .await
                .refused(404),
            "not_found",
            "shared ones stay"
        );
        app.call("DELETE", &path, &a, None).await.ok();
        let f = json!({"list": "incoming", "name": "急件", "query": {"urgency": "urgent"}});
        let one = app.post("/me/filters", &a, f.clone()).await.ok();
        let same = app.post("/me/filters", &a, f).await.ok();
        assert_eq!(one["id"], same["id"], "the same name is replaced");
        assert_eq!(
            app.get("/me/filters?list=incoming", &a).await.ok()["items"][0]["query"]["urgency"],
            "urgent"
        );
        let path = format!("/me/filters/{}", one["id"].as_str().unwrap());
        assert_eq!(
            app.call("DELETE", &path, &b, None).await.refused(404),
            "not_found"
        );
        app.call("DELETE", &path, &a, None).await.ok();
        let empty = app.post("/me/phrases", &a, json!({"text": "  "})).await;
        assert_eq!(empty.refused(400), "invalid");
    }
}
