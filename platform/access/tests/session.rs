//! Sessions (T10, T23).
mod common;

use common::*;
use serde_json::json;
use zs_access::api::{AccessOptions, Cost};

const MINUTE: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn t10_a_token_leaves_only_in_its_cookie() {
    for app in apps().await {
        let admins = founded(&app).await;
        let a = app
            .post(
                "/login",
                "",
                json!({"login": "sec.zhao", "password": PASSWORD}),
            )
            .await;
        let t = token_of(&a);
        assert_eq!(t.len(), 64);
        let cookie = a.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
            "{cookie}"
        );
        let hash = zs_base::sha256_hex(&t);
        let mut bodies = vec![a.bytes];
        for (path, who) in [
            ("/bootstrap", &t),
            ("/me", &t),
            ("/me/sessions", &t),
            ("/me/settings", &t),
            ("/admin/sessions", &t),
            ("/admin/accounts", &t),
            ("/admin/grants", &t),
            ("/admin/roles", &t),
            ("/admin/audit?limit=200", &admins.auditor),
            ("/delegations", &t),
        ] {
            let r = app.get(path, who).await;
            assert!(r.status.is_success(), "{path} {}", r.json);
            bodies.push(r.bytes);
        }
        for b in bodies {
            let text = String::from_utf8(b).unwrap();
            assert!(
                !text.contains(&t) && !text.contains(&hash) && !text.contains("argon2"),
                "{text}"
            );
        }
        let kept = app
            .app
            .db
            .read(|tx| {
                let mut all = String::new();
                for sql in [
                    "select token_hash from access_session",
                    "select change from audit_log",
                    "select reply from idempotency",
                ] {
                    for r in tx.query(sql, &[])? {
                        all.push_str(&r.get::<String>(0)?);
                    }
                }
                Ok(all)
            })
            .await
            .unwrap();
        assert!(
            kept.contains(&hash) && !kept.contains(&t),
            "only the hash is kept"
        );
        assert!(!kept.contains(PASSWORD));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_a_session_ends_after_idling_at_its_end_and_when_revoked() {
    for app in apps().await {
        founded(&app).await;
        let t = login(&app, "sec.zhao", PASSWORD).await;
        for _ in 0..3 {
            app.clock().advance(29 * MINUTE);
            app.get("/me", &t).await.ok();
        }
        app.clock().advance(30 * MINUTE);
        assert_eq!(
            app.get("/me", &t).await.refused(401),
            "unauthenticated",
            "idle"
        );
        let t = login(&app, "sec.zhao", PASSWORD).await;
        for _ in 0..24 {
            app.get("/me", &t).await.ok();
            app.clock().advance(29 * MINUTE);
        }
        app.get("/me", &t).await.ok();
        app.clock().advance(24 * MINUTE);
        assert_eq!(
            app.get("/me", &t).await.refused(401),
            "unauthenticated",
            "twelve hours"
        );
        let (a, b) = (
            login(&app, "sec.zhao", PASSWORD).await,
            login(&app, "sec.zhao", PASSWORD).await,
        );
        app.get("/me", &a).await.ok();
        let list = app.get("/me/sessions", &b).await.ok();
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items.iter().filter(|s| s["current"] == true).count(), 1);
        let other = items.iter().find(|s| s["current"] == false).unwrap()["id"]
            .as_str()
            .unwrap();
        app.call("DELETE", &format!("/me/sessions/{other}"), &b, None)
            .await
            .ok();
        assert_eq!(
            app.get("/me", &a).await.refused(401),
            "unauthenticated",
            "revoked at once, in spite of the cache"
        );
        let out = app.post("/logout", &b, json!({})).await;
        assert!(
            out.headers["set-cookie"]
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        assert_eq!(app.get("/me", &b).await.refused(401), "unauthenticated");
        for forged in [
            "",
            "x",
            &"0".repeat(64),
            &a.replace(|c: char| c.is_ascii_digit(), "0"),
            "' or 1=1 --",
        ] {
            app.get("/me", forged).await.refused(401);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_last_seen_is_written_at_most_once_a_minute() {
    for app in apps().await {
        founded(&app).await;
        let t = login(&app, "sec.zhao", PASSWORD).await;
        let seen = || count(&app, "select max(last_seen_at) from access_session");
        let start = seen().await;
        app.clock().advance(50_000);
        app.get("/me", &t).await.ok();
        assert_eq!(seen().await, start);
        app.clock().advance(10_000);
        app.get("/me", &t).await.ok();
        assert_eq!(seen().await, start + MINUTE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_the_oldest_session_gives_way_beyond_the_limit() {
    let two = || {
        services_with(AccessOptions {
            cost: Cost::CHEAP,
            max_sessions: 2,
            ..AccessOptions::default()
        })
    };
    for app in apps_with(two).await {
        founded(&app).await;
        let a = login(&app, "sec.zhao", PASSWORD).await;
        let b = login(&app, "sec.zhao", PASSWORD).await;
        let c = login(&app, "sec.zhao", PASSWORD).await;
        app.get("/me", &a).await.refused(401);
        app.get("/me", &b).await.ok();
        app.get("/me", &c).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    for app in apps().await {
        let admins = founded(&app).await;
        let u = unit(&app, "财政局").await;
        let who = person(&app, u, "张三", "zhangsan").await;
        let (a, b) = (
            login(&app, "zhangsan", PASSWORD).await,
            login(&app, "zhangsan", PASSWORD).await,
        );
        app.post(
            "/me/password",
            &a,
            json!({"old": PASSWORD, "new": "Other-2026-Abc"}),
        )
        .await
        .ok();
        app.get("/me", &a).await.ok();
        app.get("/me", &b).await.refused(401);
        let path = format!("/admin/accounts/{}/reset_password", who.person);
        let weak = app
            .post(&path, &admins.sec, json!({"new_password": "zhangsan"}))
            .await;
        assert_eq!(weak.refused(400), "invalid");
        app.post(
            &path,
            &admins.sec,
            json!({"new_password": "Reset-2026-Abc"}),
        )
        .await
        .ok();
        app.get("/me", &a).await.refused(401);
        let again = app
            .post(
                "/login",
                "",
                json!({"login": "zhangsan", "password": "Reset-2026-Abc"}),
            )
            .await
            .ok();
        assert_eq!(again["must_change_password"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_the_installation_sets_its_own_limits() {
    for app in apps().await {
        let admins = founded(&app).await;
        for (key, value) in [("access.idle_minutes", 10), ("access.max_sessions", 1)] {
            app.call(
                "PUT",
                "/admin/settings",
                &admins.sys,
                Some(json!({"key": key, "value": value})),
            )
            .await
            .ok();
        }
        let a = login(&app, "sec.zhao", PASSWORD).await;
        app.get("/me", &admins.sec).await.refused(401);
        app.clock().advance(10 * MINUTE);
        app.get("/me", &a).await.refused(401);
    }
}
