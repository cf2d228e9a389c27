//! First start, signing in, sessions (T10, T13, T23, T24).
mod common;

use common::*;
use serde_json::json;
use zs_access::api::{AccessOptions, Cost};

const MINUTE: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn statements_prepare() {
    for app in apps().await {
        app.statements_prepare().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t13_there_is_no_default_account() {
    for app in apps().await {
        let b = app.get("/bootstrap", "").await.ok();
        assert_eq!(b["needs_setup"], true);
        assert_eq!(b["demo"], false);
        assert_eq!(b["demo_accounts"], json!([]));
        assert!(b.get("demo_password").is_none());
        for (login, password) in [
            ("admin", "admin"),
            ("admin", "123456"),
            ("system", "system"),
            ("root", ""),
            ("sysadmin", "Admin@123"),
        ] {
            let code = app
                .post("/login", "", json!({"login": login, "password": password}))
                .await
                .refused(422);
            assert_eq!(code, "login_failed", "{login}");
        }
        assert_eq!(count(&app, "select count(*) from access_account").await, 0);
        assert_eq!(count(&app, "select count(*) from access_grant").await, 0);
        let me = app.get("/me", "").await;
        assert_eq!(me.refused(401), "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_happens_once_even_when_two_try() {
    for app in apps().await {
        let (a, b) = tokio::join!(
            app.post("/setup", "", setup_body()),
            app.post("/setup", "", setup_body())
        );
        let won = [&a, &b].iter().filter(|x| x.status.is_success()).count();
        assert_eq!(won, 1, "{} {}", a.json, b.json);
        let lost = if a.status.is_success() { b } else { a };
        assert_eq!(lost.refused(422), "setup_done");
        assert_eq!(
            app.post("/setup", "", setup_body()).await.refused(422),
            "setup_done"
        );
        assert_eq!(count(&app, "select count(*) from access_account").await, 3);
        assert_eq!(
            count(&app, "select count(distinct person_id) from access_account").await,
            3
        );
        let b = app.get("/bootstrap", "").await.ok();
        assert_eq!(
            (b["needs_setup"].clone(), b["site_name"].clone()),
            (json!(false), json!("清江市办公平台"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_wants_three_people_and_good_passwords() {
    for app in apps().await {
        let mut body = setup_body();
        body["auditor"] = body["sys_admin"].clone();
        body["sec_admin"]["password"] = json!("short");
        body["site_name"] = json!(" ");
        let a = app.post("/setup", "", body).await;
        let fields: Vec<&str> = a.json["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap())
            .collect();
        for want in [
            "site_name",
            "sec_admin.password",
            "auditor.login",
            "auditor.name",
            "auditor.password",
        ] {
            assert!(fields.contains(&want), "{want} in {fields:?}");
        }
        assert_eq!(a.refused(400), "invalid");
        assert_eq!(count(&app, "select count(*) from access_account").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_must_be_changed_before_anything_else() {
    for app in apps().await {
        app.post("/setup", "", setup_body()).await.ok();
        let a = app
            .post(
                "/login",
                "",
                json!({"login": " SEC.Zhao ", "password": "Sec-Zhao-2026!"}),
            )
            .await;
        assert_eq!(a.json["must_change_password"], true);
        let t = token_of(&a);
        let me = app.get("/me", &t).await.ok();
        assert_eq!(me["must_change_password"], true);
        assert_eq!(
            (me["menus"].clone(), me["permissions"].clone()),
            (json!([]), json!([]))
        );
        assert_eq!(me["name"], "赵安全");
        assert_eq!(app.get("/admin/grants", &t).await.refused(403), "forbidden");
        let bad = app
            .post(
                "/me/password",
                &t,
                json!({"old": "Sec-Zhao-2026!", "new": "sec.zhao1"}),
            )
            .await;
        assert_eq!(bad.json["fields"][0]["field"], "new");
        bad.refused(400);
        let bad = app
            .post("/me/password", &t, json!({"old": "wrong", "new": PASSWORD}))
            .await;
        assert_eq!(bad.json["fields"][0]["field"], "old");
        let same = app
            .post(
                "/me/password",
                &t,
                json!({"old": "Sec-Zhao-2026!", "new": "Sec-Zhao-2026!"}),
            )
            .await;
        assert_eq!(same.refused(400), "invalid");
        app.post(
            "/me/password",
            &t,
            json!({"old": "Sec-Zhao-2026!", "new": PASSWORD}),
        )
        .await
        .ok();
        let me = app.get("/me", &t).await.ok();
        assert_eq!(
            (me["must_change_password"].clone(), me["home"].clone()),
            (json!(false), json!("admin"))
        );
        assert!(
            me["permissions"]
                .as_array()
                .unwrap()
                .contains(&json!("security.manage"))
        );
        app.get("/admin/grants", &t).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t24_guessing_gets_slower_and_unknown_users_answer_alike() {
    for app in apps().await {
        founded(&app).await;
        let u = unit(&app, "财政局").await;
        person(&app, u, "张三", "zhangsan").await;
        let mut answers = Vec::new();
        for login in ["zhangsan", "nobody"] {
            let mut seen = Vec::new();
            for _ in 0..6 {
                let a = app
                    .post(
                        "/login",
                        "",
                        json!({"login": login, "password": "Wrong-2026-x"}),
                    )
                    .await;
                seen.push((
                    a.status.as_u16(),
                    a.json["code"].clone(),
                    a.json["detail"].clone(),
                    a.json["fields"].clone(),
                ));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1], "known and unknown look the same");
        let codes: Vec<&str> = answers[0].iter().map(|a| a.1.as_str().unwrap()).collect();
        assert_eq!(codes[..4], ["login_failed"; 4]);
        assert_eq!(codes[4..], ["login_locked"; 2]);
        let right = json!({"login": "zhangsan", "password": PASSWORD});
        assert_eq!(
            app.post("/login", "", right.clone()).await.refused(429),
            "login_locked"
        );
        app.clock().advance(MINUTE);
        let wrong = json!({"login": "zhangsan", "password": "Wrong-2026-x"});
        assert_eq!(
            app.post("/login", "", wrong.clone()).await.refused(429),
            "login_locked",
            "the sixth failure"
        );
        app.clock().advance(MINUTE);
        assert_eq!(
            app.post("/login", "", right.clone()).await.refused(429),
            "login_locked",
            "two minutes now"
        );
        app.clock().advance(MINUTE);
        app.post("/login", "", right.clone()).await.ok();
        assert_eq!(
            app.post("/login", "", wrong).await.refused(422),
            "login_failed",
            "a success starts over"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_made_at_once_do_not_slip_past_the_count() {
    for app in apps().await {
        founded(&app).await;
        let tries = (0..40).map(|_| {
            app.post(
                "/login",
                "",
                json!({"login": "sec.zhao", "password": "Wrong-2026-x"}),
            )
        });
        let answers = futures_join(tries).await;
        let judged = answers
            .iter()
            .filter(|a| a.json["code"] == "login_failed")
            .count();
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        assert!(judged < 5 + cores, "{judged} guesses were compared");
    }
}

async fn futures_join<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pinned: Vec<_> = all.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = pinned.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (f, slot) in pinned.iter_mut().zip(&mut done) {
            if slot.is_none()
                && let std::task::Poll::Ready(v) = f.as_mut().poll(cx)
            {
                *slot = Some(v);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

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
        for forged in ["", "x", &"0".repeat(64), &a[..63], "' or 1=1 --"] {
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
async fn logins_and_failures_stand_in_the_audit_log() {
    for app in apps().await {
        let admins = founded(&app).await;
        app.post(
            "/login",
            "",
            json!({"login": "sec.zhao", "password": "Wrong-2026-x"}),
        )
        .await
        .refused(422);
        login(&app, "sec.zhao", PASSWORD).await;
        let log = app
            .get("/admin/audit?op=access.login", &admins.auditor)
            .await
            .ok();
        assert_eq!(log["items"][0]["actor_name"], "赵安全");
        assert_eq!(log["items"][0]["op_title"], "登录");
        let log = app
            .get("/admin/audit?op=access.login_failed", &admins.auditor)
            .await
            .ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 1);
    }
}
