//! Three administrators: grants, accounts, sessions, the audit log (T26, T28), identities and menus.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]

mod common;

use common::*;
use serde_json::{Value, json};
use zs_base::Id;
use zs_ctx::{Granted, Op};
use zs_org::api as org;

fn keys(menus: &Value) -> Vec<String> {
    menus
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["key"].as_str().unwrap().to_owned())
        .collect()
}

/// The identity of whoever is signed in.
async fn my_identity(app: &zs_testkit::TestApp, token: &str) -> String {
    app.get("/me", token).await.ok()["identity"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_each_administrator_does_his_part_only() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let who = person(&app, u, "张三", "zhangsan").await;
        let t = login(&app, "zhangsan", PASSWORD).await;
        let gets = [
            "/admin/grants",
            "/admin/roles",
            "/admin/accounts",
            "/admin/sessions",
            "/admin/audit",
            "/admin/audit/export",
        ];
        for (token, allowed) in [
            (&a.sys, vec![]),
            (&a.sec, gets[..4].to_vec()),
            (&a.auditor, gets[4..].to_vec()),
            (&t, vec![]),
        ] {
            for path in gets {
                let r = app.get(path, token).await;
                let want = if allowed.contains(&path) { 200 } else { 403 };
                assert_eq!(r.status.as_u16(), want, "{path} {}", r.json);
            }
        }
        let body = json!({"identity_id": who.identity, "role": "leader"});
        for token in [&a.sys, &a.auditor, &t] {
            assert_eq!(
                app.post("/admin/grants", token, body.clone())
                    .await
                    .refused(403),
                "forbidden"
            );
            let path = format!("/admin/accounts/{}/lock", who.person);
            assert_eq!(
                app.post(&path, token, json!({})).await.refused(403),
                "forbidden"
            );
        }
        for (method, path) in [
            ("DELETE", "/admin/audit"),
            ("POST", "/admin/audit"),
            ("PUT", "/admin/audit"),
        ] {
            let r = app.call(method, path, &a.auditor, Some(json!({}))).await;
            assert!(r.status.is_client_error(), "nobody clears the log");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_nobody_grants_himself_and_roles_stay_apart() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let who = person(&app, u, "张三", "zhangsan").await;
        let ask = |identity: String, role: &'static str| {
            let (app, sec) = (&app, a.sec.clone());
            async move {
                app.post(
                    "/admin/grants",
                    &sec,
                    json!({"identity_id": identity, "role": role}),
                )
                .await
            }
        };
        let me = my_identity(&app, &a.sec).await;
        assert_eq!(ask(me.clone(), "leader").await.refused(422), "not_yourself");
        let sys = my_identity(&app, &a.sys).await;
        for role in ["registry", "auditor", "sec_admin", "unit_admin"] {
            assert_eq!(
                ask(sys.clone(), role).await.refused(422),
                "role_exclusive",
                "{role}"
            );
        }
        let id = who.identity.to_string();
        ask(id.clone(), "leader").await.ok();
        ask(id.clone(), "secretary").await.ok();
        assert_eq!(ask(id.clone(), "leader").await.refused(422), "role_held");
        assert_eq!(
            ask(id.clone(), "auditor").await.refused(422),
            "role_exclusive"
        );
        assert_eq!(
            ask(id.clone(), "staff").await.refused(422),
            "role_not_grantable"
        );
        assert_eq!(
            ask(id.clone(), "emperor").await.refused(422),
            "role_unknown"
        );
        assert_eq!(
            ask("12345".into(), "leader").await.refused(404),
            "not_found"
        );
        let list = app.get("/admin/grants?role=sec_admin", &a.sec).await.ok();
        let own = list["items"][0]["id"].as_str().unwrap().to_owned();
        let r = app
            .call("DELETE", &format!("/admin/grants/{own}"), &a.sec, None)
            .await;
        assert_eq!(r.refused(422), "not_yourself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t26_the_last_security_administrator_stays() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let second = person(&app, u, "李安全", "lisec").await;
        let first = app.get("/me", &a.sec).await.ok()["person_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let made = app
            .post(
                "/admin/grants",
                &a.sec,
                json!({"identity_id": second.identity, "role": "sec_admin"}),
            )
            .await
            .ok();
        let t = login(&app, "lisec", PASSWORD).await;
        // Either may lock the other, the one who is left cannot be removed.
        app.post(&format!("/admin/accounts/{first}/lock"), &t, json!({}))
            .await
            .ok();
        app.get("/me", &a.sec).await.refused(401);
        let code = app
            .post(
                "/login",
                "",
                json!({"login": "sec.zhao", "password": PASSWORD}),
            )
            .await
            .refused(422);
        assert_eq!(code, "account_locked");
        let list = app.get("/admin/grants?role=sec_admin&q=zaq", &t).await.ok();
        assert_eq!(
            list["items"].as_array().unwrap().len(),
            1,
            "found by initials"
        );
        app.post(&format!("/admin/accounts/{first}/unlock"), &t, json!({}))
            .await
            .ok();
        let back = login(&app, "sec.zhao", PASSWORD).await;
        let id = made["id"].as_str().unwrap();
        app.call("DELETE", &format!("/admin/grants/{id}"), &back, None)
            .await
            .ok();
        assert_eq!(
            app.get("/admin/grants", &t).await.refused(403),
            "forbidden",
            "revoked at once"
        );
        let denied = app
            .post(&format!("/admin/accounts/{first}/lock"), &t, json!({}))
            .await;
        assert_eq!(denied.refused(403), "forbidden");
        let last: i64 = list["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let system = app
            .system()
            .write(
                Op {
                    key: "test.revoke",
                    title: "测试",
                },
                move |tx| {
                    zs_access::api::revoke(
                        tx,
                        Id(last),
                        &Granted::system(zs_access::api::SECURITY_MANAGE, "test"),
                    )
                },
            )
            .await
            .unwrap_err();
        assert_eq!(system.code, "last_sec_admin");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_security_administrator_ends_a_session() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        person(&app, u, "张三", "zhangsan").await;
        let t = login(&app, "zhangsan", PASSWORD).await;
        app.get("/me", &t).await.ok();
        let list = app.get("/admin/sessions?q=zhangsan", &a.sec).await.ok();
        assert_eq!(list["items"][0]["name"], "张三");
        let id = list["items"][0]["id"].as_str().unwrap();
        app.call("DELETE", &format!("/admin/sessions/{id}"), &a.sec, None)
            .await
            .ok();
        app.get("/me", &t).await.refused(401);
        let again = app
            .call("DELETE", &format!("/admin/sessions/{id}"), &a.sec, None)
            .await;
        assert_eq!(again.refused(404), "not_found");
        // Nobody ends the session of somebody else through his own list.
        let t = login(&app, "zhangsan", PASSWORD).await;
        let all = app.get("/admin/sessions", &a.sec).await.ok();
        let foreign = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["current"] == true)
            .unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let r = app
            .call("DELETE", &format!("/me/sessions/{foreign}"), &t, None)
            .await;
        assert_eq!(r.refused(404), "not_found");
        app.get("/me", &a.sec).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn menus_follow_the_roles_and_the_identity_in_use() {
    for app in apps().await {
        let a = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let v = unit(&app, "教育局").await;
        let who = person(&app, u, "张三", "zhangsan").await;
        let second = app
            .system()
            .write(
                Op {
                    key: "test.second",
                    title: "测试",
                },
                move |tx| {
                    let post = org::NewIdentity {
                        node_id: v,
                        post: "局长".into(),
                        rank: Some(10),
                        is_head: true,
                        is_liaison: false,
                        is_primary: false,
                    };
                    org::create_identity(
                        tx,
                        &Granted::system(zs_org::perm::MANAGE, "test"),
                        who.person,
                        &post,
                    )
                    .map(|i| i.id)
                },
            )
            .await
            .unwrap();
        grant(&app, second, "leader").await;
        let t = login(&app, "zhangsan", PASSWORD).await;
        let me = app.get("/me", &t).await.ok();
        assert_eq!(me["home"], "work");
        assert_eq!(me["roles"], json!(["staff"]));
        assert_eq!(me["identities"].as_array().unwrap().len(), 2);
        assert!(keys(&me["menus"]).contains(&"work".to_owned()));
        assert!(!keys(&me["menus"]).contains(&"security".to_owned()));
        app.post("/me/identity", &t, json!({"identity_id": second}))
            .await
            .ok();
        let me = app.get("/me", &t).await.ok();
        assert_eq!(
            (me["home"].clone(), me["identity"]["unit_name"].clone()),
            (json!("leader"), json!("教育局"))
        );
        let foreign = my_identity(&app, &a.sys).await;
        let r = app
            .post("/me/identity", &t, json!({"identity_id": foreign}))
            .await;
        assert_eq!(r.refused(404), "not_found");
        assert_eq!(
            keys(&app.get("/me", &a.sec).await.ok()["menus"])
                .iter()
                .filter(|k| *k == "security")
                .count(),
            1
        );
        let auditor = app.get("/me", &a.auditor).await.ok();
        assert!(
            keys(&auditor["menus"]).contains(&"audit".to_owned())
                && !keys(&auditor["menus"]).contains(&"security".to_owned())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_locked_out_with_everything_he_held() {
    for app in apps().await {
        founded(&app).await;
        let u = unit(&app, "财政局").await;
        let who = person(&app, u, "张三", "zhangsan").await;
        grant(&app, who.identity, "registry").await;
        let t = login(&app, "zhangsan", PASSWORD).await;
        app.get("/me", &t).await.ok();
        app.system()
            .write(
                Op {
                    key: "test.leave",
                    title: "测试",
                },
                move |tx| {
                    org::leave(
                        tx,
                        &Granted::system(zs_org::perm::MANAGE, "test"),
                        who.person,
                        &[],
                    )
                    .map(|p| p.id)
                },
            )
            .await
            .unwrap();
        app.drain().await;
        app.get("/me", &t).await.refused(401);
        let code = app
            .post(
                "/login",
                "",
                json!({"login": "zhangsan", "password": PASSWORD}),
            )
            .await
            .refused(422);
        assert_eq!(code, "account_locked");
        let held = app
            .app
            .db
            .read(move |tx| zs_access::api::roles_of(tx, who.identity))
            .await
            .unwrap();
        assert!(held.is_empty());
    }
}
