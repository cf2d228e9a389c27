//! Many documents: copies of played ones, unit by unit, in large transactions.
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Result;
use serde_json::json;
use zs_base::time::{DAY_MS, Date};
use zs_base::{Error, Id};
use zs_ctx::{App, Ctx, Granted, Op};
use zs_db::Val;
use zs_incoming::definition::{self, stage};

use super::acts::class_code;
use super::cast::Cast;
use super::stencil::{Faces, Fill, Stencil, faces, tables};
use crate::assemble::explain;
use crate::seed::load::City;
use crate::seed::plan::Plan;
use crate::seed::rng::Rng;
use crate::seed::text::{self, Shape};

const COPY: Op = Op {
    key: "seed.copy",
    title: "写入演示收文",
};
/// Documents written in one transaction.
const BATCH: usize = 400;
/// Filed documents lie at least so many weeks back: before those that are played.
const RECENT_WEEKS: i64 = 19;
/// The oldest lie so many weeks back.
const OLDEST_WEEKS: usize = 137;
const WEEK_MS: i64 = 7 * DAY_MS;
/// So many documents wait for the first leader of the home unit, if there are that many.
const BUSY: u64 = 500;

/// A unit that gets copies.
struct Target {
    unit: Id,
    faces: Faces,
    /// How large a share it gets.
    weight: u64,
}

/// One copy to be pressed.
#[derive(Clone)]
struct Job {
    target: Arc<Target>,
    stencil: usize,
    shift: i64,
    serial: Option<i64>,
    seed: u64,
}

/// Writes copies.
pub struct Copier {
    ctx: Ctx,
    stencils: Arc<Vec<Stencil>>,
    targets: Vec<Arc<Target>>,
    definition: i64,
    slim: bool,
    pending: Vec<Job>,
    writing: Option<tokio::task::JoinHandle<zs_base::Result<()>>>,
    r: Rng,
}

fn targets(plan: &Plan, city: &City, casts: &[Arc<Cast>]) -> Vec<Arc<Target>> {
    let people: HashMap<Id, usize> = city
        .identities
        .iter()
        .enumerate()
        .map(|(i, id)| (*id, i))
        .collect();
    let nodes: HashMap<Id, usize> = city
        .nodes
        .iter()
        .enumerate()
        .map(|(i, id)| (*id, i))
        .collect();
    let person = |id: Id| {
        let p = people.get(&id).and_then(|i| plan.people.get(*i));
        p.map_or_else(Default::default, |p| (p.name.clone(), p.post.to_owned()))
    };
    let place = |id: Id| {
        let n = nodes.get(&id).and_then(|i| plan.nodes.get(*i));
        n.map_or_else(Default::default, |n| (n.name.clone(), n.short_name.clone()))
    };
    let target = |(n, c): (usize, &Arc<Cast>)| {
        let (leaders, divisions, _) = c.size();
        let weight = u64::try_from(leaders + divisions).unwrap_or(1) * if n == 0 { 6 } else { 1 };
        Arc::new(Target {
            unit: c.unit,
            faces: faces(c, person, place),
            weight,
        })
    };
    casts.iter().enumerate().map(target).collect()
}

/// `total` shared out by weight, without a rest.
fn share(total: u64, weights: &[u64]) -> Vec<u64> {
    let all: u64 = weights.iter().sum::<u64>().max(1);
    let mut sum = 0;
    let mut given = 0;
    weights
        .iter()
        .map(|w| {
            sum += w;
            let upto = total * sum / all;
            let mine = upto - given;
            given = upto;
            mine
        })
        .collect()
}

