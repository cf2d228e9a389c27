//! The whole module over a store of its own, with a subject kind `memo` whose readers the test names.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test fails loudly"
)]
#![expect(
    unreachable_pub,
    dead_code,
    reason = "every test file uses a part of it"
)]

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;
use zs_base::{Id, Result, random_token};
use zs_blob::{BlobOptions, Blobs};
use zs_ctx::{Actor, Op, Services, WriteTx};
use zs_db::Tx;
use zs_file::{FileGate, FileGates, FileOptions, Soffice};
use zs_testkit::{Answer, TestApp};

pub const OP: Op = Op {
    key: "memo.change",
    title: "改备忘",
};

/// Who may read which memo.
#[derive(Default)]
pub struct Memos(pub Mutex<BTreeSet<(Id, Id)>>);

impl FileGate for Memos {
    fn kind(&self) -> &str {
        "memo"
    }
    fn may_read(&self, _: &mut Tx<'_>, actor: &Actor, subject: Id) -> Result<bool> {
        Ok(self.0.lock().unwrap().contains(&(actor.identity, subject)))
    }
}

pub struct Dir(pub PathBuf);
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub struct Fixture {
    pub app: TestApp,
    pub memos: Arc<Memos>,
    pub dir: PathBuf,
}

pub fn person(n: i64) -> Actor {
    Actor {
        person: Id(n),
        identity: Id(n + 100),
        identities: vec![Id(n + 100)],
        unit: Id(1000),
        name: format!("人员{n}"),
        ..Actor::default()
    }
}

/// One fixture per engine; 甲 (1), 乙 (2) and 丙 (3) are signed in as `a`, `b`, `c`.
pub async fn fixtures(options: impl Fn() -> FileOptions) -> (Dir, Vec<Fixture>) {
    let root = std::env::temp_dir().join(format!("zs-file-{}", &random_token().unwrap()[..16]));
    std::fs::create_dir_all(&root).unwrap();
    let made: Mutex<Vec<(PathBuf, Arc<Memos>)>> = Mutex::default();
    let services = || {
        let memos = Arc::new(Memos::default());
        let mut all = made.lock().unwrap();
        let dir = root.join(all.len().to_string());
        let mut o = BlobOptions::new(dir.join("blobs"), dir.join("blob.key"));
        o.reserve = 0;
        all.push((dir.clone(), Arc::clone(&memos)));
        let mut files = options();
        files.work_dir = dir.clone();
        Services::default()
            .with(Arc::new(Blobs::open(o).unwrap()))
            .with(Arc::new(FileGates(vec![memos])))
            .with(Arc::new(files))
            .with(Arc::new(zs_setting::api::SettingDefs(
                zs_file::module().settings.to_vec(),
            )))
    };
    let apps = TestApp::engines(|| vec![zs_setting::module(), zs_file::module()], services).await;
    let made = made.into_inner().unwrap();
    let all = apps
        .into_iter()
        .zip(made)
        .map(|(app, (dir, memos))| {
            for (token, n) in [("a", 1), ("b", 2), ("c", 3)] {
                app.auth.sign_in(token, person(n));
            }
            Fixture { app, memos, dir }
        })
        .collect();
    (Dir(root), all)
}

pub fn without_office() -> FileOptions {
    FileOptions {
        soffice: Soffice::Off,
        ..FileOptions::default()
    }
}

pub fn encode(name: &str) -> String {
    name.bytes().map(|b| format!("%{b:02X}")).collect()
}

impl Fixture {
    pub async fn upload(&self, token: &str, name: &str, content: impl Into<Body>) -> Answer {
        self.app
            .send(
                Request::post(format!("/api/v1/files?name={}", encode(name)))
                    .header("cookie", format!("zs_session={token}"))
                    .body(content.into())
                    .unwrap(),
            )
            .await
    }
    /// Uploads a PDF that differs by `text`.
    pub async fn pdf(&self, token: &str, text: &str) -> Id {
        id(&self
            .upload(token, "正文.pdf", format!("%PDF-1.7\n{text}"))
            .await
            .ok())
    }
    pub async fn get_with(&self, path: &str, token: &str, headers: &[(&str, &str)]) -> Answer {
        let mut r =
            Request::get(format!("/api/v1{path}")).header("cookie", format!("zs_session={token}"));
        for (k, v) in headers {
            r = r.header(*k, *v);
        }
        self.app.send(r.body(Body::empty()).unwrap()).await
    }
    /// One change of a memo by a person.
    pub async fn change<T, F>(&self, who: i64, f: F) -> Result<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + Send + 'static,
        F: Fn(&mut WriteTx<'_, '_>, &Actor) -> Result<T> + Send + 'static,
    {
        self.app
            .ctx(person(who))
            .write(OP, move |tx| {
                tx.touch("memo", Id(1), ())?;
                let actor = tx.actor()?.clone();
                f(tx, &actor)
            })
            .await
    }
    /// Hangs files on memo `memo` and lets the persons read it.
    pub async fn hang(&self, who: i64, ids: &[Id], memo: i64, readers: &[i64]) -> Result<()> {
        for r in readers {
            self.memos.0.lock().unwrap().insert((Id(r + 100), Id(memo)));
        }
        let ids = ids.to_vec();
        self.change(who, move |tx, by| {
            zs_file::api::link(tx, &ids, "memo", Id(memo), by)
        })
        .await
    }
    /// Every file under the folder of the store, relative, temporary ones included.
    pub fn on_disk(&self) -> Vec<String> {
        let mut all = Vec::new();
        walk(&self.dir.join("blobs"), &mut all);
        all
    }
    pub async fn number(&self, sql: &'static str) -> i64 {
        self.app
            .app
            .db
            .read(move |tx| tx.one(sql, &[])?.get(0))
            .await
            .unwrap()
    }
}

fn walk(dir: &Path, all: &mut Vec<String>) {
    for e in std::fs::read_dir(dir).unwrap() {
        let p = e.unwrap().path();
        if p.is_dir() {
            walk(&p, all);
        } else {
            all.push(p.display().to_string());
        }
    }
}

pub fn id(v: &Value) -> Id {
    v.get("id")
        .and_then(Value::as_str)
        .unwrap()
        .parse()
        .unwrap()
}

pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut z = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        z.start_file(*name, SimpleFileOptions::default()).unwrap();
        z.write_all(content).unwrap();
    }
    z.finish().unwrap().into_inner()
}

/// A real Word document of one paragraph.
pub fn docx(text: &str) -> Vec<u8> {
    let types = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let rels = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let doc = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"#
    );
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", rels.as_bytes()),
        ("word/document.xml", doc.as_bytes()),
    ])
}
