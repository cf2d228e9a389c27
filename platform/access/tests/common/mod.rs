//! An office with the three administrators of its first start and a few people, reached through the front door.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "not every test binary uses every helper"
)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test helper fails loudly"
)]

use std::sync::Arc;

use axum::http::header;
use serde_json::{Value, json};
use zs_access::api::{
    Access, AccessOptions, Accounts, Cost, MenuTable, NewAccount, RoleTable, SECURITY_MANAGE,
    Sessions,
};
use zs_base::Id;
use zs_ctx::{Granted, Op, Services};
use zs_module::{Module, Registry};
use zs_org::api as org;
use zs_testkit::{Answer, TestApp};
use zs_web::Authenticator;

pub const PASSWORD: &str = "Start-2026-Abc";

pub fn modules() -> Vec<Module> {
    vec![zs_setting::module(), zs_org::module(), zs_access::module()]
}

pub fn services() -> Services {
    services_with(AccessOptions {
        cost: Cost::CHEAP,
        ..AccessOptions::default()
    })
}

pub fn services_with(o: AccessOptions) -> Services {
    let registry = Registry::build(modules()).unwrap();
    let access = Arc::new(Access::new(o).unwrap());
    Services::default()
        .with(Arc::clone(&access))
        .with(Arc::new(RoleTable::of(&registry)))
        .with(Arc::new(zs_setting::api::SettingDefs(registry.settings())))
        .with(Arc::new(MenuTable::of(&registry)))
        .with(Arc::new(org::AccountService(Arc::new(Accounts(access)))))
}

pub async fn apps() -> Vec<TestApp> {
    apps_with(services).await
}

pub async fn apps_with(services: impl Fn() -> Services) -> Vec<TestApp> {
    TestApp::engines_with(modules, services, |app| {
        Some(Arc::new(Sessions::new(app).unwrap()) as Arc<dyn Authenticator>)
    })
    .await
}

pub fn setup_body() -> Value {
    json!({
        "site_name": "清江市办公平台", "region_name": "清江市",
        "sys_admin": {"login": "sys.wang", "name": "王系统", "password": "Sys-Admin-2026"},
        "sec_admin": {"login": "sec.zhao", "name": "赵安全", "password": "Sec-Zhao-2026!"},
        "auditor": {"login": "aud.qian", "name": "钱审计", "password": "Aud-Qian-2026!"},
    })
}

/// The session token that a login answered with.
pub fn token_of(a: &Answer) -> String {
    let cookie = a.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    cookie
        .split(';')
        .next()
        .unwrap()
        .split_once('=')
        .unwrap()
        .1
        .to_owned()
}

pub async fn login(app: &TestApp, login: &str, password: &str) -> String {
    let a = app
        .post("/login", "", json!({"login": login, "password": password}))
        .await;
    assert!(a.status.is_success(), "{} {}", a.status, a.json);
    token_of(&a)
}

/// Sets the system up and signs an administrator in, past the forced change of password.
pub async fn founded(app: &TestApp) -> Admins {
    app.post("/setup", "", setup_body()).await.ok();
    let mut out = Vec::new();
    for (name, pw) in [
        ("sys.wang", "Sys-Admin-2026"),
        ("sec.zhao", "Sec-Zhao-2026!"),
        ("aud.qian", "Aud-Qian-2026!"),
    ] {
        let t = login(app, name, pw).await;
        app.post("/me/password", &t, json!({"old": pw, "new": PASSWORD}))
            .await
            .ok();
        out.push(t);
    }
    Admins {
        sys: out[0].clone(),
        sec: out[1].clone(),
        auditor: out[2].clone(),
    }
}

/// Tokens of the three administrators.
pub struct Admins {
    pub sys: String,
    pub sec: String,
    pub auditor: String,
}

/// A person of the test office.
#[derive(Clone, Debug)]
pub struct Who {
    pub person: Id,
    pub identity: Id,
    pub unit: Id,
}

const OP: Op = Op {
    key: "test.people",
    title: "测试",
};

/// A unit under the region.
pub async fn unit(app: &TestApp, name: &'static str) -> Id {
    app.system()
        .write(OP, move |tx| {
            let proof = Granted::system(zs_org::perm::MANAGE, "test");
            let root = org::roots(tx)?.remove(0);
            let node = org::NewNode {
                parent_id: Some(root.id),
                kind: org::NodeKind::Unit,
                unit_kind: Some("bureau".into()),
                name: name.into(),
                short_name: None,
                code: None,
                sort: None,
            };
            org::create_node(tx, &proof, &node).map(|n| n.id)
        })
        .await
        .unwrap()
}

/// A person with an account whose password is [`PASSWORD`].
pub async fn person(app: &TestApp, unit: Id, name: &'static str, login: &'static str) -> Who {
    let access = app.app.services.get::<Access>().unwrap();
    let hash = access.hash(PASSWORD).await.unwrap();
    let (person, identity) = app
        .system()
        .write(OP, move |tx| {
            let proof = Granted::system(SECURITY_MANAGE, "test");
            let first = org::NewIdentity {
                node_id: unit,
                post: "科员".into(),
                rank: None,
                is_head: false,
                is_liaison: false,
                is_primary: true,
            };
            let (p, i) = org::create_person(tx, &proof, name, None, &first)?;
            let a = NewAccount {
                person_id: p.id,
                login: login.into(),
                password: hash.clone(),
                must_change: false,
            };
            zs_access::api::create_account(tx, &proof, &a)?;
            Ok((p.id, i.id))
        })
        .await
        .unwrap();
    Who {
        person,
        identity,
        unit,
    }
}

/// Gives a role in the name of the first start.
pub async fn grant(app: &TestApp, identity: Id, role: &'static str) -> Id {
    let id = app
        .system()
        .write(OP, move |tx| {
            zs_access::api::grant(
                tx,
                identity,
                role,
                &Granted::system(SECURITY_MANAGE, "test"),
            )
        })
        .await
        .unwrap();
    app.app.services.get::<Access>().unwrap().forget();
    id
}

pub async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.app
        .db
        .read(move |tx| tx.one(sql, &[])?.get(0))
        .await
        .unwrap()
}
