//! The kernel as a whole: gates, audit, idempotency, events, jobs and problems, on every engine.
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Id, Result};
use zs_ctx::{Actor, Ctx, Gate, Op, Perm, Reach, Services};
use zs_job::{JobKind, Subscriber};
use zs_module::{Layer, Module};
use zs_testkit::TestApp;
use zs_web::{NoArgs, Routes};

const WRITE: Perm = Perm {
    key: "demo.write",
    title: "写入",
};
const OP: Op = Op {
    key: "demo.write",
    title: "写入",
};

#[derive(Default)]
struct Heard(AtomicUsize, AtomicUsize);

#[derive(Deserialize, JsonSchema)]
struct Put {
    /// Name.
    name: String,
    #[serde(default)]
    forget_audit: bool,
}
#[derive(Serialize, Deserialize, JsonSchema)]
struct Made {
    id: Id,
    version: i64,
}

async fn put(ctx: Ctx, a: Put) -> Result<Made> {
    ctx.write(OP, move |tx| {
        let id = tx.new_id();
        if !a.forget_audit {
            tx.touch("demo", id, json!({"name_length": a.name.chars().count()}))?;
        }
        tx.emit("demo.made", id, json!({}))?;
        tx.job(
            "demo.later",
            json!({}),
            tx.now() + 1000,
            Some(format!("later:{}", a.name)),
        )?;
        Ok(Made { id, version: 1 })
    })
    .await
}

fn modules() -> Vec<Module> {
    let mut m = Module::new("demo", "示例", Layer::Business);
    m.permissions = &[WRITE];
    m.routes = Routes::new().post("/demo", WRITE, "写入", put).get(
        "/demo/open",
        Gate::Public("health"),
        "公开",
        |_: Ctx, _: NoArgs| async { Ok(zs_web::Empty {}) },
    );
    m.subscribers = vec![Subscriber::new(
        "demo.made",
        "demo.hear",
        |ctx, _| async move {
            match ctx.service::<Heard>()?.0.fetch_add(1, Ordering::SeqCst) {
                99 => Err(zs_base::Error::internal("deaf once")),
                _ => Ok(()),
            }
        },
    )];
    m.jobs = vec![JobKind::new("demo.later", "以后", |ctx, _| async move {
        ctx.service::<Heard>()?.1.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })];
    vec![m]
}

fn actor(perms: &[Perm]) -> Actor {
    Actor {
        person: Id(1),
        identity: Id(2),
        name: "张三".into(),
        permissions: perms
            .iter()
            .map(|p| (p.key.to_owned(), Reach::Unit))
            .collect(),
        ..Actor::default()
    }
}

async fn apps() -> Vec<TestApp> {
    let apps = TestApp::engines(modules, || {
        Services::default().with(Arc::new(Heard::default()))
    })
    .await;
    for a in &apps {
        a.auth.sign_in("holder", actor(&[WRITE]));
        a.auth.sign_in("other", actor(&[]));
    }
    apps
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_is_closed_to_nobody_and_to_the_wrong_role() {
    for app in apps().await {
        assert_eq!(
            app.post("/demo", "", json!({"name": "甲"}))
                .await
                .refused(401),
            "unauthenticated"
        );
        assert_eq!(
            app.post("/demo", "forged", json!({"name": "甲"}))
                .await
                .refused(401),
            "unauthenticated"
        );
        assert_eq!(
            app.post("/demo", "other", json!({"name": "甲"}))
                .await
                .refused(403),
            "forbidden"
        );
        app.post("/demo", "holder", json!({"name": "甲"}))
            .await
            .ok();
        app.get("/demo/open", "").await.ok();
        assert_eq!(
            app.get("/nothing", "holder").await.refused(404),
            "no_such_route"
        );
        let refusals = app
            .app
            .db
            .read(|tx| {
                tx.one(
                    "select count(*) from audit_log where result = 'forbidden'",
                    &[],
                )?
                .get::<i64>(0)
            })
            .await
            .unwrap();
        assert_eq!(refusals, 1, "a refusal leaves a trace");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_jobs_leave_after_the_commit_and_once() {
    for app in apps().await {
        app.post("/demo", "holder", json!({"name": "甲"}))
            .await
            .ok();
        app.post("/demo", "holder", json!({"name": "甲"}))
            .await
            .ok();
        app.drain().await;
        let heard = app.app.services.get::<Heard>().unwrap();
        assert_eq!(
            (
                heard.0.load(Ordering::SeqCst),
                heard.1.load(Ordering::SeqCst)
            ),
            (2, 0)
        );
        app.clock().advance(2000);
        app.drain().await;
        assert_eq!(
            heard.1.load(Ordering::SeqCst),
            1,
            "the second job had the same key"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_that_failed_hears_the_event_again() {
    for app in apps().await {
        let heard = app.app.services.get::<Heard>().unwrap();
        heard.0.store(99, Ordering::SeqCst);
        app.post("/demo", "holder", json!({"name": "甲"}))
            .await
            .ok();
        app.drain().await;
        assert_eq!(heard.0.load(Ordering::SeqCst), 100);
        app.clock().advance(5_000);
        app.drain().await;
        assert_eq!(heard.0.load(Ordering::SeqCst), 101);
        app.clock().advance(60_000);
        app.drain().await;
        assert_eq!(
            heard.0.load(Ordering::SeqCst),
            101,
            "once it was heard it is done"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_audits_nothing_is_refused_and_leaves_nothing() {
    for app in apps().await {
        assert_eq!(
            app.post(
                "/demo",
                "holder",
                json!({"name": "甲", "forget_audit": true})
            )
            .await
            .refused(500),
            "internal".to_owned().replace("internal", "not_audited")
        );
        assert_eq!(app.drain().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_idempotency_key_gives_the_first_reply() {
    for app in apps().await {
        let send = || async {
            let req = axum::http::Request::post("/api/v1/demo")
                .header("cookie", "zs_session=holder")
                .header("idempotency-key", "0123456789abcdef")
                .body(axum::body::Body::from(r#"{"name":"甲"}"#))
                .unwrap();
            app.send(req).await.ok()
        };
        let (a, b) = (send().await, send().await);
        assert_eq!(a["id"], b["id"]);
        let rows = app
            .app
            .db
            .read(|tx| tx.one("select count(*) from audit_log", &[])?.get::<i64>(0))
            .await
            .unwrap();
        assert_eq!(rows, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named_and_foreign_pages_are_refused() {
    for app in apps().await {
        let a = app.post("/demo", "holder", json!({"nome": "甲"})).await;
        assert_eq!(a.json["fields"][0]["field"], "name");
        assert_eq!(a.refused(400), "invalid");
        let req = axum::http::Request::post("/api/v1/demo")
            .header("cookie", "zs_session=holder")
            .header("sec-fetch-site", "cross-site")
            .body(axum::body::Body::from(r#"{"name":"甲"}"#))
            .unwrap();
        assert_eq!(app.send(req).await.refused(403), "foreign_origin");
    }
}

#[test]
fn the_openapi_document_names_every_route() {
    let routes = zs_module::Registry::build(modules()).unwrap().routes();
    let doc = zs_web::openapi(&routes, "1");
    assert_eq!(doc["openapi"], "3.1.0");
    let post = &doc["paths"]["/api/v1/demo"]["post"];
    assert_eq!(
        post["requestBody"]["content"]["application/json"]["schema"]["required"],
        json!(["name"])
    );
    assert_eq!(
        post["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Made"
    );
    assert_eq!(
        doc["components"]["schemas"]["Made"]["properties"]["id"]["type"],
        "string"
    );
}
