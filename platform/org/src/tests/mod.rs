//! Through the front door, on every engine: a small city, three callers, and open items in a table of their own.
mod files;
mod heirs;
mod lists;
mod moves;
mod people;
mod sheets;
mod tree;

use std::sync::Arc;

use serde_json::{Value, json};
use zs_base::{Id, Result};
use zs_ctx::{Actor, Granted, Op, Reach, Services, WriteTx};
use zs_db::{Migration, Tx, vals};
use zs_module::{Layer, Module};
use zs_testkit::TestApp;

use crate::api::{self, AccountInfo, AccountMaker, AccountService, HeirService, OpenItems};
use crate::model::{NewIdentity, NewNode, NodeKind};
use crate::perm;

pub(crate) const OP: Op = Op {
    key: "test.setup",
    title: "准备",
};

/// Work in a table of its own, so that a rollback is seen.
struct FakeItems;
impl OpenItems for FakeItems {
    fn count(&self, tx: &mut Tx<'_>, identity: Id) -> Result<i64> {
        tx.one(
            "select count(*) from fake_item where identity_id = $1",
            vals![identity],
        )?
        .get(0)
    }
    fn list(&self, tx: &mut Tx<'_>, identity: Id, limit: i64) -> Result<Vec<(String, String)>> {
        tx.query(
            "select title from fake_item where identity_id = $1 order by id limit $2",
            vals![identity, limit],
        )?
        .iter()
        .map(|r| Ok((r.get(0)?, "承办".to_owned())))
        .collect()
    }
    fn hand_over(&self, tx: &mut WriteTx<'_, '_>, from: Id, to: Id) -> Result<i64> {
        let n = tx.exec(
            "update fake_item set identity_id = $2 where identity_id = $1",
            vals![from, to],
        )?;
        Ok(i64::try_from(n).unwrap())
    }
}

/// Accounts in a table of their own.
struct FakeAccounts;
impl AccountMaker for FakeAccounts {
    fn hash(&self, _: &str, password: &str) -> Result<String> {
        match password.len() {
            0..8 => Err(zs_base::Error::field("initial_password", "密码太短")),
            n => Ok(format!("hash of {n}")),
        }
    }
    fn ensure(
        &self,
        tx: &mut WriteTx<'_, '_>,
        person: Id,
        login: &str,
        hash: Option<&str>,
    ) -> Result<bool> {
        if login.len() < 3 {
            return Err(zs_base::Error::field("login", "登录名太短"));
        }
        tx.exec(
            "insert into fake_account (login, person_id, hash) values ($1, $2, $3)",
            vals![login, person, hash],
        )?;
        Ok(true)
    }
    fn accounts(&self, tx: &mut Tx<'_>, persons: &[Id]) -> Result<Vec<AccountInfo>> {
        let all = tx.query("select person_id, login from fake_account", &[])?;
        let all = all.iter().map(|r| {
            Ok(AccountInfo {
                person_id: r.get(0)?,
                login: r.get(1)?,
                status: "active".into(),
            })
        });
        Ok(all
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .filter(|a| persons.contains(&a.person_id))
            .collect())
    }
    fn owners(&self, tx: &mut Tx<'_>, logins: &[String]) -> Result<Vec<(String, Id)>> {
        let all = tx.query("select login, person_id from fake_account", &[])?;
        let all = all.iter().map(|r| Ok((r.get::<String>(0)?, r.get(1)?)));
        Ok(all
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .filter(|(l, _)| logins.contains(l))
            .collect())
    }
}

fn fake_module() -> Module {
    const SQL: &[Migration] = &[Migration {
        module: "fake",
        version: 1,
        sql: "create table fake_item (id {id} primary key, identity_id {id} not null, title {text} not null) {strict};\n\
              create table fake_account (login {text} primary key, person_id {id} not null, hash {text}) {strict};\n",
    }];
    let mut m = Module::new("fake", "替身", Layer::Platform);
    m.migrations = SQL;
    m
}

