//! Due times, reminders, timers, the calendar.
use zs_base::Id;
use zs_base::time::{DAY_MS, Date};
use zs_flowcore::sample::Flow;
use zs_flowcore::{Act, Definition, OverdueThen, ReturnTo, Then, Who};

use super::kit::{Office, offices};

fn limited(o: &Office, days: u32) -> Definition {
    Flow::new("due")
        .task("b", o.id("b").0)
        .with("b", |s| {
            s.limit_days = Some(days);
            s.overdue.every_days = Some(1);
            s.overdue.times = 2;
            s.remind_also = vec![Who::Starter];
        })
        .task("c", o.id("c").0)
        .way("start b c end")
        .definition()
}

async fn reminders(o: &Office) -> i64 {
    o.count("select count(*) from flow_event where kind = 'reminded'")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn x10_a_timer_due_while_the_server_was_down_fires_once() {
    for o in offices().await {
        o.publish(limited(&o, 2)).await;
        let i = o.start("due", "a", 1).await.instance;
        assert_eq!(o.count("select count(*) from flow_timer").await, 1);
        o.app.drain().await;
        assert_eq!(reminders(&o).await, 0, "not before its time");
        // Down over the due time and over both reminders: one reminder, the missed ones are not made up for.
        o.app.clock().advance(14 * DAY_MS);
        o.app.drain().await;
        o.app.drain().await;
        assert_eq!(reminders(&o).await, 1);
        o.check(i).await;
        // Both the handler and the one who asked are told (双向提醒), each with one line.
        assert_eq!(
            o.count("select count(*) from flow_urge where family = 'reminder'")
                .await,
            2
        );
        o.app.clock().advance(3 * DAY_MS);
        o.app.drain().await;
        assert_eq!(reminders(&o).await, 2, "the next one counts from now");
        assert_eq!(
            o.count("select count(*) from flow_urge where family = 'reminder'")
                .await,
            2
        );
        assert_eq!(o.count("select max(times) from flow_urge").await, 2);
        let mine = vec![o.id("b")];
        let rows = o
            .app
            .app
            .db
            .read(move |tx| crate::urges(tx, &mine, &zs_base::PageArgs::default()))
            .await
            .unwrap();
        assert_eq!(
            (rows.items.len(), rows.items[0].from_name.as_str()),
            (1, "系统")
        );
        o.agree("b", i).await;
        let mine = vec![o.id("b")];
        let rows = o
            .app
            .app
            .db
            .read(move |tx| crate::urges(tx, &mine, &zs_base::PageArgs::default()))
            .await
            .unwrap();
        assert!(rows.items.is_empty(), "done is done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x14_x16_timers_go_with_their_round_in_the_same_commit() {
    for o in offices().await {
        o.publish(limited(&o, 1)).await;
        let i = o.start("due", "a", 1).await.instance;
        assert_eq!(o.count("select count(*) from flow_timer").await, 1);
        o.agree("b", i).await;
        assert_eq!(o.count("select count(*) from flow_timer").await, 0);
        // Returned: the new round has its own timer; the old one never comes back.
        let seat = o.seat("c", i).await;
        let back = Act::Return {
            seat,
            to: ReturnTo::Previous,
            then: Then::Rerun,
            opinion: None,
        };
        o.give("c", i, back).await.unwrap();
        assert_eq!(o.count("select count(*) from flow_timer").await, 1);
        o.agree("b", i).await;
        o.app.clock().advance(30 * DAY_MS);
        o.app.drain().await;
        assert_eq!(reminders(&o).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_row_without_its_timer_is_dropped_and_disturbs_nobody() {
    for o in offices().await {
        o.publish(limited(&o, 1)).await;
        let i = o.start("due", "a", 1).await.instance;
        o.app
            .app
            .db
            .write(move |tx| {
                tx.exec(
                    "insert into flow_timer (id, instance_id, round, kind, due_at) values (7, $1, 1, 'due', 1)",
                    zs_db::vals![i],
                )
            })
            .await
            .unwrap();
        o.app.clock().advance(10 * DAY_MS);
        o.app.drain().await;
        assert_eq!(
            o.count("select count(*) from flow_timer where id = 7")
                .await,
            0
        );
        assert_eq!(reminders(&o).await, 1, "the true one fired");
        o.check(i).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_an_automatic_decision_closes_the_task_once_and_says_so() {
    for o in offices().await {
        let flow = Flow::new("auto")
            .task("b", o.id("b").0)
            .with("b", |s| {
                s.limit_days = Some(1);
                s.overdue.then = OverdueThen::Decide("agree".into());
            })
            .task("c", o.id("c").0)
            .way("start b c end");
        o.publish(flow.definition()).await;
        let i = o.start("auto", "a", 1).await.instance;
        let seat = o.seat("b", i).await;
        o.app.clock().advance(5 * DAY_MS);
        o.app.drain().await;
        o.check(i).await;
        assert_eq!(o.at(i).await, "c:c");
        let e = o
            .give("b", i, super::kit::complete(seat))
            .await
            .unwrap_err();
        assert_eq!(e.kind, zs_base::Kind::Stale);
        assert!(e.detail.contains("系统"), "{}", e.detail);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_notice_recounts_open_due_times_but_not_those_set_by_hand() {
    for o in offices().await {
        o.publish(limited(&o, 3)).await;
        o.app
            .clock()
            .set(Date::parse("2026-12-30").unwrap().start_ms() + 10 * 3_600_000);
        let (x, y) = (
            o.start("due", "a", 1).await.instance,
            o.start("due", "a", 2).await.instance,
        );
        let due = |i: Id| {
            let o = &o;
            async move { o.load(i).await.state.open_rounds().next().unwrap().due }
        };
        // The notice of 2027 is missing: Monday to Friday, to be counted again.
        let guess = due(x).await.unwrap();
        assert_eq!(Date::at(guess).to_string(), "2027-01-04");
        let by_hand = guess + 9 * DAY_MS;
        let round = o.load(y).await.state.open_rounds().next().unwrap().id;
        o.give(
            "a",
            y,
            Act::ChangeDue {
                round,
                due: Some(by_hand),
                reason: None,
            },
        )
        .await
        .unwrap();
        let admin = zs_ctx::Actor {
            permissions: [("calendar.manage".to_owned(), zs_ctx::Reach::All)].into(),
            ..Default::default()
        };
        o.app.auth.sign_in("admin", admin);
        let off: Vec<String> = (1..=11).map(|n| format!("2027-01-{n:02}")).collect();
        let body = serde_json::json!({"year": 2027, "off": off, "work": [], "source": "通知"});
        o.app
            .post("/admin/calendar/import", "admin", body)
            .await
            .ok();
        o.app.drain().await;
        assert_eq!(Date::at(due(x).await.unwrap()).to_string(), "2027-01-13");
        assert_eq!(due(y).await.unwrap(), by_hand);
        o.check(x).await;
        o.check(y).await;
        let rows = o
            .count("select count(*) from flow_task where status = 'open' and due_at is not null")
            .await;
        assert_eq!(rows, 2);
    }
}
