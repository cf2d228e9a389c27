//! Import and export.
use axum::body::Body;
use axum::http::Request;
use rust_xlsxwriter::Workbook;
use zs_testkit::Answer;

use super::*;
use crate::xlsx::{NODE_COLUMNS, PEOPLE_COLUMNS};

pub(super) fn file(nodes: &[&[&str]], people: &[&[&str]]) -> Vec<u8> {
    let mut b = Workbook::new();
    for (name, head, rows) in [
        ("单位", NODE_COLUMNS.as_slice(), nodes),
        ("人员", PEOPLE_COLUMNS.as_slice(), people),
    ] {
        let w = b.add_worksheet();
        w.set_name(name).unwrap();
        for (r, row) in (0u32..).zip(std::iter::once(head).chain(rows.iter().copied())) {
            for (c, cell) in (0u16..).zip(row) {
                w.write_string(r, c, *cell).unwrap();
            }
        }
    }
    b.save_to_buffer().unwrap()
}

pub(super) async fn import(c: &City, bytes: Vec<u8>, dry: bool) -> Answer {
    let req = Request::post(format!("/api/v1/admin/org/import?dry_run={dry}"))
        .header("cookie", "zs_session=sys")
        .body(Body::from(bytes))
        .unwrap();
    c.app.send(req).await
}

pub(super) fn faults(v: &Value) -> Vec<(String, i64, String)> {
    let text = |x: &Value| x.as_str().unwrap().to_owned();
    v["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (
                text(&e["sheet"]),
                e["line"].as_i64().unwrap(),
                text(&e["column"]),
            )
        })
        .collect()
}

