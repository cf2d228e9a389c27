//! Who may read what, what may be asked for, what a print or an export refuses.
use serde_json::json;
use zs_db::{Val, vals};

use super::kit::{OP, Office, offices};
use super::paging::docs;
use super::view::sheet;
use crate::columns::COLUMNS;

/// T28: nothing that a clerk types becomes a formula, in any export.
#[tokio::test(flavor = "multi_thread")]
async fn t28_exports_hold_no_formula() {
    for o in offices().await {
        let mut evil = o.sign_in_body("+cmd|' /C calc'!A0");
        evil["title"] = json!("=HYPERLINK(\"http://evil\",\"点\")");
        evil["sender"] = json!("@SUM(A1:A9)");
        let made = o.app.post("/incoming", "clerk", evil.clone()).await.ok();
        let doc = made["id"].as_str().unwrap();
        evil["secrecy"] = json!("none");
        evil["paper_only"] = json!(false);
        evil["remark"] = json!("-1+1");
        o.act("clerk", doc, "register", evil).await.ok();
        for path in [
            "/incoming/export",
            "/incoming/register_book/export",
            "/incoming/ledger/export",
        ] {
            let a = o.app.get(path, "clerk").await;
            assert!(a.status.is_success(), "{path} {}", a.json);
            let rows = sheet(&a.bytes);
            assert!(
                rows.iter().flatten().any(|c| c.starts_with("'=HYPERLINK")),
                "{path} {rows:?}"
            );
            for c in rows.iter().flatten() {
                assert!(!c.starts_with(['=', '+', '-', '@', '\t']), "{path}: {c}");
            }
        }
    }
}

/// Whose books: only the registry, the desk, the office head and the document administrator of the unit.
#[tokio::test(flavor = "multi_thread")]
async fn every_read_asks_for_its_permission() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕1号").await;
        let books = ["/incoming/register_book", "/incoming/ledger"];
        for book in books {
            for tail in ["", "/export", "/print"] {
                let path = format!("{book}{tail}");
                for who in ["mayor", "vice", "zh_head", "zh_staff", "sub_head"] {
                    assert_eq!(
                        o.app.get(&path, who).await.refused(403),
                        "forbidden",
                        "{who} {path}"
                    );
                }
                assert_eq!(o.app.get(&path, "").await.refused(401), "unauthenticated");
            }
            // Another unit's registry has books of its own, and they are empty.
            let page = o.app.get(book, "stranger").await.ok();
            assert_eq!(
                (
                    page["total"].as_i64(),
                    page["items"].as_array().map(Vec::len)
                ),
                (Some(0), Some(0))
            );
            assert_eq!(o.app.get(book, "chief").await.ok()["total"], 1);
        }
        let forged = format!("/incoming?unit_id={}", o.unit);
        for path in [
            "/incoming",
            forged.as_str(),
            "/incoming?mine=participated",
            "/incoming?q=防汛",
        ] {
            let page = o.app.get(path, "stranger").await.ok();
            assert_eq!(
                (page["total"].as_i64(), page["next"].is_null()),
                (Some(0), true),
                "{path}"
            );
        }
        let rows = sheet(&o.app.get("/incoming/export", "stranger").await.bytes);
        assert_eq!(rows.len(), 1, "only the header");
        assert_eq!(
            o.app.get("/incoming", "zh_staff").await.ok()["total"],
            0,
            "no part, no row"
        );
        for who in ["zh_staff", "mayor", "stranger"] {
            for path in ["handling_sheet/print", "circulation_sheet/print"] {
                assert_eq!(
                    o.app
                        .get(&format!("/incoming/{doc}/{path}"), who)
                        .await
                        .refused(404),
                    "not_found"
                );
            }
        }
        for (query, n) in [
            ("q=收〔2026〕1号", 1),
            ("q=收[2026]1号", 1),
            ("q=政发[2026]", 1),
            ("title=防汛", 1),
            ("title=抗旱", 0),
            ("sender=省政府", 1),
            ("doc_number=〔2026〕1号", 1),
            ("serial_no=2026", 1),
            ("doc_class=plain", 0),
            ("source=exchange", 1),
            ("urgency=urgent", 1),
            ("secrecy=none", 1),
            ("genre=通知", 1),
            ("received_from=2026-03-03", 0),
            ("received_to=2026-03-02", 1),
            ("mine=signed", 1),
            ("mine=registered", 1),
            ("status=void", 0),
        ] {
            let query: String = query
                .split('=')
                .enumerate()
                .map(|(i, p)| {
                    if i == 0 {
                        format!("{p}=")
                    } else {
                        p.bytes().map(|b| format!("%{b:02X}")).collect()
                    }
                })
                .collect();
            assert_eq!(
                o.app.get(&format!("/incoming?{query}"), "clerk").await.ok()["total"],
                n,
                "{query}"
            );
        }
        for wrong in ["status=open", "mine=all", "received_from=gestern"] {
            assert_eq!(
                o.app
                    .get(&format!("/incoming?{wrong}"), "clerk")
                    .await
                    .refused(400),
                "invalid"
            );
        }
    }
}

/// A print has a limit, and says what to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_print_that_is_too_long_is_refused() {
    for o in offices().await {
        docs(&o, o.unit, o.people["mayor"].1, 1, 6_300).await;
        let a = o.app.get("/incoming/register_book/print", "clerk").await;
        let detail = a.json["detail"].as_str().unwrap().to_owned();
        assert_eq!(a.refused(422), "print_too_large");
        assert!(
            detail.contains("5040") && detail.contains("5000") && detail.contains("缩小起止时间"),
            "{detail}"
        );
        ledger_rows(&o, 2_001).await;
        let a = o.app.get("/incoming/ledger/print", "clerk").await;
        assert_eq!(a.refused(422), "print_too_large");
        let a = o.app.get("/incoming/ledger/export", "clerk").await;
        let rows = sheet(&a.bytes);
        assert_eq!(
            (rows.len(), rows[2_001][COLUMNS.len() + 1].as_str()),
            (2_002, "第2000行")
        );
    }
}

async fn ledger_rows(o: &Office, n: i64) {
    let unit = o.unit;
    let write = move |tx: &mut zs_ctx::WriteTx<'_, '_>| {
        let ids = tx.query("select id from incoming_doc order by id limit $1", vals![n])?;
        let mut rows: Vec<Val> = Vec::new();
        for (n, r) in (0_i64..).zip(&ids) {
            rows.extend(
                vals![
                    r.get::<zs_base::Id>(0)?,
                    unit,
                    2026,
                    1_772_413_200_000_i64 + n,
                    "{}"
                ]
                .iter()
                .cloned(),
            );
            rows.extend(COLUMNS.iter().map(|_| Val::Text(format!("第{n}行"))));
        }
        tx.insert_rows("insert into incoming_ledger values", 34, &rows)?;
        tx.touch("test", unit, json!({}))
    };
    o.app.system().write(OP, write).await.unwrap();
}
