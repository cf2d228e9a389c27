//! A city office with its registry, desk, leaders and divisions; a unit below it; a stranger.
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use zs_access::api::RoleTable;
use zs_base::{Id, random_token};
use zs_ctx::{Actor, Granted, Op, Services};
use zs_file::api::{FileGate, FileGates};
use zs_flow::{FlowCache, Subject, Subjects};
use zs_module::Registry;
use zs_org::api::{NewIdentity, NewNode, NodeKind};
use zs_testkit::{Answer, TestApp};

pub(super) const OP: Op = Op {
    key: "test.set_up",
    title: "测试",
};

/// key, name, node, post, rank, head, liaison, roles.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    i64,
    bool,
    bool,
    &'static [&'static str],
);
const PEOPLE: [Row; 16] = [
    ("clerk", "收一", "office", 50, false, false, &["registry"]),
    ("clerk2", "收二", "office", 51, false, false, &["registry"]),
    ("sec", "文甲", "office", 40, false, false, &["secretary"]),
    ("sec2", "文乙", "office", 41, false, false, &["secretary"]),
    (
        "chief",
        "任主任",
        "office",
        20,
        true,
        false,
        &["office_head"],
    ),
    ("mayor", "王市长", "unit", 1, true, false, &["leader"]),
    ("vice", "李副市长", "unit", 2, false, false, &["leader"]),
    ("zh_head", "综合科长", "zh", 20, true, false, &[]),
    ("zh_liaison", "综合代表", "zh", 50, false, true, &[]),
    ("zh_staff", "综合员", "zh", 60, false, false, &[]),
    ("zh_staff2", "综合员二", "zh", 61, false, false, &[]),
    ("ny_head", "农业科长", "ny", 20, true, false, &[]),
    ("ny_staff", "农业员", "ny", 60, false, false, &[]),
    ("deep_head", "二级科长", "deep", 30, true, false, &[]),
    ("sub_head", "信访局长", "sub", 10, true, false, &[]),
    (
        "stranger",
        "教育收",
        "foreign",
        50,
        false,
        false,
        &["registry"],
    ),
];

pub(super) struct Office {
    pub app: TestApp,
    pub unit: Id,
    pub nodes: BTreeMap<&'static str, Id>,
    pub people: BTreeMap<&'static str, (Id, Id)>,
    _dir: Dir,
}

struct Dir(PathBuf);
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn modules() -> Vec<zs_module::Module> {
    vec![
        zs_setting::module(),
        zs_calendar::module(),
        zs_numbering::module(),
        zs_org::module(),
        zs_access::module(),
        zs_flow::module(),
        zs_file::module(),
        crate::module(),
    ]
}

/// Fonts as seen from the crate: the cache lies in the root of the workspace.
fn press() -> zs_typeset::Press {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dirs = zs_typeset::default_font_dirs();
    zs_typeset::Press::new(dirs.into_iter().map(|d| root.join(d)).collect())
}

/// One office per engine.
pub(super) async fn offices() -> Vec<Office> {
    let dirs: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let made = Arc::clone(&dirs);
    let services = move || {
        let base = if PathBuf::from("/dev/shm").is_dir() {
            PathBuf::from("/dev/shm")
        } else {
            std::env::temp_dir()
        };
        let dir = base.join(format!("zs-incoming-{}", random_token().unwrap()));
        made.lock().unwrap().push(dir.clone());
        let mut o = zs_blob::BlobOptions::new(dir.join("blobs"), dir.join("blob.key"));
        o.reserve = 0;
        let subjects: Vec<Arc<dyn Subject>> = vec![Arc::new(crate::IncomingSubject)];
        let gates: Vec<Arc<dyn FileGate>> = vec![Arc::new(crate::IncomingFiles)];
        let mut files = zs_file::FileOptions {
            work_dir: dir,
            ..Default::default()
        };
        files.soffice = zs_file::Soffice::Off;
        Services::default()
            .with(Arc::new(zs_blob::Blobs::open(o).unwrap()))
            .with(Arc::new(FlowCache::default()))
            .with(Arc::new(zs_job::Bus::default()))
            .with(Arc::new(press()))
            .with(Arc::new(Subjects(subjects)))
            .with(Arc::new(FileGates(gates)))
            .with(Arc::new(files))
            .with(Arc::new(zs_setting::api::SettingDefs(Vec::new())))
    };
    let apps = TestApp::engines(modules, services).await;
    let table = RoleTable::of(&Registry::build(modules()).unwrap());
    let dirs: Vec<PathBuf> = dirs.lock().unwrap().drain(..).collect();
    let mut out = Vec::new();
    for (app, dir) in apps.into_iter().zip(dirs) {
        let (nodes, people) = build(&app).await;
        crate::seed(&app.system()).await.unwrap();
        let office = Office {
            unit: nodes["unit"],
            app,
            nodes,
            people,
            _dir: Dir(dir),
        };
        for p in PEOPLE {
            office.app.auth.sign_in(p.0, office.actor(p.0, &table));
        }
        out.push(office);
    }
    out
}

