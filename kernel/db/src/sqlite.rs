//! SQLite: one writer thread with group commit, a few reader connections.
use std::any::Any;
use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tokio::sync::{Semaphore, oneshot};
use zs_base::{Error, Result};

use crate::tx::{Conn, into_error};
use crate::{DATABASE_BUSY, DbError, Row, Shared, Tx, Val};

/// Requests that may wait for the writer before new ones are told to come back.
const QUEUE: usize = 4096;
/// Requests that share one commit at most.
const GROUP: usize = 256;
const PRAGMAS: &str = "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-65536; \
     pragma temp_store=memory; pragma busy_timeout=10000; pragma wal_autocheckpoint=4000; pragma journal_size_limit=67108864;";

type Reply = Result<Box<dyn Any + Send>>;
type Body = Box<dyn Fn(&mut Tx<'_>) -> Result<Box<dyn Any + Send>> + Send>;
struct Request {
    body: Body,
    reply: oneshot::Sender<Reply>,
}

#[derive(Clone)]
pub(crate) struct Sqlite {
    path: Arc<PathBuf>,
    writer: SyncSender<Request>,
    readers: Arc<Readers>,
    shared: Arc<Shared>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, shared: Arc<Shared>) -> Result<Self> {
        let conn = Connection::open(path).map_err(|e| error(&e))?;
        conn.execute_batch(PRAGMAS).map_err(|e| error(&e))?;
        conn.set_prepared_statement_cache_capacity(512);
        let (writer, inbox) = sync_channel(QUEUE);
        let lane_shared = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || lane(&conn, &inbox, &lane_shared))
            .map_err(Error::internal)?;
        let n = std::thread::available_parallelism()
            .map_or(2, std::num::NonZero::get)
            .clamp(2, 8);
        let readers = Arc::new(Readers {
            idle: Mutex::new(Vec::new()),
            permits: Semaphore::new(n),
        });
        Ok(Self {
            path: Arc::new(path.to_owned()),
            writer,
            readers,
            shared,
        })
    }

    pub(crate) async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let body: Body = Box::new(move |tx| f(tx).map(|v| Box::new(v) as Box<dyn Any + Send>));
        self.writer
            .try_send(Request { body, reply })
            .map_err(|e| match e {
                TrySendError::Full(_) => DATABASE_BUSY.err(),
                TrySendError::Disconnected(_) => Error::internal("the writer lane has ended"),
            })?;
        let v = answer
            .await
            .map_err(|_| Error::internal("the writer lane dropped a request"))??;
        v.downcast()
            .map(|v| *v)
            .map_err(|_| Error::internal("a reply of another type"))
    }

    pub(crate) async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let shared = Arc::clone(&self.shared);
        let path = Arc::clone(&self.path);
        let _permit = self
            .readers
            .permits
            .acquire()
            .await
            .map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let idle = readers
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            let conn = match idle {
                Some(c) => c,
                None => reader(&path)?,
            };
            conn.execute_batch("begin").map_err(|e| error(&e))?;
            let out = f(&mut Tx::new(Conn::Sqlite(&conn), &shared));
            conn.execute_batch("rollback").map_err(|e| error(&e))?;
            readers
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(conn);
            out
        })
        .await
        .map_err(Error::internal)?
    }

    pub(crate) async fn backup_to(&self, to: PathBuf) -> Result<()> {
        let path = Arc::clone(&self.path);
        tokio::task::spawn_blocking(move || {
            let conn = Connection::open_with_flags(&*path, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .map_err(|e| error(&e))?;
            conn.execute("vacuum into ?1", [to.to_string_lossy()])
                .map(drop)
                .map_err(|e| error(&e))
        })
        .await
        .map_err(Error::internal)?
    }

    pub(crate) async fn check(&self) -> Result<Vec<String>> {
        let path = Arc::clone(&self.path);
        tokio::task::spawn_blocking(move || {
            let conn = reader(&path)?;
            let rows = query(&conn, "pragma quick_check(20)", &[])?;
            let mut out = Vec::new();
            for r in rows {
                let line: String = r.get(0)?;
                if line != "ok" {
                    out.push(line);
                }
            }
            Ok(out)
        })
        .await
        .map_err(Error::internal)?
    }
}

fn reader(path: &Path) -> Result<Connection> {
    let c = Connection::open(path).map_err(|e| error(&e))?;
    c.execute_batch(PRAGMAS).map_err(|e| error(&e))?;
    c.execute_batch("pragma query_only=on; pragma mmap_size=268435456;")
        .map_err(|e| error(&e))?;
    c.set_prepared_statement_cache_capacity(256);
    Ok(c)
}

/// The writer lane: whatever has queued up shares one durable commit; each request has its own savepoint.
fn lane(conn: &Connection, inbox: &Receiver<Request>, shared: &Shared) {
    while let Ok(first) = inbox.recv() {
        let mut done: Vec<(oneshot::Sender<Reply>, Box<dyn Any + Send>)> = Vec::new();
        let mut wake = false;
        let mut failed = conn.execute_batch("begin immediate").err();
        let mut next = Some(first);
        let mut n = 0;
        while let Some(req) = next.take() {
            n += 1;
            if let Some(e) = &failed {
                let _ = req.reply.send(Err(error(e)));
            } else {
                match run(conn, &req.body, shared, &mut wake) {
                    Ok(v) => done.push((req.reply, v)),
                    // A refusal left nothing behind: no need to wait for the others' commit.
                    Err(e) => drop(req.reply.send(Err(e))),
                }
                if conn.is_autocommit() {
                    // The engine itself rolled the whole group back (disk full, I/O error).
                    failed = Some(rusqlite::Error::SqliteFailure(
                        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL),
                        Some("the transaction was rolled back".into()),
                    ));
                }
            }
            if n < GROUP {
                next = inbox.try_recv().ok();
            }
        }
        if failed.is_none()
            && let Err(e) = conn.execute_batch("commit")
        {
            let _ = conn.execute_batch("rollback");
            failed = Some(e);
        }
        for (reply, v) in done {
            let _ = reply.send(match &failed {
                None => Ok(v),
                Some(e) => Err(error(e)),
            });
        }
        if wake && failed.is_none() {
            shared.wake.notify_one();
        }
    }
}

