//! Random walks: whatever happens, a page shows the viewer's own part and what follows from it, and nothing else; the
//! derived rows are what a rebuild gives.
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zs_flowcore::{Event, EventKind};

use super::kit::{Office, offices};

/// A small generator: the same walk for the same seed.
pub(super) struct Dice(pub u64);
impl Dice {
    pub fn roll(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }
    fn yes(&mut self, of: usize) -> bool {
        self.roll(of) == 0
    }
}

pub(super) const ALL: [&str; 16] = [
    "clerk",
    "clerk2",
    "sec",
    "sec2",
    "chief",
    "mayor",
    "vice",
    "zh_head",
    "zh_liaison",
    "zh_staff",
    "zh_staff2",
    "ny_head",
    "ny_staff",
    "deep_head",
    "sub_head",
    "stranger",
];
const OWN: [&str; 10] = [
    "chief",
    "mayor",
    "vice",
    "zh_head",
    "zh_liaison",
    "zh_staff",
    "zh_staff2",
    "ny_head",
    "ny_staff",
    "sub_head",
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_downstream_only_and_rebuilds_agree() {
    for o in offices().await {
        for seed in 0..4_u64 {
            let mut dice = Dice(seed * 7_919 + 17);
            let number = format!("政发〔2026〕{}号", seed + 100);
            let doc = o.registered(&number).await;
            for _ in 0..22 {
                step(&o, &doc, &mut dice).await;
            }
            o.check(&doc).await;
            agree(&o, &doc).await;
        }
    }
}

fn some_plan(o: &Office, dice: &mut Dice) -> Value {
    let mut plan = o.plan();
    plan["needs_review"] = json!(dice.yes(2));
    if dice.yes(3) {
        plan["instruct"]["identity_ids"] = json!([]);
    }
    plan["instruct"]["mode"] = json!(if dice.yes(2) { "all" } else { "in_order" });
    plan["circulation"]["mode"] = json!(if dice.yes(2) { "all" } else { "in_order" });
    if dice.yes(3) {
        plan["circulation"]["identity_ids"] = json!([]);
    }
    plan
}

/// Somebody does something that his page offers.
pub(super) async fn step(o: &Office, doc: &str, dice: &mut Dice) {
    o.app.clock().advance(60_000);
    let first = dice.roll(ALL.len());
    for n in 0..ALL.len() {
        let who = ALL[(first + n) % ALL.len()];
        let page = o.app.get(&format!("/incoming/{doc}"), who).await;
        let Some(tasks) = page.json["tasks"].as_array().cloned() else {
            continue;
        };
        if tasks.is_empty() {
            if dice.yes(12)
                && page.json["acts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|a| a["act"] == "withdraw" && a["allowed"] == true)
            {
                let a = o
                    .app
                    .post(&format!("/incoming/{doc}/withdraw"), who, json!({}))
                    .await;
                assert!(
                    a.status.is_success(),
                    "an offered act is accepted: {}",
                    a.json
                );
                return;
            }
            continue;
        }
        let task = &tasks[dice.roll(tasks.len())];
        let (id, stage) = (
            task["task_id"].as_str().unwrap(),
            task["step"].as_str().unwrap(),
        );
        if task["kind"] == "todo" && dice.yes(5) && back(o, doc, who, id, dice).await {
            return;
        }
        forward(o, doc, who, id, stage, dice).await;
        return;
    }
}

async fn back(o: &Office, doc: &str, who: &str, task: &str, dice: &mut Dice) -> bool {
    let targets = o
        .app
        .get(
            &format!("/incoming/{doc}/return_targets?task_id={task}"),
            who,
        )
        .await
        .ok();
    let items = targets["items"].as_array().unwrap().clone();
    let items: Vec<&Value> = items.iter().filter(|t| t["step"] != "sign_in").collect();
    if items.is_empty() {
        return false;
    }
    let round = items[dice.roll(items.len())]["round"].clone();
    let then = if dice.yes(2) {
        "rerun"
    } else {
        "straight_back"
    };
    let body = json!({"target_round": round, "reason": "请补充", "then": then});
    o.on_task(who, doc, "return", task, body)
        .await
        .status
        .is_success()
}

async fn forward(o: &Office, doc: &str, who: &str, task: &str, stage: &str, dice: &mut Dice) {
    let kept = o.detail("clerk", doc).await["plan"].clone();
    let fresh = kept.is_null()
        || stage == "propose"
            && !o.detail("clerk", doc).await["flow"]
                .as_array()
                .unwrap()
                .iter()
                .any(|f| f["step"] == "assign");
    let plan = if fresh { some_plan(o, dice) } else { kept };
    let body = match stage {
        "register" => o.register_body("政发〔2026〕7号"),
        "preliminary_review" => json!({"pass": true}),
        "propose" | "dispatch" => json!({"plan": plan}),
        "review" => json!({"opinion": "同意"}),
        "instruct" => json!({"opinion": "同意，请抓紧办理"}),
        "assign" if dice.yes(2) => json!({"opinion": "自办", "result": "已办"}),
        "assign" if who == "zh_head" => {
            json!({"opinion": "请办", "undertaker_identity_id": o.id("zh_staff")})
        }
        "assign" => json!({"opinion": "请办", "undertaker_identity_id": o.id("ny_staff")}),
        "undertake" => json!({"result": "已办理"}),
        "circulation_read" if who == "zh_head" && dice.yes(2) => {
            json!({"pass_on": [o.id("zh_staff2")]})
        }
        "reply" => json!({"reply_text": "已办", "replied_date": "2026-03-02"}),
        "complete" => json!({"handling_result": "办结"}),
        "archive" => json!({"retention": "10y"}),
        _ => json!({}),
    };
    let mut body = body;
    if stage == "register" {
        body["confirm_duplicate"] = json!(true);
    }
    let a = o.on_task(who, doc, stage, task, body).await;
    // Handing on to somebody who has a part already may be refused; nothing else may.
    assert!(
        a.status.is_success() || a.status.as_u16() == 422,
        "{who} {stage}: {} {}",
        a.status,
        a.json
    );
}

/// What a person may see, by brute force over the events.
fn brute(events: &[Event], me: i64) -> BTreeSet<i64> {
    let mut prev: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut round_of: BTreeMap<i64, i64> = BTreeMap::new();
    let mut holder: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    let mut candidates: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut part: BTreeSet<i64> = BTreeSet::new();
    let mut held: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for e in events {
        match &e.kind {
            EventKind::RoundOpened { round, prev: p, .. } => {
                prev.insert(*round, p.clone());
            }
            EventKind::SeatOpened {
                seat,
                round,
                holder: h,
                candidates: c,
                ..
            } => {
                round_of.insert(*seat, *round);
                holder.insert(*seat, h.as_ref().map(|h| h.identity));
                candidates.insert(*seat, c.iter().map(|c| c.identity).collect());
            }
            EventKind::SeatCarried { seat, round, from } => {
                round_of.insert(*seat, *round);
                let h = holder.get(from).copied().flatten();
                holder.insert(*seat, h);
            }
            EventKind::Claimed { seat, holder: h } => {
                holder.insert(*seat, Some(h.identity));
            }
            EventKind::Unclaimed {
                seat,
                candidates: c,
            } => {
                holder.insert(*seat, None);
                candidates.insert(*seat, c.iter().map(|c| c.identity).collect());
            }
            EventKind::SeatClosed { seat, by, .. } => {
                candidates.remove(seat);
                held.entry(*seat).or_default().extend(by.iter());
            }
            _ => {}
        }
    }
    for (seat, round) in &round_of {
        let mine = holder[seat] == Some(me)
            || held.get(seat).is_some_and(|h| h.contains(&me))
            || (holder[seat].is_none() && candidates.get(seat).is_some_and(|c| c.contains(&me)));
        if mine {
            part.insert(*round);
        }
    }
    // Rounds are numbered in the order they opened, causes first.
    for (round, causes) in &prev {
        if causes.iter().any(|c| part.contains(c)) {
            part.insert(*round);
        }
    }
    part
}

async fn agree(o: &Office, doc: &str) {
    let id: zs_base::Id = doc.parse().unwrap();
    let (events, rows) = o
        .app
        .app
        .db
        .read(move |tx| {
            let d = crate::store::doc(tx, id)?;
            Ok((
                crate::flow::events(tx, d.instance_id)?,
                crate::derived::participants(tx, id)?,
            ))
        })
        .await
        .unwrap();
    let whole = o.detail("clerk", doc).await;
    let steps = whole["flow"].as_array().unwrap().clone();
    for who in OWN {
        let me: i64 = o.id(who).parse().unwrap();
        let may = brute(&events, me);
        let page = o.app.get(&format!("/incoming/{doc}"), who).await;
        let row = rows.iter().find(|r| r.0.0 == me);
        assert_eq!(
            page.status.is_success(),
            row.is_some(),
            "{who}: list and page agree"
        );
        if !page.status.is_success() {
            assert!(may.is_empty(), "{who} has a part and no page");
            continue;
        }
        let shown: BTreeSet<i64> = page.json["flow"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["round"].as_i64().unwrap())
            .collect();
        assert_eq!(shown, may, "{who} sees his part and what follows, no more");
        // The status of the row is made of open rounds he may see, and it is what the page says.
        let open = steps
            .iter()
            .filter(|f| f["state"] == "current" && may.contains(&f["round"].as_i64().unwrap()))
            .count();
        let lines = row.map(|r| r.2.lines().count()).unwrap_or_default();
        let unread = row.is_some_and(|r| r.2 == "待阅");
        assert!(
            unread || lines <= open && (lines > 0) == (open > 0),
            "{who}: {lines} lines for {open} open rounds"
        );
        if lines > 0 {
            assert_eq!(
                page.json["visible_status"].as_str().unwrap(),
                row.unwrap().2.replace('\n', "；"),
                "{who}"
            );
        }
        for o in page.json["opinions"].as_array().unwrap() {
            let upstream = steps
                .iter()
                .any(|f| !may.contains(&f["round"].as_i64().unwrap()) && f["step"] == o["step"]);
            let own = steps
                .iter()
                .any(|f| may.contains(&f["round"].as_i64().unwrap()) && f["step"] == o["step"]);
            assert!(
                own || !upstream || o["step"] == "circulation_read",
                "{who} reads an opinion from upstream"
            );
        }
        assert!(
            page.json["plan"].get("urge").is_none() || who == "chief",
            "{who} must not see the urging"
        );
    }
    assert_eq!(
        o.app
            .get(&format!("/incoming/{doc}"), "stranger")
            .await
            .status
            .as_u16(),
        404
    );
}
