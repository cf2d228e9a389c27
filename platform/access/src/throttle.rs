//! Guessing passwords gets slower (T24): failures are counted per login name, known or not, and per address.
use zs_base::{Result, sha256_hex};
use zs_db::{Tx, vals};

/// Failures of one login name before it waits.
pub const PER_LOGIN: i64 = 5;
/// Failures from one address before it waits; an office sits behind one address.
pub const PER_ADDRESS: i64 = 50;
const FIRST_WAIT_MS: i64 = 60_000;
const LONGEST_WAIT_MS: i64 = 3_600_000;
/// A count that nobody added to for this long starts over.
const FORGET_MS: i64 = 24 * 3_600_000;

/// How long to wait after the `n`th failure in a row: one minute at the limit, then twice as long each time, at most
/// an hour.
pub fn wait_ms(n: i64, limit: i64) -> i64 {
    if n < limit {
        return 0;
    }
    (FIRST_WAIT_MS << (n - limit).clamp(0, 10)).min(LONGEST_WAIT_MS)
}

/// One counter.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    key: String,
    limit: i64,
}

/// The counters that an attempt adds to. The login name is kept as a hash: people type passwords into the wrong box.
pub(crate) fn buckets(login_key: &str, ip: Option<&str>) -> Vec<Bucket> {
    let mut out = vec![by_login(login_key)];
    if let Some(ip) = ip {
        out.push(Bucket {
            key: format!("ip:{ip}"),
            limit: PER_ADDRESS,
        });
    }
    out
}

/// The counter of a login name.
pub(crate) fn by_login(login_key: &str) -> Bucket {
    Bucket {
        key: format!("login:{}", sha256_hex(login_key)),
        limit: PER_LOGIN,
    }
}

zs_db::statements! {
    GET = "select locked_until from access_throttle where bucket = $1";
    COUNT = "insert into access_throttle (bucket, fail_count, locked_until, failed_at) values ($1, 1, 0, $2) on conflict (bucket) do update \
             set fail_count = case when access_throttle.failed_at < $3 then 1 else access_throttle.fail_count + 1 end, failed_at = $2 returning fail_count";
    LOCK = "update access_throttle set locked_until = $2 where bucket = $1";
    CLEAR = "delete from access_throttle where bucket = $1";
    PURGE = "delete from access_throttle where failed_at < $1";
}

/// Until when the attempt must wait, if it must.
pub(crate) fn locked_until(tx: &mut Tx<'_>, all: &[Bucket]) -> Result<Option<i64>> {
    let now = tx.now();
    let mut until = None;
    for b in all {
        if let Some(row) = tx.opt(GET, vals![&b.key])? {
            until = until.max(Some(row.get::<i64>(0)?).filter(|u| *u > now));
        }
    }
    Ok(until)
}

/// Counts a failure; until when the next attempt must wait, if it must.
pub(crate) fn failed(tx: &mut Tx<'_>, all: &[Bucket]) -> Result<Option<i64>> {
    let now = tx.now();
    let mut until = None;
    for b in all {
        let n: i64 = tx.one(COUNT, vals![&b.key, now, now - FORGET_MS])?.get(0)?;
        let wait = wait_ms(n, b.limit);
        if wait > 0 {
            tx.exec(LOCK, vals![&b.key, now + wait])?;
            until = until.max(Some(now + wait));
        }
    }
    Ok(until)
}

/// Forgets the failures of a login name.
pub(crate) fn clear(tx: &mut Tx<'_>, login_key: &str) -> Result<()> {
    tx.exec(CLEAR, vals![by_login(login_key).key]).map(drop)
}

/// Drops counters that no longer matter.
pub(crate) fn purge(tx: &mut Tx<'_>) -> Result<u64> {
    let before = tx.now() - FORGET_MS;
    tx.exec(PURGE, vals![before])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let got: Vec<i64> = [1, 4, 5, 6, 7, 10, 11, 12, 400]
            .map(|n| wait_ms(n, PER_LOGIN) / 60_000)
            .to_vec();
        assert_eq!(got, vec![0, 0, 1, 2, 4, 32, 60, 60, 60]);
    }
}
