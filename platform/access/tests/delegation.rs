//! Delegation (委托代理) from its beginning to its end.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod common;

use std::sync::Arc;

use common::*;
use serde_json::{Value, json};
use zs_access::api::{active_agent, holders};
use zs_base::Id;
use zs_ctx::Services;
use zs_testkit::TestApp;

const HOUR: i64 = 3_600_000;

struct Office {
    a: String,
    b: String,
    c: String,
    who: Vec<Who>,
    admins: Admins,
}

async fn office(app: &TestApp) -> Office {
    let admins = founded(app).await;
    let u = unit(app, "财政局").await;
    let v = unit(app, "教育局").await;
    let who = vec![
        person(app, u, "张三", "zhangsan").await,
        person(app, u, "李四", "lisi").await,
        person(app, u, "王五", "wangwu").await,
        person(app, v, "赵六", "zhaoliu").await,
    ];
    Office {
        a: login(app, "zhangsan", PASSWORD).await,
        b: login(app, "lisi", PASSWORD).await,
        c: login(app, "wangwu", PASSWORD).await,
        who,
        admins,
    }
}

fn body(agent: Id, from: i64, until: i64, scope: &str) -> Value {
    json!({"agent_identity_id": agent, "from_at": from, "until_at": until, "scope": scope, "include_open": true, "reason": "出差"})
}

async fn agent_at(app: &TestApp, principal: Id, module: &'static str) -> Option<Id> {
    app.app
        .db
        .read(move |tx| {
            let now = tx.now();
            active_agent(tx, principal, module, now)
        })
        .await
        .unwrap()
        .map(|d| d.agent)
}