async fn build(app: &TestApp) -> (BTreeMap<&'static str, Id>, BTreeMap<&'static str, (Id, Id)>) {
    let g = Granted::system(zs_org::perm::MANAGE, "test");
    let grants = Granted::system(zs_access::api::SECURITY_MANAGE, "test");
    let made = app
        .system()
        .write(OP, move |tx| {
            let mut ids: BTreeMap<String, Id> = BTreeMap::new();
            for (key, parent, kind, name) in [
                ("unit", "", NodeKind::Unit, "市政府办公室"),
                ("office", "unit", NodeKind::Division, "文秘科"),
                ("zh", "unit", NodeKind::Division, "综合科"),
                ("ny", "unit", NodeKind::Division, "农业科"),
                ("deep", "zh", NodeKind::Division, "综合二组"),
                ("sub", "unit", NodeKind::Unit, "市信访局"),
                ("foreign", "", NodeKind::Unit, "市教育局"),
            ] {
                let new = NewNode {
                    parent_id: ids.get(parent).copied(),
                    kind,
                    unit_kind: None,
                    name: name.into(),
                    short_name: None,
                    code: None,
                    sort: None,
                };
                ids.insert(key.into(), zs_org::api::create_node(tx, &g, &new)?.id);
            }
            let mut people: BTreeMap<String, (Id, Id)> = BTreeMap::new();
            for (key, name, node, rank, is_head, is_liaison, roles) in PEOPLE {
                let first = NewIdentity {
                    node_id: ids[node],
                    post: "职务".into(),
                    rank: Some(rank),
                    is_head,
                    is_liaison,
                    is_primary: true,
                };
                let (p, i) = zs_org::api::create_person(tx, &g, name, None, &first)?;
                for role in roles {
                    zs_access::api::grant(tx, i.id, role, &grants)?;
                }
                people.insert(key.into(), (p.id, i.id));
            }
            Ok((ids, people))
        })
        .await
        .unwrap();
    let keys = ["unit", "office", "zh", "ny", "deep", "sub", "foreign"];
    (
        keys.into_iter().map(|k| (k, made.0[k])).collect(),
        PEOPLE.iter().map(|p| (p.0, made.1[p.0])).collect(),
    )
}

