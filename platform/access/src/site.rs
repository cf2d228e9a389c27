//! What the installation is called, and the first start (初始化).
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zs_base::{Error, Field, Id, Result};
use zs_ctx::{Ctx, Granted, WriteTx};
use zs_db::{Tx, vals};
use zs_org::api as org;
use zs_web::{Empty, NoArgs};

use crate::account::{self, NewAccount, create_account};
use crate::codes::SETUP_DONE;
use crate::grants;
use crate::password::{Hashed, check, check_login, login_key};
use crate::perm;
use crate::role::{AUDITOR, SEC_ADMIN, SYS_ADMIN, title};
use crate::service::{Access, DemoInfo};

/// Shown until the first start has given a name.
const DEFAULT_NAME: &str = "综合办公平台";

zs_db::statements! {
    GET = "select value from access_site where key = $1";
    SET = "insert into access_site (key, value) values ($1, $2) on conflict (key) do update set value = $2";
    CLAIM = "insert into access_site (key, value) values ('set_up_at', $1)";
}

/// A fact of the installation, such as `site_name`.
pub fn site_get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>> {
    tx.opt(GET, vals![key])?.map(|r| r.get(0)).transpose()
}

/// Sets a fact of the installation, such as `site_name`.
pub fn site_set(tx: &mut WriteTx<'_, '_>, _: &Granted, key: &str, value: &str) -> Result<()> {
    tx.exec(SET, vals![key, value])?;
    tx.touch("site", Id(0), json!({"key": key, "value": value}))
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct DemoOut {
    login: String,
    name: String,
    title: String,
    hint: String,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Bootstrap {
    site_name: String,
    needs_setup: bool,
    demo: bool,
    demo_accounts: Vec<DemoOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_password: Option<String>,
}

pub(crate) async fn bootstrap(ctx: Ctx, _: NoArgs) -> Result<Bootstrap> {
    let (name, any) = ctx
        .read(|tx| Ok((site_get(tx, "site_name")?, account::any(tx)?)))
        .await?;
    let demo = ctx.service::<DemoInfo>().ok();
    Ok(Bootstrap {
        site_name: name.unwrap_or_else(|| DEFAULT_NAME.to_owned()),
        needs_setup: !any,
        demo: demo.is_some(),
        demo_password: demo.as_ref().map(|d| d.password.clone()),
        demo_accounts: demo
            .iter()
            .flat_map(|d| &d.accounts)
            .map(|a| DemoOut {
                login: a.login.clone(),
                name: a.name.clone(),
                title: a.title.clone(),
                hint: a.hint.clone(),
            })
            .collect(),
    })
}

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Founder {
    login: String,
    name: String,
    password: String,
}

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Setup {
    site_name: String,
    region_name: String,
    sys_admin: Founder,
    sec_admin: Founder,
    auditor: Founder,
}

impl Setup {
    fn founders(&self) -> [(&'static str, &Founder); 3] {
        [
            (SYS_ADMIN, &self.sys_admin),
            (SEC_ADMIN, &self.sec_admin),
            (AUDITOR, &self.auditor),
        ]
    }
    /// Every field that is wrong: three different people with three different login names and passwords.
    fn check(&self) -> Vec<Field> {
        let mut bad = Vec::new();
        for (field, text) in [
            ("site_name", &self.site_name),
            ("region_name", &self.region_name),
        ] {
            if !(1..=50).contains(&text.trim().chars().count()) {
                bad.push(Field {
                    field: field.into(),
                    message: "请填写 1 至 50 个字".into(),
                });
            }
        }
        let all = self.founders();
        for (i, (role, f)) in all.iter().enumerate() {
            if !(1..=30).contains(&f.name.trim().chars().count()) {
                bad.push(Field {
                    field: format!("{role}.name"),
                    message: "请填写姓名，不超过 30 个字".into(),
                });
            }
            bad.extend(check_login(&format!("{role}.login"), &f.login));
            bad.extend(check(&format!("{role}.password"), &f.password, &f.login));
            for (_, other) in all.iter().take(i) {
                let mut same = |what: &str, message: &str| {
                    bad.push(Field {
                        field: format!("{role}.{what}"),
                        message: message.into(),
                    });
                };
                if login_key(&f.login) == login_key(&other.login) {
                    same("login", "三位管理员的登录名须各不相同");
                }
                if f.name.trim() == other.name.trim() {
                    same("name", "三位管理员须是不同的人");
                }
                if f.password == other.password {
                    same("password", "三位管理员的密码须各不相同");
                }
            }
        }
        bad
    }
}

pub(crate) async fn setup(ctx: Ctx, a: Setup) -> Result<Empty> {
    if ctx.read(account::any).await? {
        return Err(SETUP_DONE.err());
    }
    Error::fields(a.check())?;
    let access = ctx.service::<Access>()?;
    let mut hashes = Vec::new();
    for (_, f) in a.founders() {
        hashes.push(access.hash(&f.password).await?);
    }
    let hashes: Arc<[Hashed]> = hashes.into();
    let out = ctx
        .write(perm::SETUP, move |tx| found(tx, &a, &hashes))
        .await;
    match out {
        Err(e) if zs_db::unique_violation(&e).is_some() => Err(SETUP_DONE.err()),
        out => out,
    }
}

fn found(tx: &mut WriteTx<'_, '_>, a: &Setup, hashes: &[Hashed]) -> Result<Empty> {
    let now = tx.now().to_string();
    tx.exec(CLAIM, vals![now])?;
    if account::any(tx)? {
        return Err(SETUP_DONE.err());
    }
    let proof = Granted::system(zs_org::perm::MANAGE, "first start");
    site_set(tx, &proof, "site_name", a.site_name.trim())?;
    let node = |parent_id, kind, name: &str| org::NewNode {
        parent_id,
        kind,
        unit_kind: None,
        name: name.to_owned(),
        short_name: None,
        code: None,
        sort: None,
    };
    let root = org::create_node(
        tx,
        &proof,
        &node(None, org::NodeKind::Region, a.region_name.trim()),
    )?;
    let mut unit = node(Some(root.id), org::NodeKind::Unit, "平台运行管理");
    unit.unit_kind = Some("other".into());
    unit.sort = Some(9_999);
    let unit = org::create_node(tx, &proof, &unit)?;
    for ((role, f), hash) in a.founders().into_iter().zip(hashes) {
        let post = org::NewIdentity {
            node_id: unit.id,
            post: title(role).to_owned(),
            rank: None,
            is_head: false,
            is_liaison: false,
            is_primary: true,
        };
        let (person, identity) = org::create_person(tx, &proof, f.name.trim(), None, &post)?;
        create_account(
            tx,
            &proof,
            &NewAccount {
                person_id: person.id,
                login: f.login.clone(),
                password: hash.clone(),
                must_change: true,
            },
        )?;
        grants::grant(tx, identity.id, role, &proof)?;
    }
    Ok(Empty {})
}
