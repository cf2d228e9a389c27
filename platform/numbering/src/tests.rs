use std::collections::BTreeSet;

use serde_json::json;
use zs_base::{Error, Id};
use zs_ctx::{Actor, Op, Reach, Services};
use zs_testkit::TestApp;

use crate::{NUMBER_ALREADY_VOID, NUMBER_NOT_GIVEN, NewVoid, peek, take, void, voids};

const OP: Op = Op {
    key: "test.take",
    title: "取号",
};
const UNIT: Id = Id(7);

async fn apps() -> Vec<TestApp> {
    TestApp::engines(|| vec![crate::module()], Services::default).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_with_failures_leave_no_gap_and_no_double() {
    for app in apps().await {
        app.statements_prepare().await;
        let mut all = Vec::new();
        for i in 0..200 {
            let ctx = app.system();
            all.push(tokio::spawn(async move {
                ctx.write(OP, move |tx| {
                    let n = take(tx, UNIT, "incoming.red_head", 2026)?;
                    if i % 5 == 0 {
                        // The registration fails after it took its number.
                        return Err(Error::rule("refused", "不予登记"));
                    }
                    tx.touch("demo", Id(i + 1), json!({"n": n}))?;
                    Ok(n)
                })
                .await
            }));
        }
        let mut got = BTreeSet::new();
        let mut failed = 0;
        for t in all {
            match t.await.unwrap() {
                Ok(n) => assert!(got.insert(n), "{n} was given twice"),
                Err(e) => {
                    assert_eq!(e.code, "refused");
                    failed += 1;
                }
            }
        }
        assert_eq!(failed, 40);
        assert_eq!(got, (1..=160).collect());
        let next = app
            .app
            .db
            .read(|tx| peek(tx, UNIT, "incoming.red_head", 2026))
            .await
            .unwrap();
        assert_eq!(next, 161);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn units_keys_and_years_count_apart() {
    for app in apps().await {
        let got = app
            .app
            .db
            .write(|tx| {
                Ok(vec![
                    take(tx, UNIT, "a", 2026)?,
                    take(tx, UNIT, "a", 2026)?,
                    take(tx, UNIT, "b", 2026)?,
                    take(tx, UNIT, "a", 2027)?,
                    take(tx, Id(8), "a", 2026)?,
                ])
            })
            .await
            .unwrap();
        assert_eq!(got, [1, 2, 1, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_void_number_is_booked_once_and_never_given_again() {
    for app in apps().await {
        let v = NewVoid {
            unit: UNIT,
            key: "a",
            year: 2026,
            number: 2,
            reason: "重复登记",
            entity: "incoming_doc",
            entity_id: Id(5),
        };
        let e = app
            .system()
            .write(OP, move |tx| void(tx, &v))
            .await
            .unwrap_err();
        assert!(e.is(&NUMBER_NOT_GIVEN));
        app.app
            .db
            .write(|tx| {
                take(tx, UNIT, "a", 2026)?;
                take(tx, UNIT, "a", 2026)
            })
            .await
            .unwrap();
        app.system()
            .write(OP, move |tx| void(tx, &v))
            .await
            .unwrap();
        let e = app
            .system()
            .write(OP, move |tx| void(tx, &v))
            .await
            .unwrap_err();
        assert!(e.is(&NUMBER_ALREADY_VOID), "{e:?}");
        let (book, next) = app
            .app
            .db
            .write(|tx| Ok((voids(tx, UNIT, "a", 2026)?, take(tx, UNIT, "a", 2026)?)))
            .await
            .unwrap();
        assert_eq!(next, 3);
        assert_eq!(book.len(), 1);
        assert_eq!((book[0].number, book[0].reason.as_str()), (2, "重复登记"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_for_the_administrator() {
    for app in apps().await {
        app.auth.sign_in(
            "admin",
            Actor {
                permissions: [("numbering.view".to_owned(), Reach::All)].into(),
                ..Actor::default()
            },
        );
        app.auth.sign_in("clerk", Actor::default());
        app.app
            .db
            .write(|tx| take(tx, UNIT, "a", 2026))
            .await
            .unwrap();
        assert_eq!(
            app.get("/admin/series", "clerk").await.refused(403),
            "forbidden"
        );
        let list = app.get("/admin/series", "admin").await.ok();
        assert_eq!(list["items"][0]["next"], 2);
        assert_eq!(list["items"][0]["year"], 2026);
    }
}
