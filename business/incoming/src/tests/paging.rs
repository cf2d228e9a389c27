//! Keyset pages: every order, rows with and without a key, while others write; and the indexes that carry them.
use std::collections::BTreeSet;

use serde_json::json;
use zs_base::{Cursor, Id};
use zs_db::{Dialect, Val, vals};

use super::kit::{OP, Office, offices};
use crate::query::probe;

const HEAD: &str = "insert into incoming_doc (id, unit_id, instance_id, year, doc_class, serial, serial_no, status, source, \
    sender, sender_key, title, title_key, secrecy, paper_only, urgency, received_date, copies, deadline, urge, urge_count, \
    stage_text, signed_in_by, signed_in_name, signed_in_at, has_files, version, updated_at) values";
const PART: &str = "insert into incoming_participant (doc_id, identity_id, first_at, visible_status, sees_end, sees_plan) values";

/// Writes documents `from..to` of a unit: ties of dates, some without number, some without deadline.
pub(super) async fn docs(o: &Office, unit: Id, reader: Id, from: i64, to: i64) -> Vec<String> {
    let made = o
        .app
        .system()
        .write(OP, move |tx| {
            let (mut rows, mut parts, mut ids): (Vec<Val>, Vec<Val>, Vec<Id>) =
                (Vec::new(), Vec::new(), Vec::new());
            for n in from..to {
                let id = tx.new_id();
                let day = format!("2026-02-{:02}", n % 9 + 1);
                let class = if n % 2 == 0 { "red_head" } else { "plain" };
                let serial = (n % 5 != 0).then_some(n);
                let no = serial.map(|s| format!("收〔2026〕{s}号"));
                let due = (n % 3 != 0).then(|| format!("2026-03-{:02}", n % 7 + 1));
                rows.extend(
                    vals![
                        id,
                        unit,
                        id,
                        2026,
                        class,
                        serial,
                        no,
                        "active",
                        "mail",
                        "省厅",
                        "省厅",
                        format!("文件{n}"),
                        format!("文件{n}"),
                        "none",
                        false,
                        "normal",
                        day,
                        1,
                        due,
                        true,
                        0,
                        "承办",
                        reader,
                        "收一",
                        1_772_413_200_000_i64 + n,
                        false,
                        1,
                        1_772_413_200_000_i64
                    ]
                    .iter()
                    .cloned(),
                );
                parts.extend(
                    vals![id, reader, 1, "承办", true, n % 4 != 0]
                        .iter()
                        .cloned(),
                );
                ids.push(id);
            }
            tx.insert_rows(HEAD, 28, &rows)?;
            tx.insert_rows(PART, 6, &parts)?;
            tx.touch("test", unit, json!({}))?;
            Ok(ids)
        })
        .await
        .unwrap();
    made.into_iter().map(|i| i.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_skip_nor_repeat_while_others_write() {
    for o in offices().await {
        let reader = o.people["mayor"].1;
        let first = docs(&o, o.unit, reader, 1, 61).await;
        let mut n = 1_000;
        for who in ["clerk", "mayor"] {
            for sort in [
                "received_desc",
                "received_asc",
                "serial_desc",
                "serial_asc",
                "deadline_asc",
            ] {
                let (mut seen, mut cursor, mut keys): (Vec<String>, String, Vec<String>) =
                    (Vec::new(), String::new(), Vec::new());
                loop {
                    let page = o
                        .app
                        .get(
                            &format!("/incoming?sort={sort}&limit=7&cursor={cursor}"),
                            who,
                        )
                        .await
                        .ok();
                    assert_eq!(
                        page["total"].is_null(),
                        !cursor.is_empty(),
                        "the total comes with the first page"
                    );
                    for r in page["items"].as_array().unwrap() {
                        seen.push(r["id"].as_str().unwrap().to_owned());
                        keys.push(match sort {
                            "received_desc" | "received_asc" => {
                                r["received_date"].as_str().unwrap().to_owned()
                            }
                            "deadline_asc" => r["deadline"].as_str().unwrap_or("~").to_owned(),
                            _ => r["serial_no"].as_str().map_or("~".into(), |_| {
                                format!("{}{}", r["doc_class"].as_str().unwrap(), r["year"])
                            }),
                        });
                    }
                    // Somebody signs in between two pages.
                    docs(&o, o.unit, reader, n, n + 2).await;
                    n += 2;
                    match page["next"].as_str() {
                        Some(c) => cursor = c.replace('~', "%7E"),
                        None => break,
                    }
                }
                let unique: BTreeSet<&String> = seen.iter().collect();
                assert_eq!(unique.len(), seen.len(), "{who} {sort}: nothing twice");
                assert!(
                    first.iter().all(|d| unique.contains(d)),
                    "{who} {sort}: nothing left out"
                );
                let mut sorted = keys.clone();
                sorted.sort();
                if sort.ends_with("desc") {
                    // What has no key stays behind.
                    let (tail, mut head): (Vec<_>, Vec<_>) =
                        sorted.into_iter().partition(|k| k == "~");
                    head.reverse();
                    head.extend(tail);
                    sorted = head;
                }
                assert_eq!(keys, sorted, "{who} {sort}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_deadline_neither_sorts_nor_filters() {
    for o in offices().await {
        docs(&o, o.unit, o.people["mayor"].1, 1, 61).await;
        let all = o
            .app
            .get("/incoming?sort=deadline_asc&limit=200", "mayor")
            .await
            .ok();
        let hidden = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|r| r["deadline"].is_null())
            .count();
        assert!(hidden > 20, "no deadline, or no sight of it: {hidden}");
        o.app.clock().advance(60 * zs_base::time::DAY_MS);
        let late = o
            .app
            .get("/incoming?deadline_state=overdue&limit=200", "mayor")
            .await
            .ok();
        assert_eq!(late["total"], 60 - hidden);
        assert_eq!(
            o.app
                .get("/incoming?deadline_state=overdue&limit=200", "clerk")
                .await
                .ok()["total"],
            40
        );
        assert_eq!(
            o.app
                .get("/incoming?deadline_state=sometime", "clerk")
                .await
                .refused(400),
            "invalid"
        );
        assert_eq!(
            o.app
                .get("/incoming?sort=title", "clerk")
                .await
                .refused(400),
            "invalid"
        );
        assert_eq!(
            o.app
                .get("/incoming?cursor=drop", "clerk")
                .await
                .refused(400),
            "invalid"
        );
    }
}

/// The page of a unit is read from an index in its order: no sort, no scan, whatever the number of documents.
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_unit_come_straight_from_an_index() {
    for o in offices()
        .await
        .into_iter()
        .filter(|o| o.app.test_db.db.dialect() == Dialect::Sqlite)
    {
        docs(&o, o.unit, o.people["mayor"].1, 1, 2_001).await;
        let after = |sort: &str| match sort {
            "serial_desc" | "serial_asc" => Cursor::text("2026|red_head|900", 9),
            "deadline_asc" => Cursor::text("2026-03-02", 9),
            _ => Cursor::text("2026-02-03", 9),
        };
        let actor = o.actor_of("clerk");
        for sort in [
            "received_desc",
            "received_asc",
            "serial_desc",
            "serial_asc",
            "deadline_asc",
        ] {
            for keyed in [true, false] {
                if !keyed && sort.starts_with("received") {
                    continue;
                }
                for cursor in [None, Some(after(sort))] {
                    let q = probe::list(&actor, sort, keyed, cursor.as_ref().filter(|_| keyed))
                        .unwrap();
                    straight(&o, q, &format!("{sort} {keyed} {cursor:?}")).await;
                }
            }
        }
        straight(
            &o,
            probe::register_book(o.unit, None).unwrap(),
            "register book",
        )
        .await;
        straight(
            &o,
            probe::register_book(o.unit, Some(&after("serial_asc"))).unwrap(),
            "register book, later",
        )
        .await;
        straight(&o, probe::ledger(o.unit, None).unwrap(), "ledger").await;
        straight(
            &o,
            probe::ledger(o.unit, Some(&Cursor::text("2026|1772413200000", 9))).unwrap(),
            "ledger, later",
        )
        .await;
    }
}

async fn straight(o: &Office, q: zs_db::Query, what: &str) {
    let plan = o
        .app
        .app
        .db
        .read(move |tx| {
            tx.rows(&q)?
                .iter()
                .map(|r| r.get::<String>(3))
                .collect::<zs_base::Result<Vec<_>>>()
        })
        .await
        .unwrap()
        .join("; ");
    assert!(
        plan.contains("USING INDEX") || plan.contains("USING COVERING INDEX"),
        "{what}: {plan}"
    );
    assert!(
        !plan.contains("TEMP B-TREE") && !plan.contains("SCAN"),
        "{what}: {plan}"
    );
}

/// A person's own list goes by his parts, not over the documents of the unit.
#[tokio::test(flavor = "multi_thread")]
async fn a_persons_list_goes_by_his_parts() {
    for o in offices()
        .await
        .into_iter()
        .filter(|o| o.app.test_db.db.dialect() == Dialect::Sqlite)
    {
        docs(&o, o.unit, o.people["mayor"].1, 1, 501).await;
        let q = probe::list(&o.actor_of("mayor"), "received_desc", true, None).unwrap();
        let plan = o
            .app
            .app
            .db
            .read(move |tx| {
                tx.rows(&q)?
                    .iter()
                    .map(|r| r.get::<String>(3))
                    .collect::<zs_base::Result<Vec<_>>>()
            })
            .await
            .unwrap()
            .join("; ");
        assert!(plan.contains("ix_incoming_participant_identity"), "{plan}");
        assert!(!plan.contains("SCAN d"), "{plan}");
    }
}
