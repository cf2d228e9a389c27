//! The tree.
use super::*;
use crate::read;

async fn path_names(c: &City, id: Id) -> Vec<String> {
    c.read(move |tx| {
        let n = read::node(tx, id)?;
        Ok(read::ancestors(tx, &n)?
            .into_iter()
            .map(|a| a.short_name)
            .collect())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_listed_with_their_size_and_path() {
    for c in &cities().await {
        let roots = c.app.get("/org/nodes", "clerk").await.ok();
        assert_eq!(names(&roots["items"]), ["云海市"]);
        assert_eq!(roots["items"][0]["people_count"], 7);
        let below = c
            .app
            .get(&format!("/org/nodes?parent_id={}", c.gov), "clerk")
            .await
            .ok();
        assert_eq!(
            names(&below["items"]),
            [
                "秘书一科",
                "综合科",
                "云海市财政局",
                "云海市发展和改革委员会"
            ]
        );
        assert_eq!(below["items"][0]["people_count"], 3);
        assert_eq!(below["items"][2]["people_count"], 2);
        assert_eq!(below["items"][2]["has_children"], true);
        assert_eq!(below["items"][3]["has_children"], false);
        let one = c
            .app
            .get(&format!("/org/nodes/{}", c.bud), "clerk")
            .await
            .ok();
        let path: Vec<_> = names(&one["path"]);
        assert_eq!(path, ["云海", "市政府", "市财政局", "预算科"]);
        let options = c.app.get("/org/options", "clerk").await.ok();
        assert_eq!(
            options["unit_kinds"][0],
            json!({"key": "party", "title": "党委"})
        );
        assert_eq!(options["ranks"][8], json!({"rank": 90, "title": "科员"}));
        assert_eq!(
            c.app.get("/org/nodes/99999", "clerk").await.refused(404),
            "not_found"
        );
        assert_eq!(
            c.app
                .get("/org/nodes?parent_id=99999", "clerk")
                .await
                .refused(404),
            "not_found"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_made_changed_and_a_stale_page_is_told() {
    for c in &cities().await {
        let body = json!({"parent_id": c.gov, "kind": "unit", "unit_kind": "bureau", "name": " 云海市教育局 ", "short_name": "市教育局", "code": "YH0103"});
        let made = c
            .app
            .post("/admin/org/nodes", "sys", body.clone())
            .await
            .ok();
        assert_eq!(
            (made["name"].as_str(), made["version"].as_i64()),
            (Some("云海市教育局"), Some(1))
        );
        let path = format!("/admin/org/nodes/{}", made["id"].as_str().unwrap());
        let put = |v, b| c.put(&path, v, b);
        let changed = put(1, json!({"short_name": "教育局", "code": ""}))
            .await
            .ok();
        assert_eq!(
            (
                changed["short_name"].as_str(),
                changed["code"].as_str(),
                changed["version"].as_i64()
            ),
            (Some("教育局"), None, Some(2))
        );
        assert_eq!(
            put(1, json!({"name": "云海市教育体育局"}))
                .await
                .refused(409),
            "stale"
        );
        let no_version = c
            .app
            .call("PUT", &path, "sys", Some(json!({"name": "甲"})))
            .await;
        assert_eq!(no_version.json["fields"][0]["field"], "If-Match");
        let again = c.app.post("/admin/org/nodes", "sys", body).await;
        assert_eq!(again.json["fields"][0]["field"], "name");
        assert_eq!(again.refused(409), "name_taken");
        let same_code =
            json!({"parent_id": c.gov, "kind": "unit", "name": "别的局", "code": "YH0101"});
        assert_eq!(
            c.app
                .post("/admin/org/nodes", "sys", same_code)
                .await
                .refused(409),
            "code_taken"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_names_wrong_places_and_forged_ids_are_refused() {
    for c in &cities().await {
        let make = |body: Value| c.app.post("/admin/org/nodes", "sys", body);
        let a = make(json!({"parent_id": c.gov, "kind": "division", "name": "长".repeat(10_000)}))
            .await;
        assert_eq!(a.json["fields"][0]["field"], "name");
        assert!(
            a.json["fields"][0]["message"]
                .as_str()
                .unwrap()
                .contains("10000个字")
        );
        assert_eq!(a.refused(400), "invalid");
        let a = make(json!({"parent_id": c.gov, "kind": "unit", "unit_kind": "palace", "name": "", "code": "云01"})).await;
        let fields: Vec<_> = a.json["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap())
            .collect();
        assert_eq!(fields, ["name", "code", "unit_kind"], "all faults at once");
        assert_eq!(
            make(json!({"parent_id": 424242, "kind": "division", "name": "甲"}))
                .await
                .refused(404),
            "not_found"
        );
        for (parent, kind) in [
            (json!(c.region), "division"),
            (json!(c.sec), "unit"),
            (json!(c.gov), "region"),
            (Value::Null, "division"),
        ] {
            assert_eq!(
                make(json!({"parent_id": parent, "kind": kind, "name": "甲"}))
                    .await
                    .refused(422),
                "bad_parent"
            );
        }
        assert_eq!(
            make(json!({"parent_id": c.gov, "kind": "galaxy", "name": "甲"}))
                .await
                .refused(400),
            "invalid"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_takes_the_subtree_and_its_people_along() {
    for c in &cities().await {
        let go = |id: Id, body: Value| {
            let path = format!("/admin/org/nodes/{id}/move");
            async move { c.app.post(&path, "sys", body).await }
        };
        // 财政局 under 发改委, with its division.
        go(c.fin, json!({"parent_id": c.drc})).await.ok();
        assert_eq!(
            path_names(c, c.bud).await,
            ["云海", "市政府", "市发改委", "市财政局", "预算科"]
        );
        assert_eq!(
            go(c.drc, json!({"parent_id": c.fin})).await.refused(422),
            "move_cycle"
        );
        assert_eq!(
            go(c.drc, json!({"parent_id": c.drc})).await.refused(422),
            "move_cycle"
        );
        // 预算科 goes to 市政府, before 综合科: its people change their unit.
        go(c.bud, json!({"parent_id": c.gov, "before_id": c.gen_div}))
            .await
            .ok();
        let (head, gov) = (c.bud_head, c.gov);
        let i = c.read(move |tx| api::identity(tx, head)).await;
        assert_eq!((i.unit_id, i.unit_name.as_str()), (gov, "市政府"));
        let below = c
            .app
            .get(&format!("/org/nodes?parent_id={}", c.gov), "clerk")
            .await
            .ok();
        assert_eq!(
            names(&below["items"]),
            ["秘书一科", "预算科", "综合科", "云海市发展和改革委员会"]
        );
        assert_eq!(
            go(c.bud, json!({"parent_id": c.gov, "before_id": c.fin}))
                .await
                .refused(400),
            "invalid"
        );
        assert_eq!(
            go(c.bud, json!({"parent_id": 77})).await.refused(404),
            "not_found"
        );
        // A name that is taken at the new place.
        let body = json!({"parent_id": c.drc, "kind": "division", "name": "综合科"});
        c.app.post("/admin/org/nodes", "sys", body).await.ok();
        assert_eq!(
            go(c.gen_div, json!({"parent_id": c.drc}))
                .await
                .refused(409),
            "name_taken"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_empty_node_closes() {
    for c in &cities().await {
        let close = |id: Id| {
            let path = format!("/admin/org/nodes/{id}/close");
            async move { c.app.post(&path, "sys", json!({})).await }
        };
        let a = close(c.fin).await;
        assert!(
            a.json["detail"]
                .as_str()
                .unwrap()
                .contains("下级机构 1 个、在岗人员 1 人"),
            "{}",
            a.json
        );
        assert_eq!(a.refused(422), "node_not_empty");
        assert_eq!(close(c.gen_div).await.ok()["status"], "closed");
        assert_eq!(close(c.gen_div).await.refused(422), "node_inactive");
        // The name is free again, the code is not.
        let again = json!({"parent_id": c.gov, "kind": "division", "name": "综合科"});
        c.app.post("/admin/org/nodes", "sys", again).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_administrator_keeps_to_his_own_unit() {
    for c in &cities().await {
        let call = |path: String, body: Value| {
            let app = &c.app;
            async move { app.post(&path, "unit", body).await }
        };
        let division =
            |parent: Id| json!({"parent_id": parent, "kind": "division", "name": "国库科"});
        call("/admin/org/nodes".into(), division(c.fin)).await.ok();
        for parent in [json!(c.gov), json!(c.drc)] {
            let body = json!({"parent_id": parent, "kind": "division", "name": "国库科"});
            assert_eq!(
                call("/admin/org/nodes".into(), body).await.refused(404),
                "not_found"
            );
        }
        let top = json!({"parent_id": null, "kind": "unit", "name": "独立王国", "code": "X"});
        assert_eq!(
            call("/admin/org/nodes".into(), top).await.refused(400),
            "invalid"
        );
        let away = call(
            format!("/admin/org/nodes/{}/move", c.bud),
            json!({"parent_id": c.gov}),
        )
        .await;
        assert_eq!(away.refused(404), "not_found");
        let own = call(format!("/admin/org/nodes/{}/close", c.fin), json!({})).await;
        assert_eq!(own.refused(403), "forbidden");
        let merge = call(
            format!("/admin/org/nodes/{}/merge", c.bud),
            json!({"into_id": c.sec}),
        )
        .await;
        assert_eq!(merge.refused(404), "not_found");
        let put = |id: Id| {
            let path = format!("/admin/org/nodes/{id}");
            async move {
                c.app
                    .call(
                        "PUT",
                        &path,
                        "unit",
                        Some(json!({"name": "新名", "__if_match": 1})),
                    )
                    .await
            }
        };
        put(c.bud).await.ok();
        assert_eq!(put(c.sec).await.refused(404), "not_found");
        assert_eq!(put(c.region).await.refused(404), "not_found");
    }
}