impl Copier {
    /// A copier from these stencils to these units; a slim one takes short stories and leaves out archive packages.
    pub async fn new(
        app: &App,
        plan: &Plan,
        city: &City,
        casts: &[Arc<Cast>],
        stencils: Vec<Stencil>,
        seed: u64,
        slim: bool,
    ) -> Result<Self> {
        let ctx = Ctx::system(app.clone(), "seed");
        let definition = ctx
            .read(|tx| zs_flow::bulk::definition(tx, definition::KEY))
            .await
            .map_err(explain)?;
        Ok(Self {
            ctx,
            stencils: Arc::new(stencils),
            targets: targets(plan, city, casts),
            definition: definition.0,
            slim,
            pending: Vec::new(),
            writing: None,
            r: Rng::new(seed ^ 0xb0_1c),
        })
    }
    /// Writes `n` filed documents of the years before.
    pub async fn filed(&mut self, n: u64, tick: &impl Fn(u64)) -> Result<()> {
        let shares = share(
            n,
            &self.targets.iter().map(|t| t.weight).collect::<Vec<_>>(),
        );
        for (target, n) in self.targets.clone().into_iter().zip(shares) {
            let mut fit = self.fitting(&target, |s| s.stage.is_empty());
            if self.slim {
                fit.sort_by_key(|i| self.stencils.get(*i).map_or(0, |s| s.weight));
                fit.truncate(fit.len().div_ceil(3));
            }
            let mut jobs = Vec::new();
            for _ in 0..n {
                let back = RECENT_WEEKS + i64::try_from(self.r.below(OLDEST_WEEKS)).unwrap_or(0);
                jobs.extend(self.job(&target, &fit, -back * WEEK_MS));
            }
            self.add(jobs, &target, tick).await?;
        }
        self.flush(tick).await
    }
    /// Writes `n` open documents of these days.
    pub async fn open(&mut self, n: u64, tick: &impl Fn(u64)) -> Result<()> {
        let busy = BUSY.min(n / 4);
        let mut shares = share(
            n - busy,
            &self.targets.iter().map(|t| t.weight).collect::<Vec<_>>(),
        );
        shares.resize(self.targets.len(), 0);
        for (i, (target, n)) in self.targets.clone().into_iter().zip(shares).enumerate() {
            let all = self.fitting(&target, |s| !s.stage.is_empty());
            let leader = self.fitting(&target, |s| s.stage == stage::INSTRUCT);
            let mut jobs = Vec::new();
            for _ in 0..n {
                jobs.extend(self.job(&target, &all, 0));
            }
            for _ in 0..if i == 0 { busy } else { 0 } {
                jobs.extend(self.job(&target, &leader, 0));
            }
            self.add(jobs, &target, tick).await?;
        }
        self.flush(tick).await
    }
    fn fitting(&self, t: &Target, which: impl Fn(&Stencil) -> bool) -> Vec<usize> {
        let all = self.stencils.iter().enumerate();
        all.filter(|(_, s)| which(s) && s.fits(&t.faces))
            .map(|(i, _)| i)
            .collect()
    }
    fn job(&mut self, target: &Arc<Target>, fit: &[usize], shift: i64) -> Option<Job> {
        let stencil = *fit.get(self.r.below(fit.len()))?;
        Some(Job {
            target: Arc::clone(target),
            stencil,
            shift,
            serial: None,
            seed: self.r.roll(),
        })
    }
    /// Numbers the jobs of one unit in the order of registration and queues them.
    async fn add(
        &mut self,
        mut jobs: Vec<Job>,
        target: &Target,
        tick: &impl Fn(u64),
    ) -> Result<()> {
        let stencils = Arc::clone(&self.stencils);
        let at = |j: &Job| {
            stencils
                .get(j.stencil)
                .and_then(|s| s.registered_at)
                .map(|t| t + j.shift)
        };
        let class = |j: &Job| {
            stencils
                .get(j.stencil)
                .map(|s| s.doc_class.clone())
                .unwrap_or_default()
        };
        jobs.sort_by_key(|j| (at(j), j.seed));
        let mut series: BTreeMap<(String, i32), u32> = BTreeMap::new();
        for j in &jobs {
            if let Some(t) = at(j) {
                *series.entry((class(j), Date::at(t).year)).or_default() += 1;
            }
        }
        let (unit, wanted) = (target.unit, Arc::new(series));
        let seen = Arc::clone(&wanted);
        let first: Vec<i64> = if wanted.is_empty() {
            Vec::new()
        } else {
            let numbers = move |tx: &mut zs_ctx::WriteTx<'_, '_>| {
                let mut out = Vec::new();
                for ((class, year), n) in &*seen {
                    out.push(zs_numbering::take_many(
                        tx,
                        unit,
                        &format!("incoming.{class}"),
                        *year,
                        *n,
                    )?);
                }
                tx.touch("number_series", unit, json!({"numbers": out.len()}))?;
                Ok(out)
            };
            self.ctx.write(COPY, numbers).await.map_err(explain)?
        };
        let mut next: BTreeMap<(String, i32), i64> = wanted.keys().cloned().zip(first).collect();
        for mut j in jobs {
            if let Some(n) = at(&j).and_then(|t| next.get_mut(&(class(&j), Date::at(t).year))) {
                j.serial = Some(*n);
                *n += 1;
            }
            self.pending.push(j);
            if self.pending.len() >= BATCH {
                self.batch(tick).await?;
            }
        }
        Ok(())
    }
    /// Presses what is pending while the batch before is written.
    async fn batch(&mut self, tick: &impl Fn(u64)) -> Result<()> {
        let jobs = std::mem::take(&mut self.pending);
        let n = jobs.len();
        let (app, stencils) = (self.ctx.app().clone(), Arc::clone(&self.stencils));
        let (definition, package) = (self.definition, !self.slim);
        let pressing =
            tokio::task::spawn_blocking(move || press(&app, &stencils, definition, package, &jobs));
        self.written().await?;
        let rows = Arc::new(pressing.await?.map_err(explain)?);
        let ctx = self.ctx.clone();
        self.writing = Some(tokio::spawn(async move {
            ctx.write(COPY, move |tx| {
                let proof =
                    Granted::system(zs_incoming::perm::REGISTER, "copies for a demonstration");
                for (table, vals) in tables().iter().zip(&*rows) {
                    table.write(tx, &proof, vals)?;
                }
                let id = tx.new_id();
                tx.touch("incoming_doc", id, json!({"copied": n}))
            })
            .await
        }));
        tick(u64::try_from(n).unwrap_or(0));
        Ok(())
    }
    async fn written(&mut self) -> Result<()> {
        match self.writing.take() {
            Some(w) => w.await?.map_err(explain),
            None => Ok(()),
        }
    }
    async fn flush(&mut self, tick: &impl Fn(u64)) -> Result<()> {
        if !self.pending.is_empty() {
            self.batch(tick).await?;
        }
        self.written().await
    }
}

