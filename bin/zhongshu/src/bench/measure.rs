//! Counts and times what many clients do for some seconds; prints one JSON object a line.
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;
use zs_base::Result;

/// One line of figures.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What was done.
    pub scenario: String,
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// Clients at once.
    pub clients: usize,
    /// Operations finished.
    pub operations: u64,
    /// Operations that failed.
    pub failed: u64,
    /// Per second.
    pub per_second: f64,
    /// Median, ms.
    pub p50_ms: f64,
    /// 99th percentile, ms.
    pub p99_ms: f64,
    /// Resident memory of this process at the end, MB.
    pub rss_mb: f64,
    /// CPU of this process (user + system) per operation, µs; the PostgreSQL server's is not in it.
    pub cpu_us_per_op: f64,
}

/// Runs `op(client, turn)` with `clients` at once for `seconds`.
pub async fn run<F, Fut>(
    scenario: &str,
    engine: &'static str,
    clients: usize,
    seconds: u64,
    op: F,
) -> Result<Line>
where
    F: Fn(usize, u64) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send,
{
    let op = Arc::new(op);
    let stop = Arc::new(AtomicBool::new(false));
    let failed = Arc::new(AtomicU64::new(0));
    let (cpu, began) = (cpu_us(), Instant::now());
    let mut tasks = Vec::new();
    for c in 0..clients {
        let (op, stop, failed) = (Arc::clone(&op), Arc::clone(&stop), Arc::clone(&failed));
        tasks.push(tokio::spawn(async move {
            let mut times: Vec<u32> = Vec::with_capacity(4096);
            let mut turn = 0;
            while !stop.load(Ordering::Relaxed) {
                let t = Instant::now();
                match op(c, turn).await {
                    Ok(()) => {
                        times.push(u32::try_from(t.elapsed().as_micros()).unwrap_or(u32::MAX))
                    }
                    Err(e) => {
                        if failed.fetch_add(1, Ordering::Relaxed) < 3 {
                            crate::out::complain(&format!("{e:?}"));
                        }
                    }
                }
                turn += 1;
            }
            times
        }));
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for t in tasks {
        times.extend(t.await.map_err(zs_base::Error::internal)?);
    }
    let took = began.elapsed().as_secs_f64();
    let cpu = cpu_us().saturating_sub(cpu);
    times.sort_unstable();
    let at = |q: f64| {
        let i = (times.len() as f64 * q) as usize;
        times
            .get(i.min(times.len().saturating_sub(1)))
            .map_or(0.0, |t| f64::from(*t) / 1000.0)
    };
    let n = u64::try_from(times.len()).unwrap_or(0);
    Ok(Line {
        scenario: scenario.to_owned(),
        engine,
        clients,
        operations: n,
        failed: failed.load(Ordering::Relaxed),
        per_second: round(n as f64 / took),
        p50_ms: round(at(0.50)),
        p99_ms: round(at(0.99)),
        rss_mb: round(rss_mb()),
        cpu_us_per_op: round(if n == 0 { 0.0 } else { cpu as f64 / n as f64 }),
    })
}

fn round(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

/// Resident memory of this process, MB.
pub fn rss_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kb = status
        .lines()
        .find_map(|l| l.strip_prefix("VmRSS:"))
        .and_then(|l| l.split_whitespace().next())
        .and_then(|n| n.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1024.0
}

/// CPU time of this process, µs (clock ticks of 10 ms).
fn cpu_us() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<u64>().ok())
        .sum();
    ticks * 10_000
}