/// A small city.
pub(crate) struct City {
    pub(crate) app: TestApp,
    /// 云海市.
    pub(crate) region: Id,
    /// 市政府.
    pub(crate) gov: Id,
    /// 秘书一科 of 市政府.
    pub(crate) sec: Id,
    /// 综合科 of 市政府.
    pub(crate) gen_div: Id,
    /// 市财政局 under 市政府.
    pub(crate) fin: Id,
    /// 预算科 of 市财政局.
    pub(crate) bud: Id,
    /// 市发改委 under 市政府.
    pub(crate) drc: Id,
    /// 王建国, mayor.
    pub(crate) mayor: Id,
    /// 单雄信, vice mayor in charge of 秘书一科.
    pub(crate) vice: Id,
    /// 李四, head of 秘书一科.
    pub(crate) head: Id,
    /// 赵六, liaison of 秘书一科.
    pub(crate) liaison: Id,
    /// 张三, staff of 秘书一科.
    pub(crate) clerk: Id,
    /// 钱七, head of 市财政局.
    pub(crate) fin_head: Id,
    /// 孙八, head of 预算科.
    pub(crate) bud_head: Id,
}

pub(crate) fn granted() -> Granted {
    Granted::system(perm::MANAGE, "test")
}

fn new_node(
    parent: Option<Id>,
    kind: NodeKind,
    name: &str,
    short: &str,
    code: Option<&str>,
) -> NewNode {
    NewNode {
        parent_id: parent,
        kind,
        unit_kind: (kind == NodeKind::Unit).then(|| "bureau".to_owned()),
        name: name.into(),
        short_name: Some(short.into()),
        code: code.map(str::to_owned),
        sort: None,
    }
}
pub(crate) fn post(
    node: Id,
    post: &str,
    rank: i64,
    is_head: bool,
    is_liaison: bool,
) -> NewIdentity {
    NewIdentity {
        node_id: node,
        post: post.into(),
        rank: Some(rank),
        is_head,
        is_liaison,
        is_primary: false,
    }
}

fn build(tx: &mut WriteTx<'_, '_>) -> Result<Vec<Id>> {
    use NodeKind::{Division, Region, Unit};
    let g = granted();
    let mut node = |parent: Option<Id>, kind, name: &str, short: &str, code| {
        api::create_node(tx, &g, &new_node(parent, kind, name, short, code)).map(|n| n.id)
    };
    let region = node(None, Region, "云海市", "云海", Some("YH"))?;
    let gov = node(Some(region), Unit, "云海市人民政府", "市政府", Some("YH01"))?;
    let sec = node(Some(gov), Division, "秘书一科", "秘书一科", None)?;
    let gen_div = node(Some(gov), Division, "综合科", "综合科", Some("YH01-2"))?;
    let fin = node(Some(gov), Unit, "云海市财政局", "市财政局", Some("YH0101"))?;
    let bud = node(Some(fin), Division, "预算科", "预算科", None)?;
    let drc = node(
        Some(gov),
        Unit,
        "云海市发展和改革委员会",
        "市发改委",
        Some("YH0102"),
    )?;
    let mut person = |name: &str, mobile: Option<&str>, at: NewIdentity| {
        api::create_person(tx, &g, name, mobile, &at).map(|(_, i)| i.id)
    };
    let mayor = person(
        "王建国",
        Some("13800000001"),
        post(gov, "市长", 30, true, false),
    )?;
    let vice = person(
        "单雄信",
        Some("13800000002"),
        post(gov, "副市长", 40, false, false),
    )?;
    let head = person(
        "李四",
        Some("13800000003"),
        post(sec, "科长", 70, true, false),
    )?;
    let liaison = person(
        "赵六",
        Some("13800000004"),
        post(sec, "副科长", 80, false, true),
    )?;
    let clerk = person("张三", None, post(sec, "科员", 90, false, false))?;
    let fin_head = person(
        "钱七",
        Some("13800000005"),
        post(fin, "局长", 50, true, false),
    )?;
    let bud_head = person(
        "孙八",
        Some("13800000006"),
        post(bud, "科长", 70, true, false),
    )?;
    api::set_supervision(tx, &g, vice, &[sec])?;
    Ok(vec![
        region, gov, sec, gen_div, fin, bud, drc, mayor, vice, head, liaison, clerk, fin_head,
        bud_head,
    ])
}

