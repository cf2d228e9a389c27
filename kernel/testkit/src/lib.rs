//! Tests go through the front door, in process: the whole app on a database of its own, a fake clock, a drained queue.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test kit fails loudly"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use zs_base::{FakeClock, Result};
use zs_ctx::{Actor, App, Ctx, Services};
use zs_db::testing::{TestDb, engines};
use zs_job::Worker;
use zs_module::{Module, Registry};
use zs_web::{Authenticator, BoxFuture, WebOptions};

pub use zs_db::testing::TEST_NOW;

/// Sessions of a test: a token is whatever the test says.
#[derive(Debug, Default)]
pub struct TestAuth(Mutex<HashMap<String, Arc<Actor>>>);

impl TestAuth {
    /// Lets `token` stand for `actor`.
    pub fn sign_in(&self, token: &str, actor: Actor) {
        self.0
            .lock()
            .unwrap()
            .insert(token.to_owned(), Arc::new(actor));
    }
}

impl Authenticator for TestAuth {
    fn authenticate(&self, token: String) -> BoxFuture<'static, Result<Option<Arc<Actor>>>> {
        let actor = self.0.lock().unwrap().get(&token).cloned();
        Box::pin(async move { Ok(actor) })
    }
}

/// The whole app on one engine.
pub struct TestApp {
    /// Database and clock.
    pub test_db: TestDb,
    /// The app.
    pub app: App,
    /// The modules.
    pub registry: Registry,
    /// Sessions made up by the test (unless it brought its own authenticator).
    pub auth: Arc<TestAuth>,
    router: Router,
    worker: Worker,
}

impl TestApp {
    /// One app per engine that is here, each on a database of its own.
    pub async fn engines(
        modules: impl Fn() -> Vec<Module>,
        services: impl Fn() -> Services,
    ) -> Vec<Self> {
        Self::engines_with(modules, services, |_| None).await
    }
    /// The same with the real authenticator made from the app.
    pub async fn engines_with(
        modules: impl Fn() -> Vec<Module>,
        services: impl Fn() -> Services,
        auth: impl Fn(&App) -> Option<Arc<dyn Authenticator>>,
    ) -> Vec<Self> {
        let registry = Registry::build(modules()).unwrap();
        let mut all = Vec::new();
        for test_db in engines(&registry.migrations()).await.unwrap() {
            let app = App {
                db: test_db.db.clone(),
                services: services(),
            };
            let registry = Registry::build(modules()).unwrap();
            let test_auth = Arc::new(TestAuth::default());
            let chosen =
                auth(&app).unwrap_or_else(|| Arc::clone(&test_auth) as Arc<dyn Authenticator>);
            let options = WebOptions {
                auth: chosen,
                version: "test",
                secure: false,
            };
            let router = zs_web::router(app.clone(), &registry.routes(), options).unwrap();
            let worker = Worker::new(app.clone(), registry.subscribers(), registry.jobs());
            all.push(Self {
                test_db,
                app,
                registry,
                auth: test_auth,
                router,
                worker,
            });
        }
        all
    }
    /// The clock.
    pub fn clock(&self) -> &FakeClock {
        &self.test_db.clock
    }
    /// A context for background work.
    pub fn system(&self) -> Ctx {
        Ctx::system(self.app.clone(), "test")
    }
    /// A context for a person.
    pub fn ctx(&self, actor: Actor) -> Ctx {
        Ctx::new(
            self.app.clone(),
            Some(Arc::new(actor)),
            zs_ctx::Request {
                id: "test".into(),
                ..Default::default()
            },
        )
    }
    /// The router, for tests that need more than [`TestApp::call`].
    pub fn router(&self) -> Router {
        self.router.clone()
    }
    /// Does all background work that is due.
    pub async fn drain(&self) -> usize {
        zs_job::drain(&self.worker).await.unwrap()
    }
    /// Every statement that the modules declare prepares on this engine.
    pub async fn statements_prepare(&self) {
        let all = self.registry.statements();
        self.app
            .db
            .read(move |tx| {
                for s in all {
                    tx.prepare(s.sql)
                        .unwrap_or_else(|e| panic!("{}: {e:?}", s.name));
                }
                Ok(())
            })
            .await
            .unwrap();
    }
    /// One request; `token` empty = not signed in.
    pub async fn call(&self, method: &str, path: &str, token: &str, body: Option<Value>) -> Answer {
        let mut req = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"));
        if !token.is_empty() {
            req = req.header(
                header::COOKIE,
                format!("{}={token}", zs_web::SESSION_COOKIE),
            );
        }
        let version = body.as_ref().and_then(|b| b.get("__if_match")).cloned();
        if let Some(v) = version {
            req = req.header(header::IF_MATCH, format!("\"{v}\""));
        }
        let body = match body {
            Some(mut v) => {
                if let Some(o) = v.as_object_mut() {
                    o.remove("__if_match");
                }
                req = req.header(header::CONTENT_TYPE, "application/json");
                Body::from(v.to_string())
            }
            None => Body::empty(),
        };
        self.send(req.body(body).unwrap()).await
    }
    /// A request made by hand.
    pub async fn send(&self, req: Request<Body>) -> Answer {
        let r = self
            .router
            .clone()
            .oneshot(req)
            .await
            .expect("the router answers");
        let (parts, body) = r.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
            json,
        }
    }
    /// GET.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.call("GET", path, token, None).await
    }
    /// POST of JSON.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.call("POST", path, token, Some(body)).await
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: axum::http::HeaderMap,
    /// Body.
    pub bytes: Vec<u8>,
    /// Body as JSON, null if it is none.
    pub json: Value,
}

impl Answer {
    /// The JSON of a success; anything else fails the test with what came.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.json);
        self.json
    }
    /// The error code of a refusal with this status.
    #[track_caller]
    pub fn refused(self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        assert!(
            !self.json["detail"].as_str().unwrap_or_default().is_empty(),
            "a refusal says what to do"
        );
        self.json["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Compares `text` with the golden file at `path` (from the workspace root); `ZS_BLESS=1` writes it.
#[track_caller]
pub fn golden(path: &str, text: &str) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join(path);
    if std::env::var("ZS_BLESS").is_ok() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let have = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        have == text,
        "{path} has changed; look at the difference and run `cargo xtask golden` if it is meant:\n{}",
        first_difference(&have, text)
    );
}

fn first_difference(a: &str, b: &str) -> String {
    for (i, pair) in a
        .lines()
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(b.lines().map(Some).chain(std::iter::repeat(None)))
        .enumerate()
    {
        match pair {
            (None, None) => break,
            (x, y) if x != y => return format!("line {}: {x:?} → {y:?}", i + 1),
            _ => {}
        }
    }
    String::new()
}
