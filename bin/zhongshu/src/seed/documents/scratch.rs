//! Stories played once in a database of their own, by people whose names are marks: what copies are pressed from.
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use zs_access::AccessOptions;
use zs_base::time::DAY_MS;
use zs_base::{Clock, FakeClock, Id};
use zs_ctx::{App, Ctx, Granted, Op, WriteTx};
use zs_db::{Db, Location};
use zs_incoming::definition::stage;
use zs_org::api::{NewIdentity, NewNode, NodeKind};

use super::cast::{Cast, Division};
use super::desk::{Desk, later};
use super::marks::{self, Mark};
use super::play::{self, Case};
use super::script::{RESTS, Script, ordinary, rest_at};
use super::stencil::{Played, Stencil};
use crate::assemble::{self, explain};
use crate::seed::rng::Rng;
use crate::seed::text::{Paper, paper};

const SCRATCH: Op = Op {
    key: "seed.scratch",
    title: "写入样本单位",
};
const LEADERS: usize = 5;
const DIVISIONS: usize = 6;
const STAFF: usize = 4;
/// Sizes of units: leaders, divisions, staff of a division. The first one fits everywhere.
const SIZES: [(usize, usize, usize); 4] = [(1, 1, 2), (2, 2, 2), (3, 3, 2), (5, 6, 4)];

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind in the system's temporary folder is the system's to sweep.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Stencils of `filed` filed documents and of open ones at every stage.
pub async fn stencils(
    filed: usize,
    seed: u64,
    start: i64,
    end: i64,
    tick: impl Fn(u64),
) -> Result<Vec<Stencil>> {
    let folder = Folder(std::env::temp_dir().join(format!(
        "zhongshu-seed-{}",
        zs_base::random_token().map_err(explain)?
    )));
    std::fs::create_dir_all(&folder.0)?;
    let hands = FakeClock::at(start);
    let registry = assemble::registry()?;
    let db = Db::open(
        &Location::Sqlite(folder.0.join("scratch.db")),
        Clock::Fake(hands.clone()),
        0,
    )
    .await
    .map_err(explain)?;
    db.migrate(&registry.migrations()).await.map_err(explain)?;
    let services = assemble::services(&registry, AccessOptions::default()).map_err(explain)?;
    let app = App {
        db,
        services: services.with(Arc::new(assemble::blobs(&folder.0)?)),
    };
    let made = play_all(&app, &hands, filed, seed, start, end, tick)
        .await
        .map_err(explain);
    drop(app);
    made
}

async fn play_all(
    app: &App,
    hands: &FakeClock,
    filed: usize,
    seed: u64,
    start: i64,
    end: i64,
    tick: impl Fn(u64),
) -> zs_base::Result<Vec<Stencil>> {
    let ctx = Ctx::system(app.clone(), "seed");
    zs_incoming::seed(&ctx).await?;
    let ids = ctx.write(SCRATCH, people).await?;
    let cast = cast(&ids);
    let mut r = Rng::new(seed ^ 0x5eed);
    let mut cases: Vec<Case> = scripts(&mut r, &cast, filed, start, end)
        .into_iter()
        .map(Case::new)
        .collect();
    let mut desk = Desk::new(app, hands)?;
    play::play(&mut desk, &mut cases, end, tick).await?;
    let mut out = Vec::with_capacity(cases.len());
    for case in &cases {
        let Some((doc, instance)) = case.doc.zip(case.instance) else {
            continue;
        };
        let open = desk.open(instance).await?;
        let at = case.script.rest.as_ref().map_or("", |r| r.stage);
        // Only what came to where it was to come.
        if at.is_empty() != open.is_empty() || open.iter().any(|o| o.stage != at) {
            continue;
        }
        let played = app.db.read(move |tx| rows(tx, doc, instance)).await?;
        out.push(Stencil::cut(&played, &cast, at)?);
    }
    Ok(out)
}

fn rows(tx: &mut zs_db::Tx<'_>, doc: Id, instance: Id) -> zs_base::Result<Played> {
    let mut rows = Vec::new();
    for t in zs_flow::bulk::TABLES {
        rows.push(t.read(tx, instance)?);
    }
    for t in zs_incoming::bulk::TABLES {
        rows.push(t.read(tx, doc)?);
    }
    Ok(Played { rows })
}

fn marked(r: &mut Rng) -> Paper {
    let like = paper(r, 2026);
    Paper {
        title: marks::TITLE.into(),
        matter: marks::MATTER,
        sender: marks::SENDER,
        number: like.number.map(|_| marks::NUMBER.into()),
        ..like
    }
}