fn actor(identity: Id, unit: Id, division: Option<Id>, perms: &[(zs_ctx::Perm, Reach)]) -> Actor {
    Actor {
        person: Id(1),
        identity,
        identities: vec![identity],
        unit,
        division,
        name: "测试".into(),
        permissions: perms.iter().map(|(p, r)| (p.key.to_owned(), *r)).collect(),
        ..Actor::default()
    }
}

/// The city on every engine that is here. Tokens: `sys` (system administrator), `unit` (administrator of 市财政局), `clerk`
/// (张三), `leader` (王建国).
pub(crate) async fn cities() -> Vec<City> {
    cities_with(|| {
        Services::default()
            .with(Arc::new(HeirService(Arc::new(FakeItems))))
            .with(Arc::new(AccountService(Arc::new(FakeAccounts))))
    })
    .await
}

pub(crate) async fn cities_with(services: impl Fn() -> Services) -> Vec<City> {
    let mut all = Vec::new();
    for app in TestApp::engines(|| vec![crate::module(), fake_module()], services).await {
        let ids = app.system().write(OP, build).await.unwrap();
        let [
            region,
            gov,
            sec,
            gen_div,
            fin,
            bud,
            drc,
            mayor,
            vice,
            head,
            liaison,
            clerk,
            fin_head,
            bud_head,
        ] = ids.try_into().unwrap();
        let all_perms = [
            (perm::READ, Reach::All),
            (perm::MANAGE, Reach::All),
            (perm::IMPORT, Reach::All),
        ];
        let unit_perms = [(perm::READ, Reach::All), (perm::MANAGE, Reach::Unit)];
        let read = [(perm::READ, Reach::All)];
        app.auth.sign_in("sys", actor(mayor, gov, None, &all_perms));
        app.auth
            .sign_in("unit", actor(fin_head, fin, None, &unit_perms));
        app.auth
            .sign_in("clerk", actor(clerk, gov, Some(sec), &read));
        app.auth.sign_in("leader", actor(mayor, gov, None, &read));
        all.push(City {
            app,
            region,
            gov,
            sec,
            gen_div,
            fin,
            bud,
            drc,
            mayor,
            vice,
            head,
            liaison,
            clerk,
            fin_head,
            bud_head,
        });
    }
    all
}

impl City {
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> T {
        self.app.app.db.read(f).await.unwrap()
    }
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.read(move |tx| tx.one(sql, &[])?.get(0)).await
    }
    pub(crate) async fn put(
        &self,
        path: &str,
        version: i64,
        mut body: Value,
    ) -> zs_testkit::Answer {
        body["__if_match"] = json!(version);
        self.app.call("PUT", path, "sys", Some(body)).await
    }
    pub(crate) async fn person_of(&self, identity: Id) -> Id {
        self.read(move |tx| Ok(api::identity(tx, identity)?.person_id))
            .await
    }
    /// Gives an identity open items.
    pub(crate) async fn give_work(&self, identity: Id, n: i64) {
        self.app
            .system()
            .write(OP, move |tx| {
                for i in 0..n {
                    let id = tx.new_id();
                    tx.exec(
                        "insert into fake_item (id, identity_id, title) values ($1, $2, $3)",
                        vals![id, identity, format!("来文{i}")],
                    )?;
                }
                tx.touch("fake_item", identity, json!({}))
            })
            .await
            .unwrap();
    }
    pub(crate) async fn work_of(&self, identity: Id) -> i64 {
        self.read(move |tx| FakeItems.count(tx, identity)).await
    }
}

pub(crate) fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|x| x["name"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_and_everything_needs_a_permission() {
    for c in &cities().await {
        c.app.statements_prepare().await;
        assert_eq!(
            c.app.get("/org/nodes", "").await.refused(401),
            "unauthenticated"
        );
        for path in ["/admin/people", "/admin/org/export", "/admin/org/template"] {
            assert_eq!(c.app.get(path, "clerk").await.refused(403), "forbidden");
        }
        assert_eq!(
            c.app.get("/admin/org/export", "unit").await.refused(403),
            "forbidden"
        );
    }
}
