//! Downstream only, in list, counts, filters and export alike: random flows, every viewer, compared with the page and with
//! what the record itself says.
use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use serde_json::Value;
use zs_base::Id;
use zs_flowcore::{Instance, visible};

use super::kit::{Office, offices};
use super::walk::{ALL, Dice, step};
use crate::names::Names;
use crate::{derived, flow, project, store};

/// The first sheet of a workbook, row by row.
pub(super) fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range
        .rows()
        .map(|r| {
            r.iter()
                .map(|c| match c {
                    Data::Empty => String::new(),
                    other => other.to_string(),
                })
                .collect()
        })
        .collect()
}

async fn row(o: &Office, who: &str, doc: &str, query: &str) -> Option<Value> {
    let page = o
        .app
        .get(&format!("/incoming?limit=200&{query}"), who)
        .await
        .ok();
    let items = page["items"].as_array().unwrap().clone();
    assert_eq!(
        page["total"],
        items.len(),
        "{who} {query}: the count is of what is shown"
    );
    items.into_iter().find(|r| r["id"] == doc)
}

/// What the record says to a viewer: text, sees the end, sees the plan; none if nothing.
async fn told(o: &Office, doc: &str, me: Id, desk: bool) -> Option<(String, bool, bool)> {
    let (id, ctx) = (doc.parse::<Id>().unwrap(), o.app.system());
    let read = move |tx: &mut zs_db::Tx<'_>| {
        let d = store::doc(tx, id)?;
        let l = flow::load(&ctx, tx, d.instance_id)?;
        let events = flow::events(tx, d.instance_id)?;
        let mut s = Instance::replay(d.instance_id.0, &events);
        (s.key, s.version) = (l.state.key.clone(), l.state.version);
        let names = Names::load(tx, &project::people(&s), &project::nodes(&s))?;
        let v = visible(&s, &[me.0]);
        let ids = [me.0];
        let viewer = (!desk && !v.all).then_some(ids.as_slice());
        let lines = project::status_lines(&l.def, &s, viewer, &names);
        let text = project::status_text(&s, &lines);
        let end = desk || derived::sees_end(&l.def, &s, &ids);
        Ok((!v.is_empty() || desk).then_some((text, end, desk || v.all || !v.rounds.is_empty())))
    };
    o.app.app.db.read(read).await.unwrap()
}

async fn agree(o: &Office, doc: &str) {
    let whole = o.detail("clerk", doc).await;
    let leads: Vec<Value> = whole["handling"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|h| h["role"] == "lead")
        .map(|h| h["unit_name"].clone())
        .collect();
    let mut shown: BTreeMap<&str, Value> = BTreeMap::new();
    for who in ALL {
        let desk = ["clerk", "clerk2", "sec", "sec2"].contains(&who);
        let page = o.app.get(&format!("/incoming/{doc}"), who).await;
        let found = row(o, who, doc, "").await;
        let told = told(o, doc, o.people[who].1, desk)
            .await
            .filter(|_| who != "stranger");
        assert_eq!(
            found.is_some(),
            page.status.is_success(),
            "{who}: list and page"
        );
        assert_eq!(found.is_some(), told.is_some(), "{who}: list and record");
        let (Some(r), Some((text, end, plan))) = (found, told) else {
            continue;
        };
        let p = &page.json;
        for key in [
            "visible_status",
            "status",
            "deadline",
            "days_left",
            "completed_at",
            "archived_at",
            "serial_no",
            "title",
        ] {
            assert_eq!(r[key], p[key], "{who} {key}: list and page");
        }
        assert_eq!(r["visible_status"], text.as_str(), "{who}: list and record");
        assert_eq!(
            r["overdue"],
            r["days_left"].as_i64().is_some_and(|d| d < 0),
            "{who}"
        );
        assert!(
            end || r["completed_at"].is_null() && r["status"] != "completed",
            "{who} sees no completion from upstream"
        );
        assert!(
            plan || r["deadline"].is_null() && r["lead_units"].as_array().unwrap().is_empty(),
            "{who} sees no plan"
        );
        assert_eq!(
            plan,
            !p["plan"].is_null() || whole["plan"].is_null(),
            "{who}: plan"
        );
        if plan {
            assert_eq!(r["lead_units"], Value::Array(leads.clone()), "{who}");
        }
        filters(o, who, doc, &r).await;
        shown.insert(who, r);
    }
    exports(o, doc, &shown).await;
}

