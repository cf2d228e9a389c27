//! The documents of the demonstration city. A few are played act by act through the services; many are copies of played
//! ones with other people, times, titles and numbers.
mod acts;
pub mod bulk;
pub mod cast;
mod cut;
pub mod desk;
pub mod files;
pub mod marks;
pub mod office;
pub mod play;
pub mod scratch;
pub mod script;
pub mod stencil;
pub mod words;

use std::sync::Arc;

use anyhow::Result;
use zs_base::FakeClock;
use zs_base::time::DAY_MS;
use zs_ctx::App;

use super::load::City;
use super::plan::Plan;
use crate::assemble::explain;
use cast::Cast;

/// The city's documents begin so long before they end.
pub const SPAN_MS: i64 = 120 * DAY_MS;
/// Up to so many documents are played; more are copied.
pub const PLAYED: u64 = 2_000;

/// Played among copies.
const AMONG: u64 = 240;
/// Of a hundred copies so many are open.
const OPEN: u64 = 5;
/// More are for measurements: short stories, no archive packages, half the room.
const SLIM: u64 = 50_000;
/// Stories that are played to be copied, at most.
const SAMPLES: usize = 240;

/// Writes `documents` received documents. The clock stands [`SPAN_MS`] before the end and is left at the end.
pub async fn write(
    app: &App,
    plan: &Plan,
    city: &City,
    documents: u64,
    seed: u64,
    clock: &FakeClock,
) -> Result<()> {
    let end = clock.now() + SPAN_MS;
    let casts: Vec<Arc<Cast>> = cast::casts(plan, city).into_iter().map(Arc::new).collect();
    let bar = super::bar(usize::try_from(documents).unwrap_or(0), "收文");
    let tick = |n| bar.inc(n);
    if documents <= PLAYED {
        office::write(app, &casts, documents, seed, clock, end, tick)
            .await
            .map_err(explain)?;
    } else {
        many(app, plan, city, &casts, documents, seed, clock, tick).await?;
    }
    bar.finish_and_clear();
    clock.set(end);
    Ok(())
}

/// Filed copies of the years before, then the played ones of these months, then open copies.
#[expect(
    clippy::too_many_arguments,
    reason = "one call, what the demonstration is made of"
)]
async fn many(
    app: &App,
    plan: &Plan,
    city: &City,
    casts: &[Arc<Cast>],
    documents: u64,
    seed: u64,
    clock: &FakeClock,
    tick: impl Fn(u64),
) -> Result<()> {
    let (start, end) = (clock.now(), clock.now() + SPAN_MS);
    let open = documents * OPEN / 100;
    let filed = documents.saturating_sub(open + AMONG);
    let samples = usize::try_from(documents / 20)
        .unwrap_or(usize::MAX)
        .clamp(48, SAMPLES);
    let watch = super::bar(samples, "样本");
    let stencils = scratch::stencils(samples, seed, start, end, |n| watch.inc(n)).await?;
    watch.finish_and_clear();
    let mut copier =
        bulk::Copier::new(app, plan, city, casts, stencils, seed, documents > SLIM).await?;
    copier.filed(filed, &tick).await?;
    office::write(app, casts, AMONG.min(documents), seed, clock, end, &tick)
        .await
        .map_err(explain)?;
    copier
        .open(open.min(documents.saturating_sub(AMONG)), &tick)
        .await
}