impl Office {
    /// A person as he signs in, to be changed by the test.
    pub fn actor_of(&self, key: &str) -> Actor {
        self.actor(key, &RoleTable::of(&Registry::build(modules()).unwrap()))
    }
    fn actor(&self, key: &str, table: &RoleTable) -> Actor {
        let (_, name, node, _, _, _, roles) = *PEOPLE.iter().find(|p| p.0 == key).unwrap();
        let (person, identity) = self.people[key];
        let (unit, division) = match node {
            "unit" | "sub" | "foreign" => (self.nodes[node], None),
            d => (self.unit, Some(self.nodes[d])),
        };
        let all: Vec<&str> = roles.iter().copied().chain(["staff"]).collect();
        Actor {
            person,
            identity,
            identities: vec![identity],
            unit,
            division,
            name: name.into(),
            unit_name: "单位".into(),
            roles: all.iter().map(|r| (*r).to_owned()).collect(),
            permissions: table.permissions(all),
            ..Actor::default()
        }
    }
    pub fn id(&self, key: &str) -> String {
        self.people[key].1.to_string()
    }
    pub fn node(&self, key: &str) -> String {
        self.nodes[key].to_string()
    }
    /// What the clerk notes at the counter.
    pub fn sign_in_body(&self, number: &str) -> Value {
        json!({"doc_class": "red_head", "source": "exchange", "sender": "省政府办公厅", "sender_rank": "superior",
            "title": "关于做好防汛工作的通知", "doc_number": number, "copies": 1, "received_date": "2026-03-02",
            "urgency": "urgent", "file_ids": []})
    }
    pub fn register_body(&self, number: &str) -> Value {
        let mut b = self.sign_in_body(number);
        merge(
            &mut b,
            json!({"secrecy": "none", "paper_only": false, "genre": "通知", "confirm_duplicate": false}),
        );
        b
    }
    pub async fn sign_in(&self, who: &str, number: &str) -> String {
        let made = self
            .app
            .post("/incoming", who, self.sign_in_body(number))
            .await
            .ok();
        made["id"].as_str().unwrap().to_owned()
    }
    pub async fn detail(&self, who: &str, doc: &str) -> Value {
        self.app.get(&format!("/incoming/{doc}"), who).await.ok()
    }
    /// The viewer's task at a stage, if he has one.
    pub async fn task(&self, who: &str, doc: &str, stage: &str) -> Option<String> {
        let a = self.app.get(&format!("/incoming/{doc}"), who).await;
        let tasks = a.json["tasks"].as_array().cloned().unwrap_or_default();
        let found = tasks.into_iter().find(|t| t["step"] == stage)?;
        Some(found["task_id"].as_str().unwrap().to_owned())
    }
    /// An act on the viewer's task at the stage of the same name.
    pub async fn act(&self, who: &str, doc: &str, act: &str, extra: Value) -> Answer {
        let task = self.task(who, doc, act).await;
        let task = task.unwrap_or_else(|| panic!("{who} has no task {act}"));
        self.on_task(who, doc, act, &task, extra).await
    }
    pub async fn on_task(
        &self,
        who: &str,
        doc: &str,
        act: &str,
        task: &str,
        extra: Value,
    ) -> Answer {
        let mut body = json!({"task_id": task});
        merge(&mut body, extra);
        self.app
            .post(&format!("/incoming/{doc}/{act}"), who, body)
            .await
    }
    /// A document that stands at 拟办.
    pub async fn registered(&self, number: &str) -> String {
        let doc = self.sign_in("clerk", number).await;
        self.act("clerk", &doc, "register", self.register_body(number))
            .await
            .ok();
        self.act("sec", &doc, "preliminary_review", json!({"pass": true}))
            .await
            .ok();
        doc
    }
    /// Everybody's plan: two leaders in order, two readers at once, lead and assist.
    pub fn plan(&self) -> Value {
        json!({"kind": "handle", "proposed_handling": "请王市长、李副市长阅示，综合科主办，农业科协办。", "needs_review": true,
            "instruct": {"identity_ids": [self.id("mayor"), self.id("vice")], "mode": "in_order"},
            "circulation": {"mode": "all", "identity_ids": [self.id("zh_head"), self.id("ny_head")]},
            "undertakings": [{"role": "lead", "node_id": self.node("zh")}, {"role": "assist", "node_id": self.node("ny")}],
            "deadline": null, "urge": true, "pre_reminder_days": 2, "reply_required": true})
    }
    /// The shortest plan with an undertaking: one division, nobody else.
    pub fn short_plan(&self) -> Value {
        json!({"kind": "handle", "proposed_handling": "请综合科办理。", "needs_review": false,
            "undertakings": [{"role": "lead", "node_id": self.node("zh")}], "urge": true, "pre_reminder_days": 2})
    }
    pub async fn upload(&self, who: &str, name: &str, bytes: &'static str) -> String {
        let req = Request::post(format!("/api/v1/files?name={name}"))
            .header("cookie", format!("zs_session={who}"))
            .body(Body::from(bytes))
            .unwrap();
        let file = self.app.send(req).await.ok();
        file["id"].as_str().unwrap().to_owned()
    }
    /// The derived rows are what a rebuild from the record makes, and the record proves itself.
    pub async fn check(&self, doc: &str) {
        let id: Id = doc.parse().unwrap();
        let before = self.derived(id).await;
        let ctx = self.app.system();
        let c = ctx.clone();
        let ok = ctx
            .write(OP, move |tx| {
                let d = crate::store::doc(tx, id)?;
                tx.touch("test", id, json!({}))?;
                crate::rebuild(&c, tx, id)?;
                Ok(zs_flow::replay(&c, tx, d.instance_id)?.ok)
            })
            .await
            .unwrap();
        assert!(ok, "the record proves the state");
        assert_eq!(
            before,
            self.derived(id).await,
            "a rebuild gives the same rows"
        );
    }
    async fn derived(&self, id: Id) -> Vec<String> {
        self.app
            .app
            .db
            .read(move |tx| {
                let mut out = Vec::new();
                for sql in [
                    "select * from incoming_ledger where doc_id = $1",
                    "select * from incoming_participant where doc_id = $1 order by identity_id",
                    "select * from incoming_undertaking where doc_id = $1 order by ord",
                    "select * from incoming_circulation where doc_id = $1 order by ord",
                    "select status, stage_text, completed_at, archived_at, urge_count from incoming_doc where id = $1",
                ] {
                    out.extend(tx.query(sql, zs_db::vals![id])?.iter().map(|r| format!("{r:?}")));
                }
                Ok(out)
            })
            .await
            .unwrap()
    }
    /// The ledger of a document by column.
    pub async fn ledger(&self, doc: &str) -> BTreeMap<&'static str, String> {
        let id: Id = doc.parse().unwrap();
        self.app
            .app
            .db
            .read(move |tx| {
                let row = tx.one(
                    "select * from incoming_ledger where doc_id = $1",
                    zs_db::vals![id],
                )?;
                let cells = crate::ledger::COLUMNS.iter().enumerate();
                cells
                    .map(|(n, (key, _))| Ok((*key, row.get::<String>(n + 5)?)))
                    .collect()
            })
            .await
            .unwrap()
    }
}

pub(super) fn merge(into: &mut Value, from: Value) {
    for (k, v) in from.as_object().unwrap() {
        into[k] = v.clone();
    }
}
