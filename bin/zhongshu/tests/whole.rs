//! The platform as a whole, on both engines: statements, gates, first start.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]
use std::sync::Arc;

use serde_json::json;
use zs_access::{AccessOptions, Sessions};
use zs_ctx::Gate;
use zs_testkit::TestApp;
use zs_web::Authenticator;

async fn apps() -> Vec<TestApp> {
    let registry = zhongshu::assemble::registry().unwrap();
    TestApp::engines_with(
        zhongshu::assemble::modules,
        || zhongshu::assemble::services(&registry, AccessOptions::default()).unwrap(),
        |app| Some(Arc::new(Sessions::new(app).unwrap()) as Arc<dyn Authenticator>),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_on_both_engines() {
    for app in apps().await {
        app.statements_prepare().await;
        assert!(app.registry.statements().len() > 100);
    }
}

/// T1, T14: nothing but the golden public routes answers without a session, however the path is written.
#[tokio::test(flavor = "multi_thread")]
async fn t01_no_route_answers_without_a_session() {
    for app in apps().await {
        for r in app.registry.routes().0 {
            if matches!(r.gate, Gate::Public(_)) {
                continue;
            }
            let path: String = r
                .path
                .split('/')
                .map(|p| if p.starts_with('{') { "1" } else { p })
                .collect::<Vec<_>>()
                .join("/");
            for token in [
                "",
                "0000000000000000000000000000000000000000000000000000000000000000",
            ] {
                let a = app
                    .call(r.method.name(), &path, token, Some(json!({})))
                    .await;
                assert_eq!(
                    a.status.as_u16(),
                    401,
                    "{} {path} {}",
                    r.method.name(),
                    a.json
                );
            }
            for odd in [
                format!("/{path}"),
                path.replace('/', "/./"),
                path.replace("/", "%2f"),
                path.to_uppercase(),
            ] {
                let a = app.call(r.method.name(), &odd, "", Some(json!({}))).await;
                assert!(!a.status.is_success(), "{odd} {}", a.status);
            }
        }
    }
}

/// T13: a fresh installation has no account and says that it wants to be set up.
#[tokio::test(flavor = "multi_thread")]
async fn t13_a_fresh_installation_has_no_password() {
    for app in apps().await {
        let b = app.get("/bootstrap", "").await.ok();
        assert_eq!(b["needs_setup"], true);
        assert_eq!(b["demo_accounts"].as_array().map_or(0, Vec::len), 0);
        for login in ["admin", "root", "system", "sysadmin"] {
            for password in ["admin", "123456", "admin123", ""] {
                let a = app
                    .post("/login", "", json!({"login": login, "password": password}))
                    .await;
                assert!(!a.status.is_success());
            }
        }
    }
}