fn scripts(r: &mut Rng, cast: &Cast, filed: usize, start: i64, end: i64) -> Vec<Script> {
    let casts: Vec<Arc<Cast>> = SIZES
        .iter()
        .map(|(l, d, s)| Arc::new(cast.at_most(*l, *d, *s)))
        .collect();
    let mut out = Vec::new();
    for n in 0..filed {
        let Some(cast) = casts.get(n / 4 % casts.len()) else {
            continue;
        };
        let arrive = later(r.between(start, end - 30 * DAY_MS), r.between(1, 200));
        let paper = marked(r);
        let mut s = ordinary(r, cast, paper, arrive, false);
        s.pace = (8, 150);
        if n % 4 != 0 {
            // Most documents of an office are only read (阅件).
            s.review = false;
            s.instruct.0.clear();
            s.undertake.clear();
            s.undertakers.clear();
            s.turns.clear();
            s.readers.0 = cast
                .divisions
                .iter()
                .map(|d| d.head)
                .take(1 + n / 8 % 2)
                .collect();
        }
        out.push(s);
    }
    for cast in &casts {
        let leader = cast.leaders.first().copied();
        let often = RESTS
            .iter()
            .map(|(s, _)| (*s, None))
            .chain([(stage::INSTRUCT, leader), (stage::INSTRUCT, leader)]);
        for (at, who) in often {
            let arrive = later(end - r.between(4, 9) * DAY_MS, r.between(1, 200));
            let paper = marked(r);
            let mut s = ordinary(r, cast, paper, arrive, false);
            s.pace = (4, 45);
            s.turns.clear();
            rest_at(r, &mut s, at, who);
            s.rest = Some(super::script::Rest {
                stage: at,
                who: None,
            });
            if at == stage::CIRCULATION_READ {
                s.undertake.clear();
                s.undertakers.clear();
            } else {
                s.readers.0.truncate(usize::from(s.undertake.is_empty()));
            }
            out.push(s);
        }
    }
    out
}

fn people(tx: &mut WriteTx<'_, '_>) -> zs_base::Result<Vec<Id>> {
    let proof = Granted::system(zs_org::perm::MANAGE, "stories played for copying");
    let mut ids = Vec::new();
    let node = |tx: &mut WriteTx<'_, '_>, parent_id, kind, name: String, short: String| {
        let unit_kind = matches!(kind, NodeKind::Unit).then(|| "government".to_owned());
        let n = NewNode {
            parent_id,
            kind,
            unit_kind,
            name,
            short_name: Some(short),
            code: None,
            sort: None,
        };
        zs_org::api::create_node(tx, &proof, &n).map(|n| n.id)
    };
    let region = node(tx, None, NodeKind::Region, "样本".into(), "样本".into())?;
    let mut places = Vec::new();
    for i in 0..2 + DIVISIONS {
        let (parent, kind) = match places.first() {
            None => (region, NodeKind::Unit),
            Some(unit) => (*unit, NodeKind::Division),
        };
        places.push(node(
            tx,
            Some(parent),
            kind,
            Mark::Place(i).text(),
            Mark::Short(i).text(),
        )?);
    }
    ids.extend(&places);
    for (part, (place, role, is_head, is_liaison)) in parts(&places) {
        let first = NewIdentity {
            node_id: place,
            post: Mark::Post(part).text(),
            rank: Some(i64::try_from(part).unwrap_or(99) + 1),
            is_head,
            is_liaison,
            is_primary: true,
        };
        let (_, identity) =
            zs_org::api::create_person(tx, &proof, &Mark::Name(part).text(), None, &first)?;
        if !role.is_empty() {
            zs_access::api::grant(tx, identity.id, role, &proof)?;
        }
        ids.push(identity.id);
    }
    Ok(ids)
}

type Part = (Id, &'static str, bool, bool);

/// Every part with its place, role and flags.
fn parts(places: &[Id]) -> Vec<(usize, Part)> {
    let place = |i: usize| places.get(i).copied().unwrap_or_default();
    let division = Division {
        staff: vec![Id(0); STAFF],
        ..Division::default()
    };
    let blank = Cast {
        leaders: vec![Id(0); LEADERS],
        divisions: vec![division; DIVISIONS],
        ..Cast::default()
    };
    let mut out = Vec::new();
    for (part, _) in blank.parts() {
        let of_division = part.checked_sub(3 + super::cast::MOST);
        out.push((
            part,
            match (part, of_division) {
                (0, _) => (place(1), "office_head", true, false),
                (1, _) => (place(1), "secretary", false, false),
                (2, _) => (place(1), "registry", false, true),
                (_, None) => (place(0), "leader", part == 3, false),
                (_, Some(n)) => {
                    let each = super::cast::MOST + 2;
                    (place(2 + n / each), "", n % each == 0, n % each == 1)
                }
            },
        ));
    }
    out
}

fn cast(ids: &[Id]) -> Cast {
    let mut ids = ids.iter().copied();
    let mut next = || ids.next().unwrap_or_default();
    let mut c = Cast {
        unit: next(),
        office: next(),
        ..Cast::default()
    };
    let nodes: Vec<Id> = (0..DIVISIONS).map(|_| next()).collect();
    (c.office_head, c.secretary, c.registry) = (next(), next(), next());
    c.leaders = (0..LEADERS).map(|_| next()).collect();
    for node in nodes {
        let (head, liaison) = (next(), next());
        c.divisions.push(Division {
            node,
            head,
            liaison,
            staff: (0..STAFF).map(|_| next()).collect(),
        });
    }
    c.roles.extend([
        (c.office_head, vec!["office_head"]),
        (c.secretary, vec!["secretary"]),
        (c.registry, vec!["registry"]),
    ]);
    c.roles
        .extend(c.leaders.iter().map(|l| (*l, vec!["leader"])));
    c
}