const GOOD: &[&[&str]] = &[
    &["#a", "NB1", "办公室", "", "处室", ""],
    &["NB1", "YH", "云海市水利局", "市水利局", "部门", "50"],
    &["", "#a", "文书科", "", "处室", ""],
];
const GOOD_PEOPLE: &[&[&str]] = &[
    &[
        "郑一",
        "13700000001",
        "zhengyi",
        "NB1",
        "",
        "局长",
        "正处级",
        "是",
        "",
        "",
    ],
    &[
        "冯二",
        "13700000002",
        "",
        "NB1",
        "办公室/文书科",
        "科员",
        "95",
        "",
        "是",
        "",
    ],
    &[
        "冯二",
        "13700000002",
        "",
        "YH0101",
        "",
        "挂职",
        "",
        "",
        "",
        "否",
    ],
    &[
        "张三",
        "13700000003",
        "",
        "YH01",
        "秘书一科",
        "科员",
        "",
        "",
        "",
        "",
    ],
];

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_tried_carried_out_and_repeated_without_effect() {
    for c in &cities().await {
        let dry = import(c, file(GOOD, GOOD_PEOPLE), true).await.ok();
        // 3 nodes, 郑一, 冯二 (张三 only gets his number).
        assert_eq!(
            (
                dry["rows"].as_i64(),
                dry["created"].as_i64(),
                dry["updated"].as_i64()
            ),
            (Some(7), Some(5), Some(1)),
            "{dry}"
        );
        assert_eq!(
            c.number("select count(*) from org_person").await,
            7,
            "a trial changes nothing"
        );
        let done = import(c, file(GOOD, GOOD_PEOPLE), false).await.ok();
        assert_eq!(done["created"], 5, "{done}");
        assert_eq!(c.number("select count(*) from org_person").await, 9);
        assert_eq!(c.number("select count(*) from org_node").await, 10);
        assert_eq!(
            c.number("select count(*) from fake_account where login = 'zhengyi'")
                .await,
            1
        );
        let (clerk, feng) = (c.clerk, c.app.get("/org/search?q=fenger", "sys").await.ok());
        let zhang = c
            .read(move |tx| {
                let p = api::identity(tx, clerk)?.person_id;
                api::person(tx, p)
            })
            .await;
        assert_eq!(zhang.mobile.as_deref(), Some("13700000003"));
        let hints: Vec<_> = feng["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["hint"].as_str().unwrap())
            .collect();
        assert_eq!(hints, ["市财政局·挂职", "市水利局·文书科·科员"]);
        let again = import(c, file(GOOD, GOOD_PEOPLE), false).await.ok();
        assert_eq!(
            (
                again["created"].as_i64(),
                again["updated"].as_i64(),
                faults(&again).len()
            ),
            (Some(0), Some(0), 0),
            "{again}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_named_and_nothing_is_changed() {
    for c in &cities().await {
        let nodes: &[&[&str]] = &[
            &["NB1", "YH", "云海市水利局", "", "部门", "x"],
            &["NB2", "NOPE", "云海市交通局", "", "部门", ""],
            &["NB3", "YH01", "甲科", "", "科室", ""],
            &["NB3", "YH01", "乙科", "", "处室", ""],
            &["", "YH", "丙局", "", "部门", ""],
            &["YH0101", "YH", "云海市财政局", "", "部门", ""],
            &["YH0102", "YH01", "改名委", "", "处室", ""],
            &["L1", "L2", "环一", "", "部门", ""],
            &["L2", "L1", "环二", "", "部门", ""],
            &["NB4", "YH01", "秘书一科", "", "处室", ""],
            &["NB5", "YH01", &"长".repeat(10_000), "", "宫殿", ""],
            &["NB6", "YH", "预备科", "", "处室", ""],
        ];
        let people: &[&[&str]] = &[
            &["", "13700000001", "", "YH01", "", "", "", "", "", ""],
            &["甲", "12345", "", "YH01", "", "", "县太爷", "也许", "", ""],
            &["乙", "13700000002", "", "NOPE", "", "", "", "", "", ""],
            &[
                "丙",
                "13700000003",
                "",
                "YH01",
                "无此科",
                "",
                "",
                "",
                "",
                "",
            ],
            &["丁", "13700000004", "same", "YH01", "", "", "", "", "", ""],
            &["戊", "13700000005", "same", "YH01", "", "", "", "", "", ""],
            &["丁", "13700000004", "", "YH01", "", "", "", "", "", ""],
            &["己", "", "", "YH01", "", "", "", "", "", ""],
            &["己", "", "", "YH0101", "", "", "", "", "", ""],
        ];
        let r = import(c, file(nodes, people), false).await.ok();
        let want: Vec<(String, i64, String)> = [
            ("单位", 2, "排序"),
            ("单位", 3, "上级编码"),
            ("单位", 5, "编码"),
            ("单位", 6, "编码"),
            ("单位", 7, "上级编码"),
            ("单位", 8, "类别"),
            ("单位", 9, "上级编码"),
            ("单位", 10, "上级编码"),
            ("单位", 11, "名称"),
            ("单位", 12, "名称"),
            ("单位", 12, "类别"),
            ("单位", 13, "上级编码"),
            ("人员", 2, "姓名"),
            ("人员", 3, "手机"),
            ("人员", 3, "级别"),
            ("人员", 3, "是否负责人"),
            ("人员", 4, "单位编码"),
            ("人员", 5, "处室"),
            ("人员", 7, "登录名"),
            ("人员", 8, "处室"),
            ("人员", 10, "手机"),
        ]
        .map(|(s, l, x)| (s.to_owned(), l, x.to_owned()))
        .into();
        let mut have = faults(&r);
        have.sort_by_key(|f| (f.0 != "单位", f.1));
        for w in &want {
            assert!(have.contains(w), "{w:?} is missing in {have:?}");
        }
        assert_eq!(have.len(), want.len(), "{have:?}");
        assert_eq!(
            (r["created"].as_i64(), r["updated"].as_i64()),
            (Some(0), Some(0))
        );
        assert_eq!(c.number("select count(*) from org_node").await, 7);
        assert_eq!(c.number("select count(*) from org_person").await, 7);
        assert!(
            r["errors"]
                .as_array()
                .unwrap()
                .iter()
                .all(|e| !e["message"].as_str().unwrap().is_empty())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_that_accounts_refuse_stops_everything_and_names_the_line() {
    for c in &cities().await {
        let people: &[&[&str]] = &[
            &[
                "甲",
                "13700000001",
                "jiajia",
                "YH01",
                "",
                "",
                "",
                "",
                "",
                "",
            ],
            &["乙", "13700000002", "yi", "YH01", "", "", "", "", "", ""],
        ];
        let a = import(c, file(&[], people), false).await;
        assert!(
            a.json["fields"][0]["message"]
                .as_str()
                .unwrap()
                .contains("第3行：登录名太短"),
            "{}",
            a.json
        );
        assert_eq!(a.refused(400), "invalid");
        assert_eq!(c.number("select count(*) from fake_account").await, 0);
        let one: &[&[&str]] = &[&[
            "甲",
            "13700000001",
            "jiajia",
            "YH01",
            "",
            "",
            "",
            "",
            "",
            "",
        ]];
        import(c, file(&[], one), false).await.ok();
        let other: &[&[&str]] = &[&[
            "丙",
            "13700000003",
            "JiaJia",
            "YH01",
            "",
            "",
            "",
            "",
            "",
            "",
        ]];
        let r = import(c, file(&[], other), true).await.ok();
        assert_eq!(faults(&r), [("人员".to_owned(), 2, "登录名".to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_accounts_the_login_column_is_left_out_with_a_warning() {
    for c in &cities_with(Services::default).await {
        let r = import(c, file(GOOD, GOOD_PEOPLE), false).await.ok();
        assert_eq!(
            (r["created"].as_i64(), r["warnings"][0]["column"].as_str()),
            (Some(5), Some("登录名")),
            "{r}"
        );
    }
}
