//! People and identities.
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_made_with_identity_and_account_and_changed() {
    for c in &cities().await {
        let body = json!({"name": "周九", "mobile": "13900000009", "login": "zhoujiu", "initial_password": "correct horse",
            "identity": {"node_id": c.gen_div, "post": "科员", "rank": 90}});
        let p = c.app.post("/admin/people", "sys", body).await.ok();
        assert_eq!(
            (p["login"].as_str(), p["account_status"].as_str()),
            (Some("zhoujiu"), Some("active"))
        );
        assert_eq!(
            (
                p["identities"][0]["division_name"].as_str(),
                p["identities"][0]["is_primary"].as_bool()
            ),
            (Some("综合科"), Some(true))
        );
        let path = format!("/admin/people/{}", p["id"].as_str().unwrap());
        let q = c
            .put(&path, 1, json!({"name": "周玖", "mobile": null}))
            .await
            .ok();
        assert_eq!(
            (
                q["name"].as_str(),
                q["mobile"].as_str(),
                q["version"].as_i64()
            ),
            (Some("周玖"), None, Some(2))
        );
        assert_eq!(
            c.put(&path, 1, json!({"name": "周"})).await.refused(409),
            "stale"
        );
        let short = json!({"name": "甲", "login": "jia", "initial_password": "short", "identity": {"node_id": c.sec}});
        let a = c.app.post("/admin/people", "sys", short).await;
        assert_eq!(a.json["fields"][0]["field"], "initial_password");
        let taken = json!({"name": "乙", "login": "zhoujiu", "identity": {"node_id": c.sec}});
        assert_eq!(
            c.app
                .post("/admin/people", "sys", taken)
                .await
                .status
                .as_u16(),
            409
        );
        assert_eq!(
            c.number("select count(*) from org_person where name = '乙'")
                .await,
            0,
            "all or nothing"
        );
        let secret = c.number("select count(*) from audit_log where change like '%correct horse%' or change like '%13900000009%'").await;
        assert_eq!(secret, 0, "neither passwords nor numbers stand in the log");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_people_are_refused_field_by_field() {
    for c in &cities().await {
        let make = |body: Value| c.app.post("/admin/people", "sys", body);
        let a = make(json!({"name": " ", "mobile": "123", "identity": {"node_id": c.sec}})).await;
        let fields: Vec<_> = a.json["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap())
            .collect();
        assert_eq!(fields, ["name", "mobile"]);
        let long = make(json!({"name": "长".repeat(10_000), "identity": {"node_id": c.sec}})).await;
        assert_eq!(long.json["fields"][0]["field"], "name");
        assert_eq!(
            make(json!({"name": "甲", "identity": {"node_id": 99}}))
                .await
                .refused(404),
            "not_found"
        );
        assert_eq!(
            make(json!({"name": "甲", "identity": {"node_id": c.region}}))
                .await
                .refused(422),
            "bad_parent"
        );
        let rank = make(json!({"name": "甲", "identity": {"node_id": c.sec, "rank": 0}})).await;
        assert_eq!(rank.json["fields"][0]["field"], "rank");
        assert_eq!(c.number("select count(*) from org_person").await, 7);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_identity_is_the_main_one() {
    for c in &cities().await {
        let person = c.person_of(c.clerk).await;
        let add = json!({"node_id": c.gen_div, "post": "兼职", "is_primary": true});
        let second = c
            .app
            .post(
                &format!("/admin/people/{person}/identities"),
                "sys",
                add.clone(),
            )
            .await
            .ok();
        let primary = || {
            c.read(move |tx| {
                Ok(api::identities_of_person(tx, person)?
                    .into_iter()
                    .filter(|i| i.is_primary)
                    .map(|i| i.id)
                    .collect::<Vec<_>>())
            })
        };
        let second: Id = second["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(primary().await, [second]);
        assert_eq!(
            c.app
                .post(&format!("/admin/people/{person}/identities"), "sys", add)
                .await
                .refused(409),
            "same_post"
        );
        let put = |id: Id, body: Value| {
            let path = format!("/admin/identities/{id}");
            async move { c.app.call("PUT", &path, "sys", Some(body)).await }
        };
        let first = put(
            c.clerk,
            json!({"is_primary": true, "post": "主任科员", "rank": 75, "is_head": true}),
        )
        .await
        .ok();
        assert_eq!(
            (
                first["post"].as_str(),
                first["rank"].as_i64(),
                first["is_head"].as_bool()
            ),
            (Some("主任科员"), Some(75), Some(true))
        );
        assert_eq!(primary().await, [c.clerk]);
        put(c.clerk, json!({"is_primary": false})).await.ok();
        assert_eq!(primary().await, [c.clerk], "somebody must be the main one");
        c.app
            .post(
                &format!("/admin/identities/{}/end", c.clerk),
                "sys",
                json!({}),
            )
            .await
            .ok();
        assert_eq!(primary().await, [second]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_administrator_touches_his_own_people_only() {
    for c in &cities().await {
        let list = c.app.get("/admin/people", "unit").await.ok();
        assert_eq!(
            (names(&list["items"]), list["total"].as_i64()),
            (vec!["钱七", "孙八"], Some(2))
        );
        let (mine, other) = (c.person_of(c.bud_head).await, c.person_of(c.clerk).await);
        c.app
            .get(&format!("/admin/people/{mine}"), "unit")
            .await
            .ok();
        let paths = [
            ("GET", format!("/admin/people/{other}"), Value::Null),
            (
                "PUT",
                format!("/admin/people/{other}"),
                json!({"name": "甲", "__if_match": 1}),
            ),
            (
                "POST",
                format!("/admin/people/{other}/identities"),
                json!({"node_id": c.bud}),
            ),
            ("POST", format!("/admin/people/{other}/leave"), json!({})),
            (
                "PUT",
                format!("/admin/identities/{}", c.clerk),
                json!({"post": "局长"}),
            ),
            (
                "POST",
                format!("/admin/identities/{}/end", c.clerk),
                json!({}),
            ),
            (
                "POST",
                format!("/admin/identities/{}/move", c.clerk),
                json!({"node_id": c.bud}),
            ),
            (
                "GET",
                format!("/admin/identities/{}/open_items", c.clerk),
                Value::Null,
            ),
            (
                "GET",
                format!("/admin/identities/{}/supervision", c.vice),
                Value::Null,
            ),
            (
                "PUT",
                format!("/admin/identities/{}/supervision", c.bud_head),
                json!({"node_ids": [c.sec]}),
            ),
            (
                "POST",
                format!("/admin/identities/{}/move", c.bud_head),
                json!({"node_id": c.sec}),
            ),
            (
                "POST",
                format!("/admin/identities/{}/end", c.bud_head),
                json!({"heir_identity_id": c.clerk}),
            ),
            (
                "POST",
                "/admin/people".into(),
                json!({"name": "甲", "identity": {"node_id": c.sec}}),
            ),
            ("GET", "/admin/people/424242".into(), Value::Null),
        ];
        for (method, path, body) in paths {
            let body = (method != "GET").then_some(body);
            let a = c.app.call(method, &path, "unit", body).await;
            assert_eq!(a.refused(404), "not_found", "{method} {path}");
        }
        c.app
            .post(
                "/admin/people",
                "unit",
                json!({"name": "吴十", "identity": {"node_id": c.bud}}),
            )
            .await
            .ok();
        // A person with an identity elsewhere too: only that identity is his.
        c.app
            .post(
                &format!("/admin/people/{other}/identities"),
                "sys",
                json!({"node_id": c.bud, "post": "兼职"}),
            )
            .await
            .ok();
        let rename = c
            .app
            .call(
                "PUT",
                &format!("/admin/people/{other}"),
                "unit",
                Some(json!({"name": "甲", "__if_match": 1})),
            )
            .await;
        assert_eq!(rename.refused(422), "person_elsewhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_liaisons_superiors_and_leaders_in_charge() {
    for c in &cities().await {
        let x = (c.sec, c.gov, c.gen_div, c.fin, c.bud, c.drc);
        let (mayor, vice, head, liaison, clerk, fin_head, bud_head) = (
            c.mayor, c.vice, c.head, c.liaison, c.clerk, c.fin_head, c.bud_head,
        );
        c.read(move |tx| {
            let ids = |v: Vec<api::Identity>| v.into_iter().map(|i| i.id).collect::<Vec<_>>();
            let (sec, gov, gen_div, fin, bud, drc) = x;
            assert_eq!(ids(api::heads_of(tx, sec)?), [head]);
            assert_eq!(
                ids(api::heads_of(tx, gen_div)?),
                [mayor],
                "falls back to the unit"
            );
            assert_eq!(ids(api::heads_of(tx, drc)?), []);
            assert_eq!(ids(api::liaisons_of(tx, sec)?), [liaison]);
            assert_eq!(
                ids(api::liaisons_of(tx, gov)?),
                [liaison],
                "a unit asks its divisions"
            );
            assert_eq!(ids(api::liaisons_of(tx, gen_div)?), []);
            assert_eq!(ids(api::supervising_leaders(tx, sec)?), [vice]);
            assert_eq!(ids(api::supervising_leaders(tx, bud)?), []);
            for (me, over) in [
                (clerk, head),
                (head, vice),
                (vice, mayor),
                (bud_head, fin_head),
                (fin_head, mayor),
            ] {
                assert_eq!(ids(api::superiors_of(tx, me)?), [over]);
            }
            assert_eq!(ids(api::superiors_of(tx, mayor)?), []);
            assert_eq!(
                ids(api::people_of(tx, sec)?),
                [head, liaison, clerk],
                "by rank"
            );
            assert_eq!(
                ids(api::identities(tx, &[clerk, mayor, Id(5)])?),
                [mayor, clerk]
            );
            assert_eq!(api::unit_of(tx, bud)?.id, fin);
            assert_eq!(
                api::next_level(tx, gov)?
                    .iter()
                    .map(|n| n.id)
                    .collect::<Vec<_>>(),
                [sec, gen_div, fin, drc]
            );
            assert_eq!(api::next_level(tx, sec)?, []);
            assert!(
                api::is_under(tx, bud, gov)?
                    && !api::is_under(tx, gov, bud)?
                    && !api::is_under(tx, Id(3), gov)?
            );
            assert_eq!(api::units_under(tx, gov)?.len(), 3);
            Ok(())
        })
        .await;
        let path = format!("/admin/identities/{}/supervision", c.vice);
        c.app
            .call(
                "PUT",
                &path,
                "sys",
                Some(json!({"node_ids": [c.sec, c.fin]})),
            )
            .await
            .ok();
        assert_eq!(
            c.app.get(&path, "sys").await.ok()["items"]
                .as_array()
                .unwrap()
                .len(),
            2
        );
    }
}
