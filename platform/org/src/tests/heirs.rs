//! Nobody goes while work stands on him, unless somebody takes it over.
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_with_open_items_ends_only_with_an_heir() {
    for c in &cities().await {
        c.give_work(c.clerk, 3).await;
        let open = c
            .app
            .get(&format!("/admin/identities/{}/open_items", c.clerk), "sys")
            .await
            .ok();
        assert_eq!(
            (open["count"].as_i64(), open["items"][0]["title"].as_str()),
            (Some(3), Some("来文0"))
        );
        let end = |heir: Value| {
            let path = format!("/admin/identities/{}/end", c.clerk);
            async move {
                c.app
                    .post(&path, "sys", json!({"heir_identity_id": heir}))
                    .await
            }
        };
        let a = end(Value::Null).await;
        assert!(
            a.json["detail"].as_str().unwrap().contains("张三还有 3 件"),
            "{}",
            a.json
        );
        assert_eq!(a.refused(422), "heir_needed");
        assert_eq!(end(json!(c.clerk)).await.refused(422), "heir_invalid");
        assert_eq!(end(json!(424_242)).await.refused(404), "not_found");
        assert_eq!(c.work_of(c.clerk).await, 3, "a refusal changes nothing");
        assert_eq!(end(json!(c.liaison)).await.ok()["status"], "ended");
        assert_eq!(
            (c.work_of(c.clerk).await, c.work_of(c.liaison).await),
            (0, 3)
        );
        assert_eq!(
            end(json!(c.liaison)).await.refused(422),
            "identity_not_active"
        );
        // An identity that ended is nobody's heir.
        c.give_work(c.head, 1).await;
        let a = c
            .app
            .post(
                &format!("/admin/identities/{}/end", c.head),
                "sys",
                json!({"heir_identity_id": c.clerk}),
            )
            .await;
        assert_eq!(a.refused(422), "heir_invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_leaves_with_all_identities_or_not_at_all() {
    for c in &cities().await {
        let person = c.person_of(c.head).await;
        let second = c
            .app
            .post(
                &format!("/admin/people/{person}/identities"),
                "sys",
                json!({"node_id": c.fin, "post": "挂职副局长", "rank": 60}),
            )
            .await
            .ok();
        let second: Id = second["id"].as_str().unwrap().parse().unwrap();
        c.give_work(c.head, 2).await;
        c.give_work(second, 1).await;
        let leave = |token: &'static str, heirs: Value| {
            let path = format!("/admin/people/{person}/leave");
            async move { c.app.post(&path, token, json!({"heirs": heirs})).await }
        };
        let a = leave("sys", json!([])).await;
        assert!(
            a.json["detail"]
                .as_str()
                .unwrap()
                .contains("李四等 2 个身份还有 3 件"),
            "{}",
            a.json
        );
        assert_eq!(
            a.json["fields"].as_array().unwrap().len(),
            2,
            "each identity with its count"
        );
        assert_eq!(a.refused(422), "heir_needed");
        let one = json!([{"identity_id": c.head, "heir_identity_id": c.clerk}]);
        assert_eq!(leave("sys", one).await.refused(422), "heir_needed");
        // The other identity of the one who leaves cannot inherit, and the work handed over before that is rolled back.
        let own = json!([{"identity_id": c.head, "heir_identity_id": c.clerk}, {"identity_id": second, "heir_identity_id": c.head}]);
        assert_eq!(leave("sys", own).await.refused(422), "heir_invalid");
        assert_eq!((c.work_of(c.head).await, c.work_of(c.clerk).await), (2, 0));
        assert_eq!(
            leave("unit", json!([])).await.refused(422),
            "person_elsewhere"
        );
        let both = json!([{"identity_id": c.head, "heir_identity_id": c.clerk}, {"identity_id": second, "heir_identity_id": c.fin_head}]);
        leave("sys", both.clone()).await.ok();
        assert_eq!(
            (c.work_of(c.clerk).await, c.work_of(c.fin_head).await),
            (2, 1)
        );
        let left = c.app.get("/admin/people?status=left", "sys").await.ok();
        assert_eq!(names(&left["items"]), ["李四"]);
        assert_eq!(leave("sys", both).await.refused(422), "person_has_left");
        let told = c
            .number("select count(*) from outbox where topic = 'org.person_left'")
            .await;
        assert_eq!(told, 1);
        // Back again: a new identity makes the person active.
        c.app
            .post(
                &format!("/admin/people/{person}/identities"),
                "sys",
                json!({"node_id": c.gen_div, "post": "科员"}),
            )
            .await
            .ok();
        let one = c
            .app
            .get(&format!("/admin/people/{person}"), "sys")
            .await
            .ok();
        assert_eq!(
            (
                one["status"].as_str(),
                one["identities"][0]["is_primary"].as_bool()
            ),
            (Some("active"), Some(true))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_hands_over_or_takes_along_within_the_unit_only() {
    for c in &cities().await {
        c.give_work(c.clerk, 2).await;
        let go = |node: Id, extra: Value| {
            let path = format!("/admin/identities/{}/move", c.clerk);
            let mut body = json!({"node_id": node, "post": "科员"});
            for (k, v) in extra.as_object().unwrap() {
                body[k] = v.clone();
            }
            async move { c.app.post(&path, "sys", body).await }
        };
        assert_eq!(go(c.fin, json!({})).await.refused(422), "heir_needed");
        assert_eq!(
            go(c.fin, json!({"take_along": true})).await.refused(422),
            "heir_needed"
        );
        assert_eq!(go(c.sec, json!({})).await.refused(409), "same_post");
        assert_eq!(go(c.region, json!({})).await.refused(422), "bad_parent");
        let new = go(c.gen_div, json!({"take_along": true})).await.ok();
        assert_eq!(
            (
                new["division_name"].as_str(),
                new["is_primary"].as_bool(),
                new["rank"].as_i64()
            ),
            (Some("综合科"), Some(true), Some(90))
        );
        let id: Id = new["id"].as_str().unwrap().parse().unwrap();
        assert_eq!((c.work_of(id).await, c.work_of(c.clerk).await), (2, 0));
        let (old, successor) = (c.clerk, id);
        let heir: Option<Id> = c
            .read(move |tx| {
                tx.one("select heir_id from org_identity where id = $1", vals![old])?
                    .get(0)
            })
            .await;
        assert_eq!(heir, Some(successor));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merger_brings_people_divisions_and_work_into_the_other_unit() {
    for c in &cities().await {
        c.give_work(c.fin_head, 4).await;
        let merge = |into: Id, heirs: Value| {
            let path = format!("/admin/org/nodes/{}/merge", c.fin);
            async move {
                c.app
                    .post(&path, "sys", json!({"into_id": into, "heirs": heirs}))
                    .await
            }
        };
        assert_eq!(merge(c.drc, json!([])).await.refused(422), "heir_needed");
        assert_eq!(merge(c.sec, json!([])).await.refused(422), "merge_kind");
        assert_eq!(merge(c.fin, json!([])).await.refused(422), "merge_kind");
        assert_eq!(merge(Id(99), json!([])).await.refused(404), "not_found");
        let into = merge(
            c.drc,
            json!([{"identity_id": c.fin_head, "take_along": true}]),
        )
        .await
        .ok();
        assert_eq!(
            (
                into["has_children"].as_bool(),
                into["people_count"].as_i64()
            ),
            (Some(true), Some(2))
        );
        let (fin, drc, old, bud_head) = (c.fin, c.drc, c.fin_head, c.bud_head);
        let (merged, successor, moved) = c
            .read(move |tx| {
                let old = api::identity(tx, old)?;
                let now = api::identities_of_person(tx, old.person_id)?.remove(0);
                assert_eq!(old.status, "ended");
                Ok((api::node(tx, fin)?, now, api::identity(tx, bud_head)?))
            })
            .await;
        assert_eq!(
            (merged.status.as_str(), merged.heir_id),
            ("merged", Some(drc))
        );
        assert_eq!(
            (
                successor.unit_id,
                successor.post.as_str(),
                successor.is_primary,
                successor.is_head
            ),
            (drc, "局长", true, false)
        );
        assert_eq!(c.work_of(successor.id).await, 4);
        assert_eq!(
            (moved.unit_id, moved.status.as_str()),
            (drc, "active"),
            "a division keeps its identities"
        );
        assert_eq!(merge(c.drc, json!([])).await.refused(422), "node_inactive");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_engine_nobody_has_open_items() {
    for c in &cities_with(Services::default).await {
        c.app
            .post(
                &format!("/admin/identities/{}/end", c.clerk),
                "sys",
                json!({}),
            )
            .await
            .ok();
        let body = json!({"name": "周九", "login": "zhoujiu", "identity": {"node_id": c.sec}});
        assert_eq!(
            c.app.post("/admin/people", "sys", body).await.refused(503),
            "accounts_absent"
        );
    }
}
