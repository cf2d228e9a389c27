//! Through the front door, on every engine.
use std::sync::Arc;

use serde_json::json;
use zs_base::Id;
use zs_ctx::{Actor, Granted, Reach, Services};
use zs_module::SettingDef;
use zs_testkit::TestApp;

use crate::api::{self, SettingDefs};
use crate::perm;

const DEFS: &[SettingDef] = &[
    SettingDef {
        key: "demo.days",
        title: "办理天数",
        kind: "int:1..30",
        default: "7",
        help: "缺省的办理期限",
    },
    SettingDef {
        key: "demo.open",
        title: "是否开放",
        kind: "bool",
        default: "false",
        help: "是否开放",
    },
    SettingDef {
        key: "demo.name",
        title: "名称",
        kind: "text",
        default: "云海市",
        help: "名称",
    },
];

fn actor(reach: Option<Reach>) -> Actor {
    Actor {
        person: Id(1),
        identity: Id(2),
        name: "系统管理员".into(),
        permissions: reach
            .into_iter()
            .map(|r| (perm::MANAGE.key.to_owned(), r))
            .collect(),
        ..Actor::default()
    }
}

async fn apps() -> Vec<TestApp> {
    let apps = TestApp::engines(
        || vec![crate::module()],
        || Services::default().with(Arc::new(SettingDefs(DEFS.to_vec()))),
    )
    .await;
    for a in &apps {
        a.auth.sign_in("admin", actor(Some(Reach::All)));
        a.auth.sign_in("clerk", actor(None));
        a.statements_prepare().await;
    }
    apps
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_listed_changed_reset_and_audited() {
    for app in apps().await {
        let items = app.get("/admin/settings", "admin").await.ok();
        assert_eq!(items["items"][0]["value"], "7");
        app.call(
            "PUT",
            "/admin/settings",
            "admin",
            Some(json!({"key": "demo.days", "value": 9})),
        )
        .await
        .ok();
        app.call(
            "PUT",
            "/admin/settings",
            "admin",
            Some(json!({"key": "demo.open", "value": true})),
        )
        .await
        .ok();
        let (days, open, name, change) = app
            .app
            .db
            .read(|tx| {
                Ok((
                    api::get_int(tx, None, "demo.days", 7)?,
                    api::get_bool(tx, Some(Id(5)), "demo.open", false)?,
                    api::get_text(tx, None, "demo.name", "云海市")?,
                    tx.one("select change from audit_log where op = 'setting.change' order by id limit 1", &[])?
                        .get::<String>(0)?,
                ))
            })
            .await
            .unwrap();
        assert_eq!((days, open, name.as_str()), (9, true, "云海市"));
        assert_eq!(change, r#"{"from":null,"key":"demo.days","to":"9"}"#);
        app.call(
            "PUT",
            "/admin/settings",
            "admin",
            Some(json!({"key": "demo.days", "value": null})),
        )
        .await
        .ok();
        assert_eq!(
            app.get("/admin/settings", "admin").await.ok()["items"][0]["value"],
            "7"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_values_unknown_keys_and_strangers_are_refused() {
    for app in apps().await {
        let put = |token: &'static str, body| app.call("PUT", "/admin/settings", token, Some(body));
        let a = put("admin", json!({"key": "demo.days", "value": "31"})).await;
        assert_eq!(a.json["fields"][0]["field"], "value");
        assert_eq!(a.refused(400), "setting_invalid");
        assert_eq!(
            put("admin", json!({"key": "demo.nothing", "value": "1"}))
                .await
                .refused(404),
            "not_found"
        );
        assert_eq!(
            put("clerk", json!({"key": "demo.days", "value": "3"}))
                .await
                .refused(403),
            "forbidden"
        );
        assert_eq!(
            app.get("/admin/settings", "").await.refused(401),
            "unauthenticated"
        );
        assert_eq!(
            app.get("/admin/settings", "admin").await.ok()["items"][0]["value"],
            "7"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_units_value_goes_before_the_installations() {
    for app in apps().await {
        let read = |unit| {
            app.app
                .db
                .read(move |tx| api::get_int(tx, unit, "demo.days", 7))
        };
        for (unit, value) in [(None, 5), (Some(Id(42)), 3)] {
            app.system()
                .write(perm::CHANGE, move |tx| {
                    let g = Granted::system(perm::MANAGE, "test");
                    let defs = SettingDefs(DEFS.to_vec());
                    api::set(tx, &g, &defs, unit, "demo.days", &json!(value))
                })
                .await
                .unwrap();
        }
        assert_eq!(read(Some(Id(42))).await.unwrap(), 3);
        assert_eq!(read(Some(Id(43))).await.unwrap(), 5);
        assert_eq!(read(None).await.unwrap(), 5);
    }
}
