//! The documents of the demonstration city: played ones and copies, on both engines.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]
use std::collections::BTreeMap;
use std::sync::Arc;

use zhongshu::seed::documents::{self, SPAN_MS};
use zhongshu::seed::draw;
use zhongshu::seed::load::{self, City};
use zhongshu::seed::plan::{Plan, Preset};
use zs_access::{Access, AccessOptions};
use zs_base::{Clock, FakeClock, Id};
use zs_ctx::{App, Ctx};
use zs_db::Tx;
use zs_testkit::{TEST_NOW, TestApp};

/// The county's government with some of its bureaus.
fn small(nodes: usize) -> Plan {
    let mut p = draw::draw(Preset::County, 1);
    p.nodes.truncate(nodes);
    p.people.retain(|x| x.node < nodes);
    p
}

/// An installation in a folder of its own that holds this plan, its clock at the beginning of the documents.
async fn office(app: App, plan: &Plan) -> (App, City, tempdir::Folder) {
    let folder = tempdir::Folder::new();
    let registry = zhongshu::assemble::registry().unwrap();
    let services = zhongshu::assemble::services(&registry, AccessOptions::default()).unwrap();
    let blobs = Arc::new(zhongshu::assemble::blobs(&folder.0).unwrap());
    let app = App {
        db: app.db,
        services: services.with(blobs),
    };
    zs_incoming::seed(&Ctx::system(app.clone(), "test"))
        .await
        .unwrap();
    let hash = Access::new(AccessOptions::default())
        .unwrap()
        .hash("Chengzhou-2026")
        .await
        .unwrap();
    let city = load::city(&app, plan, &hash, |_| {}).await.unwrap();
    (app, city, folder)
}

mod tempdir {
    pub struct Folder(pub std::path::PathBuf);
    impl Folder {
        pub fn new() -> Self {
            let at =
                std::env::temp_dir().join(format!("zs-seed-{}", zs_base::random_token().unwrap()));
            std::fs::create_dir_all(&at).unwrap();
            Self(at)
        }
    }
    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

async fn apps() -> Vec<TestApp> {
    let registry = zhongshu::assemble::registry().unwrap();
    let services = || zhongshu::assemble::services(&registry, AccessOptions::default()).unwrap();
    TestApp::engines(zhongshu::assemble::modules, services).await
}

async fn rows<T: Send + 'static>(
    app: &App,
    f: impl FnOnce(&mut Tx<'_>) -> zs_base::Result<T> + Send + 'static,
) -> T {
    app.db.read(f).await.unwrap()
}

/// Title, number, status and place of every document, in the order in which they were signed in.
async fn content(app: &App) -> Vec<(String, Option<String>, String, String)> {
    rows(app, |tx| {
        tx.query("select title, serial_no, status, stage_text from incoming_doc order by signed_in_at, title, id", &[])?
            .iter()
            .map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))
            .collect()
    })
    .await
}

/// Numbers run without gap or double, and the series goes on behind the last one.
async fn serials_hold(app: &App) {
    let found: Vec<(Id, String, i64, i64, i64, i64)> = rows(app, |tx| {
        tx.query(
            "select d.unit_id, d.doc_class, d.year, count(d.serial), min(d.serial), max(d.serial) from incoming_doc d \
             where d.serial is not null group by d.unit_id, d.doc_class, d.year",
            &[],
        )?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)))
        .collect()
    })
    .await;
    assert!(!found.is_empty());
    for (unit, class, year, n, first, last) in found {
        assert_eq!((first, last), (1, n), "{unit} {class} {year}");
        let key = format!("incoming.{class}");
        let next = rows(app, move |tx| {
            zs_numbering::peek(tx, unit, &key, i32::try_from(year).unwrap())
        })
        .await;
        assert_eq!(next, n + 1, "{unit} {class} {year}");
    }
}