fn run(conn: &Connection, body: &Body, shared: &Shared, wake: &mut bool) -> Reply {
    step(conn, "savepoint s")?;
    let mut tx = Tx::new(Conn::Sqlite(conn), shared);
    let out = std::panic::catch_unwind(AssertUnwindSafe(|| body(&mut tx)))
        .unwrap_or_else(|_| Err(Error::internal("a write panicked; nothing of it was kept")));
    let woken = tx.wake;
    match out {
        Ok(v) => {
            step(conn, "release s")?;
            *wake |= woken;
            Ok(v)
        }
        Err(e) => {
            if !conn.is_autocommit() {
                step(conn, "rollback to s")?;
                step(conn, "release s")?;
            }
            Err(e)
        }
    }
}

fn step(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.raw_execute())
        .map(drop)
        .map_err(|e| error(&e))
}

/// `$1` is a *named* parameter to SQLite, numbered by first appearance; `?1` is the position.
pub(crate) fn rewrite(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') {
        Cow::Owned(sql.replace('$', "?"))
    } else {
        Cow::Borrowed(sql)
    }
}

#[track_caller]
pub(crate) fn exec(c: &Connection, sql: &str, vals: &[Val]) -> Result<u64> {
    let n = c
        .prepare_cached(&rewrite(sql))
        .and_then(|mut s| {
            if s.column_count() == 0 {
                return s.execute(rusqlite::params_from_iter(vals));
            }
            let mut rows = s.query(rusqlite::params_from_iter(vals))?;
            let mut n = 0;
            while rows.next()?.is_some() {
                n += 1;
            }
            Ok(n)
        })
        .map_err(|e| error(&e))?;
    u64::try_from(n).map_err(Error::internal)
}

#[track_caller]
pub(crate) fn query(c: &Connection, sql: &str, vals: &[Val]) -> Result<Vec<Row>> {
    let run = || -> rusqlite::Result<Vec<Row>> {
        let mut s = c.prepare_cached(&rewrite(sql))?;
        let n = s.column_count();
        let mut rows = s.query(rusqlite::params_from_iter(vals))?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let mut cols = Vec::with_capacity(n);
            for i in 0..n {
                cols.push(match r.get_ref(i)? {
                    ValueRef::Null => Val::Null,
                    ValueRef::Integer(v) => Val::Int(v),
                    ValueRef::Real(v) => Val::Real(v),
                    ValueRef::Text(t) => Val::Text(String::from_utf8_lossy(t).into_owned()),
                    ValueRef::Blob(b) => Val::Blob(b.to_vec()),
                });
            }
            out.push(Row(cols));
        }
        Ok(out)
    };
    run().map_err(|e| error(&e))
}

impl rusqlite::ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Int(i) => ToSqlOutput::Owned(Value::Integer(*i)),
            Self::Real(r) => ToSqlOutput::Owned(Value::Real(*r)),
            Self::Bool(b) => ToSqlOutput::Owned(Value::Integer(i64::from(*b))),
            Self::Text(s) => ToSqlOutput::Borrowed(ValueRef::Text(s.as_bytes())),
            Self::Blob(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
        })
    }
}

/// Tells unique and reference violations apart; unique names follow the house rule `uq_<table>_<columns>`.
#[track_caller]
pub(crate) fn error(e: &rusqlite::Error) -> Error {
    let kind = match e {
        rusqlite::Error::SqliteFailure(f, msg) => {
            let msg = msg.clone().unwrap_or_default();
            match (f.code, f.extended_code) {
                (ErrorCode::ConstraintViolation, 2067 | 1555) => DbError::Unique(unique_name(&msg)),
                (ErrorCode::ConstraintViolation, 787) => DbError::Reference(msg),
                (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => DbError::Retry(msg),
                (
                    ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::OutOfMemory,
                    _,
                ) => DbError::Storage(format!("{e}")),
                _ => DbError::Other(format!("{e}")),
            }
        }
        e => DbError::Other(e.to_string()),
    };
    into_error(kind)
}

/// `UNIQUE constraint failed: t.a, t.b` → `uq_t_a_b`; an expression index is named by SQLite itself.
fn unique_name(msg: &str) -> String {
    let Some((_, list)) = msg.split_once("failed: ") else {
        return msg.to_owned();
    };
    if let Some(index) = list.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut name = String::from("uq");
    for (i, col) in list.split(", ").enumerate() {
        let (table, col) = col.split_once('.').unwrap_or(("", col));
        if i == 0 {
            name = format!("uq_{table}");
        }
        name.push('_');
        name.push_str(col);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_names_follow_the_house_rule() {
        assert_eq!(
            unique_name("UNIQUE constraint failed: a.unit_id, a.year"),
            "uq_a_unit_id_year"
        );
        assert_eq!(
            unique_name("UNIQUE constraint failed: index 'uq_x'"),
            "uq_x"
        );
    }
}