async fn topics(app: &TestApp) -> Vec<String> {
    app.app
        .db
        .read(|tx| {
            tx.query(
                "select topic from outbox where topic like 'access.%' order by id",
                &[],
            )?
            .iter()
            .map(|r| r.get(0))
            .collect()
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_begins_and_ends_by_the_clock() {
    for app in apps().await {
        let o = office(&app).await;
        app.drain().await;
        let now = app.clock().now();
        let made = app
            .post(
                "/delegations",
                &o.a,
                body(o.who[1].identity, now + HOUR / 4, now + HOUR / 2, "all"),
            )
            .await
            .ok();
        assert_eq!(topics(&app).await, Vec::<String>::new());
        let list = app.get("/delegations", &o.b).await.ok();
        assert_eq!(
            (
                list["items"][0]["status"].clone(),
                list["items"][0]["principal"]["name"].clone()
            ),
            (json!("pending"), json!("张三"))
        );
        assert_eq!(agent_at(&app, o.who[0].identity, "incoming").await, None);
        app.clock().advance(HOUR / 4);
        assert_eq!(
            agent_at(&app, o.who[0].identity, "incoming").await,
            Some(o.who[1].identity)
        );
        app.get("/me", &o.a).await.ok();
        let me = app.get("/me", &o.b).await.ok();
        assert_eq!(
            (
                me["agent_for"][0]["name"].clone(),
                me["agent_for"][0]["until_at"].clone()
            ),
            (json!("张三"), json!(now + HOUR / 2))
        );
        app.drain().await;
        assert_eq!(
            count(
                &app,
                "select count(*) from access_delegation where status = 'active'"
            )
            .await,
            1
        );
        app.clock().advance(HOUR / 4);
        assert_eq!(
            agent_at(&app, o.who[0].identity, "incoming").await,
            None,
            "it ends by itself, timer or not"
        );
        assert_eq!(app.get("/me", &o.b).await.ok()["agent_for"], json!([]));
        app.drain().await;
        assert_eq!(
            count(
                &app,
                "select count(*) from access_delegation where status = 'ended'"
            )
            .await,
            1
        );
        let id = made["id"].as_str().unwrap();
        assert_eq!(
            app.post(&format!("/delegations/{id}/end"), &o.a, json!({}))
                .await
                .refused(422),
            "delegation_ended"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_events_carry_the_two_identities() {
    for app in apps().await {
        let o = office(&app).await;
        app.drain().await;
        let now = app.clock().now();
        let made = app
            .post(
                "/delegations",
                &o.a,
                body(o.who[1].identity, now, now + HOUR, "module:access"),
            )
            .await
            .ok();
        assert_eq!(topics(&app).await, ["access.delegation_started"]);
        let id = made["id"].as_str().unwrap();
        app.post(&format!("/delegations/{id}/end"), &o.b, json!({}))
            .await
            .ok();
        assert_eq!(
            topics(&app).await,
            ["access.delegation_started", "access.delegation_ended"]
        );
        let payload = app
            .app
            .db
            .read(|tx| {
                tx.one(
                    "select payload from outbox where topic = 'access.delegation_ended'",
                    &[],
                )?
                .json::<Value>(0)
            })
            .await
            .unwrap();
        assert_eq!(payload["principal"], json!(o.who[0].identity));
        assert_eq!(payload["agent"], json!(o.who[1].identity));
        let mut quiet = body(o.who[1].identity, now, now + HOUR, "all");
        quiet["include_open"] = json!(false);
        app.post("/delegations", &o.a, quiet).await.ok();
        assert_eq!(
            topics(&app).await.len(),
            2,
            "open items stay when nobody asked to take them along"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_delegation_may_not_be() {
    for app in apps().await {
        let o = office(&app).await;
        let now = app.clock().now();
        let who = |n: usize| o.who[n].identity;
        let ask = |token: &str, b: Value| {
            let (app, token) = (&app, token.to_owned());
            async move { app.post("/delegations", &token, b).await }
        };
        assert_eq!(
            ask(&o.a, body(who(0), now, now + HOUR, "all"))
                .await
                .refused(422),
            "delegation_self"
        );
        assert_eq!(
            ask(&o.a, body(who(3), now, now + HOUR, "all"))
                .await
                .refused(422),
            "delegation_other_unit"
        );
        assert_eq!(
            ask(&o.admins.sys, body(who(1), now, now + HOUR, "all"))
                .await
                .refused(403),
            "forbidden"
        );
        let clerk = person(&app, o.who[0].unit, "孙审计", "sunshenji").await;
        grant(&app, clerk.identity, "auditor").await;
        assert_eq!(
            ask(&o.a, body(clerk.identity, now, now + HOUR, "all"))
                .await
                .refused(422),
            "delegation_admin"
        );
        for (from, until, scope, field) in [
            (now, now, "all", "until_at"),
            (now - 2 * HOUR, now - HOUR, "all", "until_at"),
            (now - HOUR, now + HOUR, "all", "from_at"),
            (now, now + 400 * 24 * HOUR, "all", "until_at"),
            (now, now + HOUR, "module:nothing", "scope"),
            (now, now + HOUR, "everything", "scope"),
        ] {
            let r = ask(&o.a, body(who(1), from, until, scope)).await;
            assert_eq!(
                r.json["fields"][0]["field"], field,
                "{from} {until} {scope}"
            );
            r.refused(400);
        }
        ask(&o.a, body(who(1), now, now + HOUR, "module:access"))
            .await
            .ok();
        assert_eq!(
            ask(&o.a, body(who(2), now + HOUR / 2, now + 2 * HOUR, "all"))
                .await
                .refused(422),
            "delegation_overlap"
        );
        assert_eq!(
            ask(&o.a, body(who(2), now, now + HOUR, "module:access"))
                .await
                .refused(422),
            "delegation_overlap"
        );
        ask(&o.a, body(who(2), now, now + HOUR, "module:org"))
            .await
            .ok();
        ask(&o.a, body(who(2), now + HOUR, now + 2 * HOUR, "all"))
            .await
            .ok();
        // Nobody hands his work to somebody who is away himself, so no circle comes about.
        assert_eq!(
            ask(&o.b, body(who(0), now, now + HOUR, "module:access"))
                .await
                .refused(422),
            "delegation_agent_away"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_own_delegation_does_not_pass_the_work_on() {
    for app in apps().await {
        let o = office(&app).await;
        let now = app.clock().now();
        app.post(
            "/delegations",
            &o.a,
            body(o.who[1].identity, now, now + HOUR, "all"),
        )
        .await
        .ok();
        app.post(
            "/delegations",
            &o.b,
            body(o.who[2].identity, now, now + HOUR, "all"),
        )
        .await
        .ok();
        assert_eq!(
            agent_at(&app, o.who[0].identity, "incoming").await,
            Some(o.who[1].identity)
        );
        let names = |me: Value| {
            me["agent_for"]
                .as_array()
                .unwrap()
                .iter()
                .map(|a| a["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(app.get("/me", &o.b).await.ok()), ["张三"]);
        assert_eq!(
            names(app.get("/me", &o.c).await.ok()),
            ["李四"],
            "not also 张三"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn principal_agent_and_security_administrator_end_it_others_do_not_see_it() {
    for app in apps().await {
        let o = office(&app).await;
        let now = app.clock().now();
        for ender in [&o.a, &o.b, &o.admins.sec] {
            let made = app
                .post(
                    "/delegations",
                    &o.a,
                    body(o.who[1].identity, now, now + HOUR, "all"),
                )
                .await
                .ok();
            let path = format!("/delegations/{}/end", made["id"].as_str().unwrap());
            assert_eq!(
                app.post(&path, &o.c, json!({})).await.refused(404),
                "not_found"
            );
            app.get("/me", &o.b).await.ok();
            app.post(&path, ender, json!({})).await.ok();
            assert_eq!(
                app.get("/me", &o.b).await.ok()["agent_for"],
                json!([]),
                "at once"
            );
        }
        assert_eq!(app.get("/delegations", &o.c).await.ok()["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holders_of_a_role_are_the_units_active_people() {
    for app in apps().await {
        let o = office(&app).await;
        for n in [0, 2, 3] {
            grant(&app, o.who[n].identity, "registry").await;
        }
        let u = o.who[0].unit;
        let (registry, staff) = app
            .app
            .db
            .read(move |tx| Ok((holders(tx, "registry", u)?, holders(tx, "staff", u)?)))
            .await
            .unwrap();
        assert_eq!(registry, [o.who[0].identity, o.who[2].identity]);
        assert_eq!(staff.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_shows_its_accounts() {
    use zs_access::{DemoAccount, DemoInfo};
    let with_demo = || -> Services {
        services().with(Arc::new(DemoInfo {
            password: "Demo-2026-Abc".into(),
            accounts: vec![DemoAccount {
                login: "liu".into(),
                name: "刘市长".into(),
                title: "市长".into(),
                hint: "批示".into(),
            }],
        }))
    };
    for app in apps_with(with_demo).await {
        let b = app.get("/bootstrap", "").await.ok();
        assert_eq!(b["demo"], true);
        assert_eq!(b["demo_password"], "Demo-2026-Abc");
        assert_eq!(b["demo_accounts"][0]["login"], "liu");
    }
}