/// The rows of many copies, table by table.
fn press(
    app: &App,
    stencils: &[Stencil],
    definition: i64,
    package: bool,
    jobs: &[Job],
) -> zs_base::Result<Vec<Vec<Val>>> {
    let mut out: Vec<Vec<Val>> = tables().iter().map(|_| Vec::new()).collect();
    for j in jobs {
        let s = stencils
            .get(j.stencil)
            .ok_or_else(|| Error::internal("a copy of no stencil"))?;
        let mut r = Rng::new(j.seed);
        let year = Date::at(s.base_at() + j.shift).year;
        let shape = Shape {
            genre: s.genre,
            superior: s.superior,
            numbered: s.doc_class == "red_head",
        };
        let p = text::paper_like(&mut r, year, shape);
        let ids: Vec<i64> = (0..s.fresh()).map(|_| app.db.new_id().0).collect();
        s.press(
            &Fill {
                faces: &j.target.faces,
                ids: &ids,
                shift: j.shift,
                serial: j.serial,
                words: [
                    &p.title,
                    p.sender,
                    p.number.as_deref().unwrap_or_default(),
                    p.matter,
                    class_code(p.matter),
                ],
                definition,
                package,
            },
            &mut out,
        )?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_follow_the_weights_and_leave_nothing() {
        assert_eq!(share(10, &[1, 1, 2, 1]), [2, 2, 4, 2]);
        for total in [0, 1, 7, 1_000_003] {
            let s = share(total, &[7, 1, 3, 3, 9]);
            assert_eq!(s.iter().sum::<u64>(), total);
        }
    }
}
