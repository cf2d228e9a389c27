//! A database of its own for every test: SQLite always, PostgreSQL too when `ZS_TEST_PG` names a server.
use std::path::PathBuf;
use std::sync::Mutex;

use zs_base::{Clock, Error, FakeClock, Result, random_token, sha256_hex};

use crate::{Db, Dialect, Location, Migration};

/// 2026-03-02 09:00 in China, a Monday: where test clocks start.
pub const TEST_NOW: i64 = 1_772_413_200_000;

/// A fresh database with the clock that drives it.
#[derive(Debug)]
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// Its clock.
    pub clock: FakeClock,
    /// How to open it again.
    pub location: Location,
    dir: Option<PathBuf>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(d) = &self.dir {
            let _ = std::fs::remove_dir_all(d);
        }
    }
}

fn temp_dir() -> Result<PathBuf> {
    let shm = PathBuf::from("/dev/shm");
    let base = if shm.is_dir() {
        shm
    } else {
        std::env::temp_dir()
    };
    let token = random_token()?;
    let dir = base.join(format!("zs-test-{}", token.get(..16).unwrap_or_default()));
    std::fs::create_dir_all(&dir).map_err(Error::internal)?;
    Ok(dir)
}

/// A SQLite database with the schema of `migrations`.
pub async fn sqlite(migrations: &[Migration]) -> Result<TestDb> {
    let dir = temp_dir()?;
    let clock = FakeClock::at(TEST_NOW);
    let location = Location::Sqlite(dir.join("test.db"));
    let db = Db::open(&location, Clock::Fake(clock.clone()), 1).await?;
    db.migrate(migrations).await?;
    Ok(TestDb {
        db,
        clock,
        location,
        dir: Some(dir),
    })
}

static TEMPLATE: Mutex<()> = Mutex::new(());

/// A PostgreSQL database cloned from a migrated template, or none when `ZS_TEST_PG` is not set.
pub async fn postgres(migrations: &[Migration]) -> Result<Option<TestDb>> {
    let Ok(server) = std::env::var("ZS_TEST_PG") else {
        return Ok(None);
    };
    let location = fresh_postgres(&server, migrations, 8).await?;
    let clock = FakeClock::at(TEST_NOW);
    let db = Db::open(&location, Clock::Fake(clock.clone()), 1).await?;
    Ok(Some(TestDb {
        db,
        clock,
        location,
        dir: None,
    }))
}

/// A new database on `server` with the schema of `migrations`; also for benchmarks.
pub async fn fresh_postgres(
    server: &str,
    migrations: &[Migration],
    connections: usize,
) -> Result<Location> {
    let server = server.to_owned();
    let mut text = String::new();
    for m in migrations {
        text.push_str(m.module);
        text.push_str(m.sql);
    }
    let hash = sha256_hex(text);
    let template = format!("zs_template_{}", hash.get(..12).unwrap_or_default());
    let name = format!("zs_{}", random_token()?.get(..20).unwrap_or_default());
    let (t, n, s) = (template.clone(), name.clone(), server.clone());
    let all = migrations.to_vec();
    let rt = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let _one = TEMPLATE
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        rt.block_on(clone_template(&s, &t, &n, &all))
    })
    .await
    .map_err(Error::internal)??;
    Ok(Location::Postgres(
        with_database(&server, &name),
        connections,
    ))
}

async fn clone_template(server: &str, template: &str, name: &str, all: &[Migration]) -> Result<()> {
    let (client, conn) = tokio_postgres::connect(server, tokio_postgres::NoTls)
        .await
        .map_err(Error::internal)?;
    let task = tokio::spawn(conn);
    client
        .batch_execute("select pg_advisory_lock(727002)")
        .await
        .map_err(Error::internal)?;
    let have = client
        .query_opt("select 1 from pg_database where datname = $1", &[&template])
        .await
        .map_err(Error::internal)?;
    if have.is_none() {
        let making = format!("{template}_making");
        let sql = |s: String| {
            let client = &client;
            async move { client.batch_execute(&s).await.map_err(Error::internal) }
        };
        sql(format!("drop database if exists {making}")).await?;
        sql(format!("create database {making} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'")).await?;
        {
            let at = Location::Postgres(with_database(server, &making), 1);
            let db = Db::open(&at, Clock::Fake(FakeClock::at(TEST_NOW)), 1).await?;
            db.migrate(all).await?;
        }
        // The pool closes its connection in the background; the rename waits for it.
        sql(format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{making}'"
        ))
        .await?;
        sql(format!("alter database {making} rename to {template}")).await?;
    }
    client
        .batch_execute(&format!("create database {name} template {template}"))
        .await
        .map_err(Error::internal)?;
    client
        .batch_execute("select pg_advisory_unlock(727002)")
        .await
        .map_err(Error::internal)?;
    drop(client);
    let _ = task.await;
    Ok(())
}

/// The same server, another database: `postgres://user@host:port/NAME`.
fn with_database(server: &str, name: &str) -> String {
    server
        .rsplit_once('/')
        .map_or_else(|| server.to_owned(), |(head, _)| format!("{head}/{name}"))
}

/// Every engine that is here, each with a database of its own.
pub async fn engines(migrations: &[Migration]) -> Result<Vec<TestDb>> {
    let mut all = vec![sqlite(migrations).await?];
    all.extend(postgres(migrations).await?);
    if std::env::var("ZS_TEST_PG").is_ok() {
        assert!(
            all.iter().any(|d| d.db.dialect() == Dialect::Postgres),
            "PostgreSQL was promised"
        );
    }
    Ok(all)
}
