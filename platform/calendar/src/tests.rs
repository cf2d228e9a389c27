use serde_json::json;
use zs_base::time::Date;
use zs_ctx::{Actor, Reach, Services};
use zs_testkit::TestApp;

use crate::{CALENDAR_UNKNOWN_YEAR, Calendar, Notice};

fn d(s: &str) -> Date {
    Date::parse(s).unwrap()
}
fn ms(date: &str, hour: i64, minute: i64) -> i64 {
    d(date).start_ms() + (hour * 60 + minute) * 60_000
}

#[test]
fn deadlines_in_days_follow_the_notices() {
    let c = Calendar::builtin();
    for (from, n, to) in [
        ("2024-02-08", 20, "2024-03-13"),
        ("2024-09-13", 5, "2024-09-23"),
        ("2025-01-20", 20, "2025-02-21"),
        ("2025-04-25", 5, "2025-05-06"),
        ("2025-09-26", 7, "2025-10-13"),
        ("2026-01-01", 1, "2026-01-04"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-18", 20, "2026-10-22"),
    ] {
        let got = c.add_working_days(d(from), n).unwrap();
        assert_eq!(got, d(to), "{from} + {n}");
        assert_eq!(c.working_days_between(d(from), got).unwrap(), i64::from(n));
        assert_eq!(c.working_days_between(got, d(from)).unwrap(), -i64::from(n));
    }
    for (year, n) in [(2024, 251), (2025, 248), (2026, 248)] {
        assert_eq!(c.working_days_in(year).unwrap(), n);
    }
    assert!(
        c.is_working(d("2024-02-09")).unwrap(),
        "除夕 was worked in 2024"
    );
}

#[test]
fn prefix_sums_agree_with_counting_day_by_day() {
    let c = Calendar::builtin();
    let (mut at, mut n) = (d("2024-01-01"), 0u32);
    let start = at;
    while at < d("2026-12-31") {
        at = Date::from_days(at.days() + 1);
        if c.is_working(at).unwrap() {
            n += 1;
            assert_eq!(c.add_working_days(start, n).unwrap(), at);
        }
        assert_eq!(c.working_days_between(start, at).unwrap(), i64::from(n));
    }
}

#[test]
fn x07_x08_working_time_runs_over_holidays_and_worked_weekends() {
    let c = Calendar::builtin();
    assert_eq!(
        c.due_after(ms("2026-09-24", 16, 0), 1).unwrap(),
        ms("2026-09-28", 16, 0)
    );
    assert_eq!(
        c.due_after(ms("2026-09-18", 17, 0), 1).unwrap(),
        ms("2026-09-20", 17, 0)
    );
    assert_eq!(
        c.due_after(ms("2026-02-13", 17, 0), 2).unwrap(),
        ms("2026-02-24", 17, 0)
    );
    // Outside office hours counting begins with the next ones.
    assert_eq!(
        c.due_after(ms("2026-03-02", 7, 30), 1).unwrap(),
        ms("2026-03-02", 18, 0)
    );
    assert_eq!(
        c.due_after(ms("2026-03-02", 20, 0), 1).unwrap(),
        ms("2026-03-03", 18, 0)
    );
    assert_eq!(
        c.due_after(ms("2026-03-07", 10, 0), 1).unwrap(),
        ms("2026-03-09", 18, 0)
    );
    assert_eq!(
        c.add_working_time(ms("2026-03-02", 11, 0), 2 * 3_600_000)
            .unwrap(),
        ms("2026-03-02", 15, 0)
    );
}

#[test]
fn a_year_without_a_notice_is_refused_or_marked() {
    let c = Calendar::builtin();
    let e = c.add_working_days(d("2026-12-30"), 5).unwrap_err();
    assert!(e.is(&CALENDAR_UNKNOWN_YEAR));
    assert!(e.detail.contains("2027"));
    assert_eq!(
        c.add_working_days(d("2026-12-30"), 1).unwrap(),
        d("2026-12-31"),
        "inside the known year it counts"
    );
    let due = c.due_or_provisional(ms("2026-12-30", 10, 0), 5).unwrap();
    assert!(due.provisional);
    let known = c.with(Notice {
        year: 2027,
        source: "x".into(),
        days: vec![],
    });
    assert!(
        !known
            .due_or_provisional(ms("2026-12-30", 10, 0), 5)
            .unwrap()
            .provisional
    );
}

async fn apps() -> Vec<TestApp> {
    let apps = TestApp::engines(|| vec![crate::module()], Services::default).await;
    for a in &apps {
        a.auth.sign_in(
            "admin",
            Actor {
                name: "系统管理员".into(),
                permissions: [("calendar.manage".to_owned(), Reach::All)].into(),
                ..Actor::default()
            },
        );
        a.auth.sign_in("clerk", Actor::default());
    }
    apps
}

fn notice_2027() -> serde_json::Value {
    let off: Vec<String> = (1..=11).map(|n| format!("2027-01-{n:02}")).collect();
    json!({"year": 2027, "off": off, "work": ["2027-01-17"], "source": "通知（样例）"})
}

#[tokio::test(flavor = "multi_thread")]
async fn next_years_notice_is_imported_audited_and_announced() {
    for app in apps().await {
        app.statements_prepare().await;
        assert_eq!(
            app.post("/admin/calendar/import", "clerk", notice_2027())
                .await
                .refused(403),
            "forbidden"
        );
        assert_eq!(
            app.get("/admin/calendar?year=2027", "admin").await.ok()["known"],
            false
        );
        let start = ms("2026-12-31", 9, 0);
        let before = app
            .get(&format!("/calendar/due?start_at={start}&days=2"), "clerk")
            .await
            .ok();
        assert_eq!(before["provisional"], true);
        app.post("/admin/calendar/import", "admin", notice_2027())
            .await
            .ok();
        let year = app.get("/admin/calendar?year=2027", "admin").await.ok();
        assert_eq!(year["known"], true);
        assert_eq!(year["days"].as_array().unwrap().len(), 12);
        let after = app
            .get(&format!("/calendar/due?start_at={start}&days=2"), "clerk")
            .await
            .ok();
        assert_eq!(after["provisional"], false);
        assert_eq!(after["due_date"], "2027-01-13");
        let (audits, events) = app
            .app
            .db
            .read(|tx| {
                let a = tx.one("select count(*) from audit_log where entity = 'calendar_year' and result = 'ok'", &[])?;
                let e = tx.one("select count(*) from outbox where topic = 'calendar.changed'", &[])?;
                Ok((a.get::<i64>(0)?, e.get::<i64>(0)?))
            })
            .await
            .unwrap();
        assert_eq!((audits, events), (1, 1));
        // A correction replaces the year as a whole.
        let mut again = notice_2027();
        again["work"] = json!([]);
        app.call("PUT", "/admin/calendar/import", "admin", Some(again))
            .await
            .ok();
        let year = app.get("/admin/calendar?year=2027", "admin").await.ok();
        assert_eq!(year["days"].as_array().unwrap().len(), 11);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_notice_names_its_faults_and_changes_nothing() {
    for app in apps().await {
        let bad = json!({"year": 2027, "off": ["2026-01-01", "2027-13-01", "2027-01-02", "2027-01-02"],
                         "work": ["2027-01-04"], "source": " "});
        let a = app.post("/admin/calendar/import", "admin", bad).await;
        let fields: Vec<String> = a.json["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["field"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            fields,
            [
                "source", "off[0]", "off[1]", "off[3]", "work[0]", "off", "off"
            ]
        );
        assert_eq!(a.refused(400), "invalid");
        assert_eq!(
            app.get("/admin/calendar?year=2027", "admin").await.ok()["known"],
            false
        );
    }
}
