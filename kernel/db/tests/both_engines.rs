//! One behaviour suite, every engine.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use zs_base::Error;
use zs_db::testing::{TestDb, engines};
use zs_db::{Db, Location, Migration, Query, unique_violation, vals};

const SCHEMA: &[Migration] = &[Migration {
    module: "t",
    version: 1,
    sql: "create table t (id {id} primary key, unit_id {id} not null, n {int} not null, name {text}, ok {bool} not null) {strict};
create unique index uq_t_unit_id_n on t (unit_id, n);",
}];

async fn all() -> Vec<TestDb> {
    engines(SCHEMA).await.unwrap()
}

async fn count(db: &Db) -> i64 {
    db.read(|tx| tx.one("select count(*) from t", &[])?.get(0))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_write_leaves_nothing() {
    for t in all().await {
        let r: Result<(), Error> =
            t.db.write(|tx| {
                let id = tx.new_id();
                tx.exec(
                    "insert into t (id, unit_id, n, ok) values ($1, 1, 1, $2)",
                    vals![id, true],
                )?;
                Err(Error::field("n", "no"))
            })
            .await;
        assert_eq!(r.unwrap_err().code, "invalid");
        assert_eq!(count(&t.db).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_write_spoils_only_that_one() {
    for t in all().await {
        let bad = t.db.write(|tx| -> Result<(), Error> {
            tx.exec(
                "insert into t (id, unit_id, n, ok) values (1, 1, 1, $1)",
                vals![true],
            )?;
            panic!("boom")
        });
        let good = t.db.write(|tx| {
            tx.exec(
                "insert into t (id, unit_id, n, ok) values (2, 1, 2, $1)",
                vals![true],
            )
        });
        let (bad, good) = tokio::join!(bad, good);
        assert_eq!(bad.unwrap_err().code, "internal");
        assert_eq!(good.unwrap(), 1);
        assert_eq!(count(&t.db).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unique_violations_have_one_name_on_both_engines() {
    for t in all().await {
        let put = || {
            t.db.write(|tx| {
                let id = tx.new_id();
                tx.exec(
                    "insert into t (id, unit_id, n, ok) values ($1, 7, 3, $2)",
                    vals![id, false],
                )
            })
        };
        put().await.unwrap();
        let e = put().await.unwrap_err();
        assert_eq!(unique_violation(&e), Some("uq_t_unit_id_n"), "{:?}", t.db);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_take_two_hundred_numbers_without_a_gap() {
    for t in all().await {
        t.db.write(|tx| {
            tx.exec(
                "insert into t (id, unit_id, n, ok) values (1, 1, 0, $1)",
                vals![true],
            )
        })
        .await
        .unwrap();
        let tasks: Vec<_> = (0..200)
            .map(|_| {
                let db = t.db.clone();
                tokio::spawn(async move {
                    db.write(|tx| {
                        tx.one("update t set n = n + 1 where id = 1 returning n", &[])?
                            .get::<i64>(0)
                    })
                    .await
                    .unwrap()
                })
            })
            .collect();
        let mut got = Vec::new();
        for task in tasks {
            got.push(task.await.unwrap());
        }
        got.sort_unstable();
        assert_eq!(got, (1..=200).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_cannot_write() {
    for t in all().await {
        let r =
            t.db.read(|tx| {
                tx.exec(
                    "insert into t (id, unit_id, n, ok) values (9, 9, 9, $1)",
                    vals![true],
                )
            })
            .await;
        assert!(r.is_err());
        assert_eq!(count(&t.db).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_back_as_they_went_and_filters_agree() {
    for t in all().await {
        t.db.write(|tx| {
            let rows: Vec<_> = (0..1200i64)
                .flat_map(|i| vals![i + 1, i % 3, i, format!("第{i}号_100%"), i % 2 == 0].to_vec())
                .collect();
            tx.insert_rows("insert into t (id, unit_id, n, name, ok) values", 5, &rows)
        })
        .await
        .unwrap();
        let (n, name, ok, none) =
            t.db.read(|tx| {
                let mut q = Query::new("select count(*) from t where ok", &[]);
                q.and_in("unit_id", [0i64, 1]).and_contains("name", "_100%");
                let r = tx.one("select name, ok from t where id = $1", vals![5])?;
                Ok((
                    tx.count(&q)?,
                    r.get::<String>(0)?,
                    r.get::<bool>(1)?,
                    tx.opt("select 1 from t where id = $1", vals![-1])?,
                ))
            })
            .await
            .unwrap();
        assert_eq!((n, name.as_str(), ok), (400, "第4号_100%", true));
        assert!(none.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_rows_survive_reopening_and_migrations_run_once() {
    for t in all().await {
        let tries = Arc::new(AtomicU32::new(0));
        let seen = Arc::clone(&tries);
        t.db.write(move |tx| {
            seen.fetch_add(1, Ordering::SeqCst);
            tx.exec(
                "insert into t (id, unit_id, n, ok) values (1, 1, 1, $1)",
                vals![true],
            )
        })
        .await
        .unwrap();
        assert_eq!(tries.load(Ordering::SeqCst), 1);
        let again = Db::open(&t.location, zs_base::Clock::System, 2)
            .await
            .unwrap();
        assert_eq!(again.migrate(SCHEMA).await.unwrap(), 0);
        assert_eq!(count(&again).await, 1);
        if let Location::Sqlite(path) = &t.location {
            let copy = path.with_extension("copy");
            again.backup_to(&copy).await.unwrap();
            let from_copy = Db::open(&Location::Sqlite(copy), zs_base::Clock::System, 3)
                .await
                .unwrap();
            assert_eq!(count(&from_copy).await, 1);
            assert!(from_copy.check().await.unwrap().is_empty());
        }
    }
}
