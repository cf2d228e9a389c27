//! `zhongshu serve`.
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::get;
use zs_access::Sessions;
use zs_base::{Clock, FakeClock};
use zs_ctx::App;
use zs_job::Worker;
use zs_module::Registry;
use zs_web::WebOptions;

use crate::cli::{Demo, Place};
use crate::out::say;
use crate::{assemble, pages};

/// What `serve` was asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where.
    pub place: Place,
    /// Address.
    pub listen: String,
    /// HTTPS stands in front.
    pub secure: bool,
    /// The demonstration, if wanted.
    pub demo: Option<Demo>,
    /// File with an offset in ms that moves the clock of a rehearsal.
    pub clock_file: Option<PathBuf>,
}

/// Runs the platform until it is told to stop.
pub async fn serve(o: Options) -> Result<()> {
    tracing_subscriber::fmt()
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_max_level(tracing::Level::INFO)
        .init();
    let clock = match &o.clock_file {
        Some(path) => shifted(path.clone()),
        None => Clock::System,
    };
    let demo = match &o.demo {
        Some(d) => Some(crate::seed::prepare(&o.place, clock.clone(), d).await?),
        None => None,
    };
    let (app, registry) = assemble::open(&o.place, clock, o.secure, demo.clone()).await?;
    let router = router(&app, &registry, o.secure)?;
    let worker = Worker::new(app.clone(), registry.subscribers(), registry.jobs());
    tokio::spawn(worker.run());
    let listener = tokio::net::TcpListener::bind(&o.listen)
        .await
        .with_context(|| format!("不能监听 {}", o.listen))?;
    let at = listener.local_addr()?;
    say(&format!("\n  中书已启动：http://{at}"));
    if let Some(d) = demo {
        say("\n  演示城市：澄州市青屏县（虚构）。演示账号：");
        for a in &d.accounts {
            say(&format!("    {:<12} {}  {}", a.login, a.name, a.title));
        }
        say(&format!("\n  密码均为  {}\n", d.password));
    }
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(stop())
    .await?;
    Ok(())
}

/// The API with the pages behind it.
pub fn router(app: &App, registry: &Registry, secure: bool) -> Result<Router> {
    let auth = Arc::new(Sessions::new(app).map_err(assemble::explain)?);
    let options = WebOptions {
        auth,
        version: env!("CARGO_PKG_VERSION"),
        secure,
    };
    let api =
        zs_web::router(app.clone(), &registry.routes(), options).map_err(assemble::explain)?;
    let db = app.db.clone();
    let health = get(move || {
        let db = db.clone();
        async move {
            match db.read(|tx| tx.one("select 1", &[]).map(drop)).await {
                Ok(()) => (axum::http::StatusCode::OK, "ok"),
                Err(_) => (axum::http::StatusCode::SERVICE_UNAVAILABLE, "database"),
            }
        }
    });
    Ok(api.route("/healthz", health).fallback(pages::page))
}

async fn stop() {
    let ctrl_c = tokio::signal::ctrl_c();
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(t) => t,
        Err(_) => return drop(ctrl_c.await),
    };
    tokio::select! {
        _ = ctrl_c => {}
        _ = term.recv() => {}
    }
    // Open event streams never end by themselves: give the others a moment, then go.
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        std::process::abort();
    });
}

/// A clock that follows the offset (ms) in a file: rehearsals make deadlines pass.
fn shifted(path: PathBuf) -> Clock {
    let by = FakeClock::at(read_offset(&path));
    let hands = by.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            hands.set(read_offset(&path));
        }
    });
    Clock::Shifted(by)
}

fn read_offset(path: &Path) -> i64 {
    std::fs::read_to_string(path)
        .ok()
        .and_then(|s| s.trim().parse().ok())
        .unwrap_or(0)
}
