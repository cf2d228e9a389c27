//! The database waist: the only crate that names rusqlite and tokio-postgres.
//!
//! Business code is a plain function over [`Tx`], the same text on both engines. On SQLite one writer thread runs many
//! such functions as savepoints of one durable transaction (group commit); on PostgreSQL each is a transaction of its own.
#![forbid(unsafe_code)]

mod migrate;
mod pg;
mod query;
mod sqlite;
pub mod testing;
mod tx;
mod value;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Notify;
use zs_base::{Clock, Error, Id, IdGen, Result};

pub use migrate::{Migration, split_statements};
pub use query::{AsSql, Query, Stmt};
pub use tx::Tx;
pub use value::{FromVal, Row, Val};

zs_base::codes! {
    UNIQUE_VIOLATION: Conflict "已有相同的记录，请检查后再提交",
    REFERENCE_VIOLATION: Conflict "它还被其他记录使用，请先处理那些记录",
    DATABASE_BUSY: Unavailable "系统正忙，请稍后再试；您填写的内容没有丢失",
}

/// Which engine speaks; only hooks may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL and its relatives.
    Postgres,
}

/// What the engine said, kept as the source of the one error.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused; its name is `uq_<table>_<columns>` on both engines.
    #[error("unique violation: {0}")]
    Unique(String),
    /// A foreign key refused.
    #[error("foreign key: {0}")]
    Reference(String),
    /// The engine asks to try the whole transaction again.
    #[error("serialization: {0}")]
    Retry(String),
    /// Full disk, lost connection and the like.
    #[error("storage: {0}")]
    Storage(String),
    /// Everything else.
    #[error("{0}")]
    Other(String),
}

/// The name of the unique index that refused, if that is what went wrong.
pub fn unique_violation(e: &Error) -> Option<&str> {
    match e.source.as_deref()?.downcast_ref::<DbError>()? {
        DbError::Unique(name) => Some(name),
        _ => None,
    }
}

/// Where the data live.
#[derive(Clone, Debug)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://` URL and the number of connections.
    Postgres(String, usize),
}

impl Location {
    /// `sqlite:PATH`, a bare path, or `postgres://…`.
    pub fn parse(s: &str) -> Self {
        if s.starts_with("postgres://") || s.starts_with("postgresql://") || s.contains("dbname=") {
            Self::Postgres(s.to_owned(), 16)
        } else {
            Self::Sqlite(PathBuf::from(s.strip_prefix("sqlite:").unwrap_or(s)))
        }
    }
}

#[derive(Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(pg::Postgres),
}

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) ids: IdGen,
    pub(crate) wake: Notify,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.dialect())
    }
}

impl Db {
    /// Opens the database. `node` keeps the ids of several servers on one PostgreSQL apart.
    pub async fn open(at: &Location, clock: Clock, node: u8) -> Result<Self> {
        let shared = Arc::new(Shared {
            ids: IdGen::new(node, clock.clone()),
            clock,
            wake: Notify::new(),
        });
        let engine = match at {
            Location::Sqlite(p) => Engine::Sqlite(sqlite::Sqlite::open(p, Arc::clone(&shared))?),
            Location::Postgres(url, n) => {
                Engine::Postgres(pg::Postgres::open(url, *n, Arc::clone(&shared)).await?)
            }
        };
        Ok(Self { engine, shared })
    }
    /// Which engine.
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }
    /// The clock that every transaction reads.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }
    /// A new id outside a transaction.
    pub fn new_id(&self) -> Id {
        self.shared.ids.next()
    }
    /// Resolves when a transaction that wrote outbox rows or jobs has committed.
    pub async fn woken(&self) {
        self.shared.wake.notified().await;
    }
    /// Wakes whoever waits in [`Db::woken`].
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }
    /// A snapshot to read from; writing in it fails.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(s) => s.read(f).await,
            Engine::Postgres(p) => p.read(f).await,
        }
    }
    /// One durable transaction: all of `f` or nothing. It may run again when the engine asks for a retry, so it holds no
    /// outside effect, and nothing slow (network, hash of a large file, typesetting) belongs in it.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(s) => s.write(f).await,
            Engine::Postgres(p) => p.write(f).await,
        }
    }
    /// Brings the schema up to date; safe when several servers start at once.
    pub async fn migrate(&self, all: &[Migration]) -> Result<usize> {
        match &self.engine {
            Engine::Sqlite(s) => {
                let all = all.to_vec();
                s.write(move |tx| migrate::run(tx, &all)).await
            }
            Engine::Postgres(p) => p.migrate(all.to_vec()).await,
        }
    }
    /// A consistent copy of the SQLite file at `to` while work goes on; PostgreSQL has its own tools (`pg_dump`).
    pub async fn backup_to(&self, to: &Path) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(s) => s.backup_to(to.to_owned()).await,
            Engine::Postgres(_) => Err(Error::rule(
                "backup_external",
                "PostgreSQL 请用 pg_dump 备份，命令见运维手册",
            )),
        }
    }
    /// Writes the log back into the main file and checks its structure (SQLite `quick_check`); empty when all is well.
    pub async fn check(&self) -> Result<Vec<String>> {
        match &self.engine {
            Engine::Sqlite(s) => s.check().await,
            Engine::Postgres(_) => {
                self.read(|tx| tx.one("select 1", &[]).map(|_| Vec::new()))
                    .await
            }
        }
    }
}
