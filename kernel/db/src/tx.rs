//! The transaction that business code sees.
use zs_base::{Error, Id, Result};

use crate::{
    AsSql, DATABASE_BUSY, DbError, Dialect, Query, REFERENCE_VIOLATION, Row, Shared,
    UNIQUE_VIOLATION, Val,
};

pub(crate) enum Conn<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a crate::pg::Session),
}

/// One transaction. Statements run in order; the whole is kept or dropped by whoever opened it.
pub struct Tx<'a> {
    pub(crate) conn: Conn<'a>,
    pub(crate) shared: &'a Shared,
    pub(crate) now: i64,
    pub(crate) wake: bool,
    pub(crate) statements: u32,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: Conn<'a>, shared: &'a Shared) -> Self {
        Self {
            conn,
            shared,
            now: shared.clock.now(),
            wake: false,
            statements: 0,
        }
    }
    /// When this transaction began, ms UTC: one time for everything in it.
    pub fn now(&self) -> i64 {
        self.now
    }
    /// A new id.
    pub fn new_id(&self) -> Id {
        self.shared.ids.next()
    }
    /// Which engine; only hooks may ask.
    pub fn dialect(&self) -> Dialect {
        match self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }
    /// How many statements ran so far: budgets are tests.
    pub fn statements(&self) -> u32 {
        self.statements
    }
    /// Asks that the relay be woken after the commit.
    pub fn wake_after_commit(&mut self) {
        self.wake = true;
    }
    /// Runs a statement; the number of rows it touched.
    #[track_caller]
    pub fn exec(&mut self, sql: impl AsSql, vals: &[Val]) -> Result<u64> {
        self.run_exec(sql.sql(), vals)
    }
    /// Runs a statement that must touch exactly one row: an optimistic update that lost is `Stale`.
    #[track_caller]
    pub fn exec_one(&mut self, sql: impl AsSql, vals: &[Val]) -> Result<()> {
        match self.run_exec(sql.sql(), vals)? {
            1 => Ok(()),
            _ => Err(zs_base::STALE.err()),
        }
    }
    /// All rows.
    #[track_caller]
    pub fn query(&mut self, sql: impl AsSql, vals: &[Val]) -> Result<Vec<Row>> {
        self.run_query(sql.sql(), vals)
    }
    /// The first row, if any.
    #[track_caller]
    pub fn opt(&mut self, sql: impl AsSql, vals: &[Val]) -> Result<Option<Row>> {
        Ok(self.run_query(sql.sql(), vals)?.into_iter().next())
    }
    /// The first row; none is an internal error.
    #[track_caller]
    pub fn one(&mut self, sql: impl AsSql, vals: &[Val]) -> Result<Row> {
        self.opt(sql, vals)?
            .ok_or_else(|| Error::internal("no row"))
    }
    /// All rows of a built query.
    #[track_caller]
    pub fn rows(&mut self, q: &Query) -> Result<Vec<Row>> {
        self.run_query(q.text(), q.vals())
    }
    /// The first column of the first row of a built query, a number (for counts).
    #[track_caller]
    pub fn count(&mut self, q: &Query) -> Result<i64> {
        self.rows(q)?.first().map_or(Ok(0), |r| r.get(0))
    }
    /// Runs a built statement.
    #[track_caller]
    pub fn exec_query(&mut self, q: &Query) -> Result<u64> {
        self.run_exec(q.text(), q.vals())
    }
    /// Inserts many rows with few statements: `head` is `insert into t (a, b) values`, `width` the number of columns.
    pub fn insert_rows(&mut self, head: &'static str, width: usize, vals: &[Val]) -> Result<()> {
        let per = (8_000 / width.max(1)).clamp(1, 500);
        for chunk in vals.chunks(per * width) {
            let mut sql = String::with_capacity(head.len() + chunk.len() * 6);
            sql.push_str(head);
            for i in 0..chunk.len() {
                sql.push_str(if i % width == 0 {
                    if i == 0 { " (" } else { "),(" }
                } else {
                    ","
                });
                sql.push('$');
                sql.push_str(&(i + 1).to_string());
            }
            sql.push(')');
            self.run_exec(&sql, chunk)?;
        }
        Ok(())
    }
    /// Proves that a statement prepares on this engine.
    pub fn prepare(&mut self, sql: &str) -> Result<()> {
        match &self.conn {
            Conn::Sqlite(c) => c
                .prepare_cached(&crate::sqlite::rewrite(sql))
                .map(drop)
                .map_err(|e| crate::sqlite::error(&e)),
            Conn::Postgres(p) => p.prepare(sql),
        }
    }
    /// Runs several statements of DDL.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match &self.conn {
            Conn::Sqlite(c) => c.execute_batch(sql).map_err(|e| crate::sqlite::error(&e)),
            Conn::Postgres(p) => p.batch(sql),
        }
    }
    #[track_caller]
    fn run_exec(&mut self, sql: &str, vals: &[Val]) -> Result<u64> {
        self.statements += 1;
        match &self.conn {
            Conn::Sqlite(c) => crate::sqlite::exec(c, sql, vals),
            Conn::Postgres(p) => p.exec(sql, vals),
        }
    }
    #[track_caller]
    fn run_query(&mut self, sql: &str, vals: &[Val]) -> Result<Vec<Row>> {
        self.statements += 1;
        match &self.conn {
            Conn::Sqlite(c) => crate::sqlite::query(c, sql, vals),
            Conn::Postgres(p) => p.query(sql, vals),
        }
    }
}

/// The one error for what the engine said.
#[track_caller]
pub(crate) fn into_error(e: DbError) -> Error {
    let base = match &e {
        DbError::Unique(_) => UNIQUE_VIOLATION.err(),
        DbError::Reference(_) => REFERENCE_VIOLATION.err(),
        DbError::Retry(_) | DbError::Storage(_) => DATABASE_BUSY.err(),
        DbError::Other(_) => zs_base::INTERNAL.err(),
    };
    base.because(e)
}