/// Every `nth` document: its record replays, its derived rows are what the record says.
async fn records_hold(app: &App, nth: usize) -> usize {
    let all: Vec<(Id, Id)> = rows(app, |tx| {
        let all = tx.query("select id, instance_id from incoming_doc order by id", &[])?;
        all.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    })
    .await;
    let mut n = 0;
    for (doc, instance) in all.into_iter().step_by(nth) {
        let ctx = Ctx::system(app.clone(), "test");
        let c = ctx.clone();
        let replay = rows(app, move |tx| zs_flow::replay(&c, tx, instance)).await;
        assert!(replay.ok, "{doc}: {replay:?}");
        let derived = move |tx: &mut Tx<'_>| {
            let mut out = Vec::new();
            for t in zs_incoming::bulk::TABLES
                .iter()
                .filter(|t| !matches!(t.name, "incoming_plan" | "incoming_package"))
            {
                out.push(t.read(tx, doc)?);
            }
            Ok(out)
        };
        let before = rows(app, derived).await;
        app.db
            .write(move |tx| zs_incoming::rebuild(&ctx, tx, doc))
            .await
            .unwrap();
        let json = |v: &Vec<Vec<Vec<zs_db::Val>>>| format!("{v:#?}");
        let (a, b) = (json(&before), json(&rows(app, derived).await));
        for (x, y) in a.lines().zip(b.lines()).filter(|(x, y)| x != y) {
            // The fold's own state is JSON text; its maps have no order that matters.
            assert!(x.contains('{') && same_json(x, y), "{doc}\n{x}\n{y}");
        }
        n += 1;
    }
    n
}

