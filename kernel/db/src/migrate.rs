//! Migrations: one portable text per step, owned by its module, never edited after a release.
use zs_base::{Error, Result, sha256_hex};

use crate::{Dialect, Tx, vals};

/// One step of a module's schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The module that owns the tables.
    pub module: &'static str,
    /// 1, 2, 3 …
    pub version: i64,
    /// Portable DDL with the tokens `{id} {int} {bool} {real} {text} {blob} {ts} {strict}`.
    pub sql: &'static str,
}

const TABLE: &str = "create table if not exists schema_migration (module text not null, version bigint not null, \
     checksum text not null, applied_at bigint not null, primary key (module, version))";

/// Renders the type tokens.
fn render(sql: &str, d: Dialect) -> String {
    let pairs: [(&str, &str); 8] = match d {
        Dialect::Sqlite => [
            ("{id}", "integer"),
            ("{int}", "integer"),
            ("{ts}", "integer"),
            ("{bool}", "integer"),
            ("{real}", "real"),
            ("{text}", "text"),
            ("{blob}", "blob"),
            ("{strict}", "strict"),
        ],
        Dialect::Postgres => [
            ("{id}", "bigint"),
            ("{int}", "bigint"),
            ("{ts}", "bigint"),
            ("{bool}", "boolean"),
            ("{real}", "double precision"),
            ("{text}", "text"),
            ("{blob}", "bytea"),
            ("{strict}", ""),
        ],
    };
    let mut out = sql.to_owned();
    for (k, v) in pairs {
        out = out.replace(k, v);
    }
    out
}

/// Cuts a script at the semicolons that end a line; comments are dropped.
pub fn split_statements(sql: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut cur = String::new();
    for line in sql.lines() {
        let line = line.split("--").next().unwrap_or_default().trim_end();
        if line.trim().is_empty() {
            continue;
        }
        cur.push_str(line);
        cur.push('\n');
        if line.ends_with(';') {
            out.push(std::mem::take(&mut cur));
        }
    }
    if !cur.trim().is_empty() {
        out.push(cur);
    }
    out
}

pub(crate) fn run(tx: &mut Tx<'_>, all: &[Migration]) -> Result<usize> {
    tx.batch(TABLE)?;
    let mut done = 0;
    for m in all {
        let sum = sha256_hex(m.sql);
        let have = tx.opt(
            "select checksum from schema_migration where module = $1 and version = $2",
            vals![m.module, m.version],
        )?;
        if let Some(row) = have {
            let old: String = row.get(0)?;
            if old != sum {
                return Err(Error::internal(format!(
                    "migration {} {} was edited after it ran",
                    m.module, m.version
                )));
            }
            continue;
        }
        for s in split_statements(&render(m.sql, tx.dialect())) {
            tx.batch(&s).map_err(|e| {
                Error::internal(format!("{} {}: {e:?} in {s}", m.module, m.version))
            })?;
        }
        let now = tx.now();
        tx.exec(
            "insert into schema_migration (module, version, checksum, applied_at) values ($1, $2, $3, $4)",
            vals![m.module, m.version, sum, now],
        )?;
        done += 1;
    }
    Ok(done)
}
