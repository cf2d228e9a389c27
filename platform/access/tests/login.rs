//! First start, signing in (T13, T24).
mod common;

use common::*;
use serde_json::json;

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

#[tokio::test(flavor = "multi_thread")]
async fn t24_one_address_that_tries_many_names_waits_too() {
    use axum::extract::ConnectInfo;
    use std::net::SocketAddr;
    for app in apps().await {
        founded(&app).await;
        let from = |ip: &'static str, n: usize, password: &'static str| {
            let body = json!({"login": format!("name{n}"), "password": password}).to_string();
            let mut req = axum::http::Request::post("/api/v1/login")
                .body(axum::body::Body::from(body))
                .unwrap();
            req.extensions_mut()
                .insert(ConnectInfo(ip.parse::<SocketAddr>().unwrap()));
            app.send(req)
        };
        for n in 0..49 {
            assert_eq!(
                from("10.0.0.9:4000", n, "x").await.refused(422),
                "login_failed"
            );
        }
        assert_eq!(
            from("10.0.0.9:4001", 49, "x").await.refused(429),
            "login_locked"
        );
        assert_eq!(
            from("10.0.0.9:4002", 50, "x").await.refused(429),
            "login_locked"
        );
        assert_eq!(
            from("10.0.0.8:4000", 50, "x").await.refused(422),
            "login_failed"
        );
    }
}
