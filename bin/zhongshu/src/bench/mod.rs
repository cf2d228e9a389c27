//! `zhongshu bench`: figures against the budgets, the raw commit rate of the same engine in the same run beside them.
mod measure;
mod scenario;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use zs_base::Clock;
use zs_ctx::App;
use zs_db::{Db, Dialect, Location, vals};
use zs_job::Worker;
use zs_module::Registry;

use crate::assemble::{self, explain};
use crate::out::say;

/// What to measure.
#[derive(Clone, Debug, clap::Args)]
pub struct BenchArgs {
    /// `step`, `todo` or `register`.
    #[arg(value_parser = ["step", "todo", "register"])]
    pub scenario: String,
    /// `sqlite` or `postgres`.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    pub engine: String,
    /// Clients at once.
    #[arg(long, default_value_t = 64)]
    pub clients: usize,
    /// How long.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// A PostgreSQL server on which a database may be made, `postgres://…/postgres`.
    #[arg(long, env = "ZS_BENCH_PG")]
    pub database: Option<String>,
    /// A seeded data folder to measure `todo` on; without it a small one is made.
    #[arg(long)]
    pub data: Option<PathBuf>,
}

/// A place that is measured.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) registry: Registry,
    pub(crate) engine: &'static str,
    pub(crate) clients: usize,
    pub(crate) seconds: u64,
}

/// Runs one scenario.
pub async fn run(a: BenchArgs) -> Result<()> {
    let registry = assemble::registry()?;
    let dir =
        std::env::var_os("ZS_BENCH_DIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    let scratch = dir.join(format!("zs-bench-{}", std::process::id()));
    let made = a.data.is_none();
    let data = a.data.clone().unwrap_or_else(|| scratch.clone());
    std::fs::create_dir_all(&data)?;
    let at = match (a.engine.as_str(), &a.database) {
        ("postgres", Some(server)) if made => {
            zs_db::testing::fresh_postgres(server, &registry.migrations(), 32)
                .await
                .map_err(explain)?
        }
        ("postgres", Some(url)) => Location::parse(url),
        ("postgres", None) => bail!("--engine postgres needs --database postgres://…"),
        _ => Location::Sqlite(data.join("zhongshu.db")),
    };
    let db = Db::open(&at, Clock::System, 0).await.map_err(explain)?;
    db.migrate(&registry.migrations()).await.map_err(explain)?;
    let engine = if db.dialect() == Dialect::Sqlite {
        "sqlite"
    } else {
        "postgres"
    };
    let services = assemble::services(&registry, zs_access::AccessOptions::default())
        .map_err(explain)?
        .with(Arc::new(assemble::blobs(&data)?));
    let app = App { db, services };
    zs_incoming::seed(&zs_ctx::Ctx::system(app.clone(), "bench"))
        .await
        .map_err(explain)?;
    let worker = Worker::new(app.clone(), registry.subscribers(), registry.jobs());
    tokio::spawn(worker.run());
    let bench = Bench {
        app,
        registry,
        engine,
        clients: a.clients.max(1),
        seconds: a.seconds.max(1),
    };
    let out = measure_all(&bench, &a.scenario, made).await;
    if made {
        std::fs::remove_dir_all(&scratch)?;
    }
    out
}

async fn measure_all(b: &Bench, scenario: &str, made: bool) -> Result<()> {
    say(&serde_json::to_string(
        &raw_commit(b).await.map_err(explain)?,
    )?);
    let line = match scenario {
        "step" => scenario::step(b).await,
        "todo" => scenario::todo(b, made).await,
        _ => scenario::register(b).await,
    };
    say(&serde_json::to_string(&line.map_err(explain)?)?);
    Ok(())
}

/// Single-row durable commits, one after the other: what one disk flush costs here and now.
async fn raw_commit(b: &Bench) -> zs_base::Result<measure::Line> {
    let db = b.app.db.clone();
    measure::run("raw_commit", b.engine, 1, b.seconds.min(5), move |_, _| {
        let db = db.clone();
        async move {
            db.write(|tx| {
                let (id, now) = (tx.new_id(), tx.now());
                tx.exec(
                    "insert into idempotency (person_id, key, reply, created_at) values ($1, 'raw', '{}', $2)",
                    vals![id, now],
                )
                .map(drop)
            })
            .await
        }
    })
    .await
}