fn same_json(x: &str, y: &str) -> bool {
    let value = |s: &str| {
        let text: String = serde_json::from_str(s.trim().trim_end_matches(',')).ok()?;
        serde_json::from_str::<serde_json::Value>(&text).ok()
    };
    matches!((value(x), value(y)), (Some(a), Some(b)) if a == b)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_plays_the_same_documents_and_all_their_records_hold() {
    let plan = draw::draw(Preset::Town, 1);
    let mut seen = Vec::new();
    for seed in [3, 3, 4] {
        let app = apps().await.remove(0);
        let start = app.clock().now();
        let (office, city, _folder) = office(app.app.clone(), &plan).await;
        documents::write(&office, &plan, &city, 36, seed, app.clock())
            .await
            .unwrap();
        assert_eq!(app.clock().now(), start + SPAN_MS);
        serials_hold(&office).await;
        assert_eq!(
            records_hold(&office, if seed == 4 { 1 } else { 12 }).await,
            if seed == 4 { 36 } else { 3 }
        );
        seen.push(content(&office).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
    assert_eq!(seen[0].len(), 36);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_shows_the_platform_finds_work_on_his_desk() {
    let plan = small(30);
    let app = apps().await.remove(0);
    let (office, city, _folder) = office(app.app.clone(), &plan).await;
    documents::write(&office, &plan, &city, 150, 1, app.clock())
        .await
        .unwrap();
    let cast = documents::cast::casts(&plan, &city).remove(0);
    let (one, two) = (&cast.divisions[0], &cast.divisions[1]);
    let now = app.clock().now();
    let mut late = 0;
    let mut soon = 0;
    for who in [
        cast.registry,
        cast.secretary,
        cast.office_head,
        cast.leaders[0],
        cast.leaders[1],
        one.liaison,
        one.head,
        one.staff[0],
        two.head,
        two.staff[0],
    ] {
        let (open, done, over, near): (i64, i64, i64, i64) = rows(&office, move |tx| {
            let mine = zs_db::vals![who, now, now + 3 * 86_400_000];
            let open = "select count(*) from flow_task t where t.status = 'open' and (t.assignee = $1 or exists (select 1 from \
                 flow_candidate c where c.task_id = t.id and c.identity_id = $1))";
            let open = tx.one(open, &mine[..1])?.get(0)?;
            let done = tx.one("select count(*) from flow_task where done_by = $1 and status = 'done'", &mine[..1])?.get(0)?;
            let over = "select count(*) from flow_task where status = 'open' and assignee = $1 and due_at < $2";
            let over = tx.one(over, &mine[..2])?.get(0)?;
            let near = "select count(*) from flow_task where status = 'open' and assignee = $1 and due_at >= $2 and due_at < $3";
            Ok((open, done, over, tx.one(near, mine)?.get(0)?))
        })
        .await;
        assert!(open > 0 && done > 0, "{who}: {open} open, {done} done");
        late += over;
        soon += near;
    }
    assert!(late > 0 && soon > 0, "{late} late, {soon} due soon");
    let by_status: BTreeMap<String, i64> = rows(&office, |tx| {
        let all = tx.query(
            "select status, count(*) from incoming_doc group by status",
            &[],
        )?;
        all.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    })
    .await;
    assert!((80..=100).contains(&by_status["archived"]), "{by_status:?}");
    let stages: Vec<String> = rows(&office, |tx| {
        let all = tx.query(
            "select distinct step from flow_task where status = 'open' order by step",
            &[],
        )?;
        all.iter().map(|r| r.get(0)).collect()
    })
    .await;
    assert!(stages.len() >= 11, "{stages:?}");
    let urged: i64 = rows(&office, |tx| {
        tx.one("select count(*) from flow_urge", &[])?.get(0)
    })
    .await;
    let behalf: i64 = rows(&office, |tx| {
        tx.one(
            "select count(*) from flow_task where status = 'open' and principal is not null",
            &[],
        )?
        .get(0)
    })
    .await;
    let files: i64 = rows(&office, |tx| {
        tx.one("select count(*) from file", &[])?.get(0)
    })
    .await;
    assert!(
        urged > 0 && behalf > 0 && files > 10,
        "{urged} {behalf} {files}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_thousand_copies_are_as_sound_as_what_they_are_copied_from() {
    let plan = small(60);
    for app in apps().await {
        let (office, city, _folder) = office(app.app.clone(), &plan).await;
        documents::write(&office, &plan, &city, 3_000, 1, app.clock())
            .await
            .unwrap();
        let n: i64 = rows(&office, |tx| {
            tx.one("select count(*) from incoming_doc", &[])?.get(0)
        })
        .await;
        assert_eq!(n, 3_000);
        serials_hold(&office).await;
        assert!(records_hold(&office, 41).await > 70);
        let doubtful: i64 = rows(&office, |tx| {
            let lost = "select (select count(*) from flow_task t where not exists (select 1 from flow_instance i where i.id = \
                 t.instance_id)) + (select count(*) from incoming_doc d where not exists (select 1 from flow_instance i where \
                 i.id = d.instance_id and i.subject_id = d.id and i.unit_id = d.unit_id and i.title = d.title))";
            tx.one(lost, &[])?.get(0)
        })
        .await;
        assert_eq!(doubtful, 0);
        let marks = content(&office).await;
        let stray = |s: &str| s.chars().any(|c| ('\u{e000}'..='\u{f8ff}').contains(&c));
        assert!(
            marks
                .iter()
                .all(|(a, b, _, d)| !stray(a) && !stray(d) && !b.as_deref().is_some_and(stray))
        );
        let open = marks.iter().filter(|m| m.2 == "active").count();
        assert!((150..450).contains(&open), "{open} open");
        let packages: Vec<(String, String, String)> = rows(&office, |tx| {
            let all = "select p.package, p.digest, d.digest from incoming_package p join incoming_doc d on d.id = p.doc_id \
                 order by p.doc_id limit 40";
            tx.query(all, &[])?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
        })
        .await;
        for (package, digest, kept) in packages {
            assert_eq!(
                (
                    zs_incoming::digest::sm3_hex(package.as_bytes()),
                    digest.clone()
                ),
                (digest, kept)
            );
            assert!(
                !stray(&package) && serde_json::from_str::<serde_json::Value>(&package).is_ok()
            );
        }
        // People go on working with a copy as with any other document.
        let busiest: i64 = rows(&office, |tx| {
            let most = "select count(*) from flow_task where status = 'open' and assignee is not null group by assignee \
                 order by count(*) desc limit 1";
            tx.one(most, &[])?.get(0)
        })
        .await;
        assert!(busiest >= 30, "{busiest}");
    }
}

#[test]
fn the_test_clock_leaves_room_for_the_years_before() {
    let c = Clock::Fake(FakeClock::at(TEST_NOW));
    assert!(c.now() - SPAN_MS > 1_700_000_000_000);
}