/// A filter finds a row exactly if what the row shows fits.
async fn filters(o: &Office, who: &str, doc: &str, r: &Value) {
    for status in ["active", "completed", "archived", "rejected", "void"] {
        let hit = row(o, who, doc, &format!("status={status}"))
            .await
            .is_some();
        assert_eq!(hit, r["status"] == status, "{who} status={status}: {r}");
    }
    let left = r["days_left"].as_i64();
    let overdue = row(o, who, doc, "deadline_state=overdue").await.is_some();
    assert_eq!(overdue, left.is_some_and(|d| d < 0), "{who} overdue: {r}");
    let soon = row(o, who, doc, "deadline_state=soon").await.is_some();
    assert_eq!(
        soon,
        left.is_some_and(|d| (0..=2).contains(&d)),
        "{who} soon: {r}"
    );
    for sort in ["received_asc", "serial_desc", "serial_asc", "deadline_asc"] {
        let again = row(o, who, doc, &format!("sort={sort}")).await;
        assert_eq!(again.as_ref(), Some(r), "{who} {sort}");
    }
    // Nobody finds a document by where it stands.
    let stage = r["visible_status"]
        .as_str()
        .unwrap()
        .chars()
        .take(2)
        .collect::<String>();
    assert!(
        row(o, who, doc, &format!("q={stage}&title="))
            .await
            .is_none(),
        "{who} {stage}"
    );
}

async fn exports(o: &Office, doc: &str, shown: &BTreeMap<&str, Value>) {
    for who in ["clerk", "sec"] {
        let a = o.app.get("/incoming/export", who).await;
        assert!(a.status.is_success(), "{}", a.json);
        let rows = sheet(&a.bytes);
        let r = &shown[who];
        let found = rows
            .iter()
            .find(|x| x[0] == r["serial_no"].as_str().unwrap_or_default())
            .unwrap_or_else(|| panic!("{doc} {rows:?}"));
        assert_eq!(
            found[12],
            r["visible_status"].as_str().unwrap(),
            "{who}: export and list"
        );
        assert_eq!(found[10], r["deadline"].as_str().unwrap_or_default());
        assert_eq!(found[11] == "是", r["overdue"] == true);
    }
    for who in ["mayor", "zh_staff", "chief"] {
        assert_eq!(
            o.app.get("/incoming/export", who).await.refused(403),
            "forbidden"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn list_filters_counts_and_export_show_what_the_page_shows() {
    for o in offices().await {
        for seed in 0..3_u64 {
            let mut dice = Dice(seed * 104_729 + 5);
            let doc = o.registered(&format!("政发〔2026〕{}号", seed + 900)).await;
            for n in 0..24 {
                step(&o, &doc, &mut dice).await;
                if n % 8 == 7 {
                    agree(&o, &doc).await;
                }
            }
            // The deadline comes near and passes.
            for _ in 0..2 {
                o.app.clock().advance(9 * zs_base::time::DAY_MS);
                agree(&o, &doc).await;
            }
        }
    }
}

/// Several identities, principals included, see together what each sees alone; the row is still the page.
#[tokio::test(flavor = "multi_thread")]
async fn two_identities_see_together_what_each_sees_alone() {
    for o in offices().await {
        let doc = o.registered("政发〔2026〕77号").await;
        let mut dice = Dice(41);
        for _ in 0..14 {
            step(&o, &doc, &mut dice).await;
            for pair in [
                ["zh_head", "ny_head"],
                ["mayor", "zh_staff"],
                ["zh_liaison", "ny_staff"],
                ["chief", "sub_head"],
            ] {
                let mut actor = o.actor_of(pair[0]);
                actor.identities = pair.iter().map(|k| o.people[k].1).collect();
                o.app.auth.sign_in("both", actor);
                let page = o.app.get(&format!("/incoming/{doc}"), "both").await;
                let found = row(&o, "both", &doc, "").await;
                assert_eq!(found.is_some(), page.status.is_success(), "{pair:?}");
                let Some(r) = found else { continue };
                for key in [
                    "visible_status",
                    "status",
                    "deadline",
                    "days_left",
                    "completed_at",
                ] {
                    assert_eq!(r[key], page.json[key], "{pair:?} {key}");
                }
            }
        }
    }
}
