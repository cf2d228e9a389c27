//! PostgreSQL: one transaction per write, READ COMMITTED with version checks, a retry on 40001 and 40P01.
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio::runtime::Handle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{NoTls, error::SqlState};
use zs_base::{Error, Result};

use crate::tx::{Conn, into_error};
use crate::{DbError, Migration, Row, Shared, Tx, Val, migrate};

const RETRIES: u32 = 8;

#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    shared: Arc<Shared>,
}

/// A pooled connection used from a blocking thread.
pub(crate) struct Session {
    client: Object,
    rt: Handle,
}

impl Postgres {
    pub(crate) async fn open(url: &str, size: usize, shared: Arc<Shared>) -> Result<Self> {
        let cfg: tokio_postgres::Config = url.parse().map_err(|e| error(&e))?;
        let manager = Manager::from_config(
            cfg,
            NoTls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(size)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(20)))
            .build()
            .map_err(Error::internal)?;
        drop(
            pool.get()
                .await
                .map_err(|e| into_error(DbError::Storage(e.to_string())))?,
        );
        Ok(Self { pool, shared })
    }

    async fn session(&self) -> Result<Session> {
        let client = self
            .pool
            .get()
            .await
            .map_err(|e| into_error(DbError::Storage(e.to_string())))?;
        Ok(Session {
            client,
            rt: Handle::current(),
        })
    }

    pub(crate) async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let session = self.session().await?;
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || {
            session.batch("begin isolation level repeatable read read only")?;
            let out = f(&mut Tx::new(Conn::Postgres(&session), &shared));
            session.batch("rollback")?;
            out
        })
        .await
        .map_err(Error::internal)?
    }

    pub(crate) async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let session = self.session().await?;
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || {
            let mut tries = 0;
            loop {
                match attempt(&session, &shared, &f) {
                    Err(e) if tries < RETRIES && asks_retry(&e) => tries += 1,
                    other => return other,
                }
            }
        })
        .await
        .map_err(Error::internal)?
    }

    pub(crate) async fn migrate(&self, all: Vec<Migration>) -> Result<usize> {
        self.write(move |tx| {
            tx.batch("select pg_advisory_xact_lock(727001)")?;
            migrate::run(tx, &all)
        })
        .await
    }
}

fn attempt<T>(
    session: &Session,
    shared: &Shared,
    f: &impl Fn(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    session.batch("begin")?;
    let mut tx = Tx::new(Conn::Postgres(session), shared);
    let out = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| f(&mut tx)))
        .unwrap_or_else(|_| Err(Error::internal("a write panicked; nothing of it was kept")));
    let wake = tx.wake;
    match out {
        Ok(v) => {
            session.batch("commit")?;
            if wake {
                shared.wake.notify_one();
            }
            Ok(v)
        }
        Err(e) => {
            session.batch("rollback")?;
            Err(e)
        }
    }
}

fn asks_retry(e: &Error) -> bool {
    e.source
        .as_deref()
        .and_then(|s| s.downcast_ref())
        .is_some_and(|d| matches!(d, DbError::Retry(_)))
}

impl Session {
    #[track_caller]
    pub(crate) fn exec(&self, sql: &str, vals: &[Val]) -> Result<u64> {
        let vals = refs(vals);
        self.rt
            .block_on(async {
                let s = self.client.prepare_cached(sql).await?;
                self.client.execute(&s, &vals).await
            })
            .map_err(|e| error(&e))
    }
    #[track_caller]
    pub(crate) fn query(&self, sql: &str, vals: &[Val]) -> Result<Vec<Row>> {
        let vals = refs(vals);
        let rows = self
            .rt
            .block_on(async {
                let s = self.client.prepare_cached(sql).await?;
                self.client.query(&s, &vals).await
            })
            .map_err(|e| error(&e))?;
        rows.iter().map(row).collect()
    }
    #[track_caller]
    pub(crate) fn prepare(&self, sql: &str) -> Result<()> {
        self.rt
            .block_on(self.client.prepare(sql))
            .map(drop)
            .map_err(|e| error(&e))
    }
    #[track_caller]
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.rt
            .block_on(self.client.batch_execute(sql))
            .map_err(|e| error(&e))
    }
}

fn refs(vals: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    vals.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

fn row(r: &tokio_postgres::Row) -> Result<Row> {
    let mut out = Vec::with_capacity(r.len());
    for (i, c) in r.columns().iter().enumerate() {
        out.push(
            match *c.type_() {
                Type::INT8 => r.try_get::<_, Option<i64>>(i).map(Val::from),
                Type::INT4 => r.try_get::<_, Option<i32>>(i).map(Val::from),
                Type::INT2 => r
                    .try_get::<_, Option<i16>>(i)
                    .map(|v| v.map(i32::from).into()),
                Type::BOOL => r.try_get::<_, Option<bool>>(i).map(Val::from),
                Type::FLOAT8 => r.try_get::<_, Option<f64>>(i).map(Val::from),
                Type::FLOAT4 => r
                    .try_get::<_, Option<f32>>(i)
                    .map(|v| v.map(f64::from).into()),
                Type::BYTEA => r.try_get::<_, Option<Vec<u8>>>(i).map(Val::from),
                Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                    r.try_get::<_, Option<String>>(i).map(Val::from)
                }
                ref t => {
                    return Err(Error::internal(format!(
                        "column type {t} is not portable; cast it"
                    )));
                }
            }
            .map_err(|e| error(&e))?,
        );
    }
    Ok(Row(out))
}

impl ToSql for Val {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(i) => match *ty {
                Type::INT4 => i32::try_from(*i)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*i)?.to_sql(ty, out),
                Type::BOOL => (*i != 0).to_sql(ty, out),
                Type::INT8 => i.to_sql(ty, out),
                ref t => Err(format!("a number for a {t} parameter").into()),
            },
            Self::Real(r) => r.to_sql(ty, out),
            Self::Bool(b) => b.to_sql(ty, out),
            Self::Text(s) => s.to_sql(ty, out),
            Self::Blob(b) => b.to_sql(ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

#[track_caller]
fn error(e: &tokio_postgres::Error) -> Error {
    let text = e.as_db_error().map_or_else(
        || {
            use std::error::Error as _;
            e.source()
                .map_or_else(|| e.to_string(), |s| format!("{e}: {s}"))
        },
        |d| format!("{}: {}", d.code().code(), d.message()),
    );
    let kind = match e.code() {
        Some(c) if *c == SqlState::UNIQUE_VIOLATION => DbError::Unique(
            e.as_db_error()
                .and_then(|d| d.constraint())
                .unwrap_or_default()
                .to_owned(),
        ),
        Some(c) if *c == SqlState::FOREIGN_KEY_VIOLATION => DbError::Reference(text),
        Some(c)
            if *c == SqlState::T_R_SERIALIZATION_FAILURE
                || *c == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            DbError::Retry(text)
        }
        Some(c) if matches!(c.code().get(..2), Some("53" | "57" | "58" | "08")) => {
            DbError::Storage(text)
        }
        Some(_) => DbError::Other(text),
        None if e.is_closed() => DbError::Storage(text),
        None => DbError::Other(text),
    };
    into_error(kind)
}
