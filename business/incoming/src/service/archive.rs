//! 归档 archive: record, traces and files are frozen together (seed S2: 原文与处理痕迹一并存档; 条例 art. 27).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, WriteTx};
use zs_flow::Acted;

use super::{Completion, Task, open_task};
use crate::definition::stage;
use crate::digest::sm3_hex;
use crate::dto::ActOut;
use crate::model::RETENTIONS;
use crate::names::Names;
use crate::rule::Check;
use crate::{flow, perm, project, store};

/// The filing.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Archive {
    /// Document.
    pub id: Id,
    /// Task.
    pub task_id: Id,
    /// Revision the page saw.
    #[serde(default)]
    pub rev: Option<i64>,
    /// Retention 保管期限.
    pub retention: String,
    /// Note for the fonds.
    #[serde(default)]
    pub fonds_note: Option<String>,
}

/// Largest file that is read for its digest.
const FILE_LIMIT: u64 = 1 << 30;

/// Files one document.
pub async fn archive(ctx: Ctx, a: Archive) -> Result<ActOut> {
    // Digests of large files are made before the transaction; inside it the list must still be the same.
    let id = a.id;
    let actor = ctx.actor()?.clone();
    let files = {
        let c = ctx.clone();
        ctx.read(move |tx| {
            let doc = store::doc(tx, id)?;
            let loaded = flow::load(&c, tx, doc.instance_id)?;
            crate::access::view(&actor, &doc, &loaded, tx.now())?;
            zs_file::api::list(tx, flow::SUBJECT, id)
        })
        .await?
    };
    let mut digests = BTreeMap::new();
    for f in &files {
        let bytes = zs_file::api::content(&ctx, f.file.id, FILE_LIMIT).await?;
        digests.insert(f.file.id.0, sm3_hex(&bytes));
    }
    ctx.write(perm::OP_ARCHIVE, move |tx| run(tx, &a, &digests))
        .await
}

fn run(tx: &mut WriteTx<'_, '_>, a: &Archive, digests: &BTreeMap<i64, String>) -> Result<ActOut> {
    let t = open_task(tx, a.id, a.task_id, stage::ARCHIVE)?;
    let mut c = Check::default();
    c.choice("retention", "保管期限", &a.retention, RETENTIONS);
    c.opt_text("fonds_note", "归档说明", a.fonds_note.as_deref(), 500);
    c.done()?;
    let acted = t.complete(
        tx,
        Completion {
            rev: a.rev,
            opinion: a.fonds_note.as_deref(),
            ..Completion::default()
        },
    )?;
    let files = zs_file::api::freeze_all(tx, flow::SUBJECT, a.id)?;
    if files.len() != digests.len() || files.iter().any(|f| !digests.contains_key(&f.file.id.0)) {
        return Err(zs_base::STALE.err());
    }
    let files: Vec<Value> = files
        .iter()
        .map(|f| {
            json!({
                "id": f.file.id, "name": f.file.name, "size": f.file.size, "media_type": f.file.media_type,
                "role": f.role, "sort": f.sort, "sha256": f.file.sha256, "sm3": digests.get(&f.file.id.0),
            })
        })
        .collect();
    let package = package(tx, &t, a, &acted, files)?;
    let text = serde_json::to_string(&package).map_err(Error::internal)?;
    let digest = sm3_hex(text.as_bytes());
    store::put_package(tx, &t.granted, a.id, &text, &digest, t.me)?;
    store::set_archived(
        tx,
        &t.granted,
        a.id,
        &a.retention,
        a.fonds_note.as_deref(),
        &digest,
    )?;
    tx.touch(
        "incoming_package",
        a.id,
        json!({"digest": digest, "files": files_count(&package)}),
    )?;
    t.answer(tx, &acted)
}

fn files_count(package: &Value) -> usize {
    package
        .get("files")
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

/// The archive package: attributes, plans, opinions, handwriting, the hash-chained record and the files' digests.
fn package(
    tx: &mut WriteTx<'_, '_>,
    t: &Task,
    a: &Archive,
    acted: &Acted,
    files: Vec<Value>,
) -> Result<Value> {
    let doc = store::doc(tx, t.doc.id)?;
    let rows = zs_flow::events(tx, doc.instance_id)?;
    let state = &acted.loaded.state;
    let names = Names::load(tx, &project::people(state), &project::nodes(state))?;
    let people: BTreeMap<String, Value> = project::people(state)
        .into_iter()
        .map(|p| {
            (
                p.to_string(),
                json!({"name": names.name(p), "post": names.post(p)}),
            )
        })
        .collect();
    let nodes: BTreeMap<String, String> = project::nodes(state)
        .into_iter()
        .map(|n| (n.to_string(), names.node(n)))
        .collect();
    let plans: Vec<Value> = store::plan_revisions(tx, doc.id)?
        .into_iter()
        .map(|p| json!({"plan": p.plan, "step_title": p.step_title, "name": p.name, "at": p.at}))
        .collect();
    let inks: Vec<Value> = store::inks(tx, doc.id)?
        .into_iter()
        .map(|(seat, ink)| json!({"seat": seat, "ink": ink}))
        .collect();
    let events: Vec<Value> = rows
        .iter()
        .map(|r| json!({"event": r.event, "hash": r.hash}))
        .collect();
    Ok(json!({
        "format": "zhongshu-incoming-archive-1",
        "id": doc.id, "unit_id": doc.unit_id, "serial_no": doc.serial_no, "year": doc.year,
        "attributes": doc.attrs, "deadline": doc.deadline, "handling_result": doc.handling_result,
        "reply_text": doc.reply_text, "replied_date": doc.replied_date,
        "signed_in": {"by": doc.signed_in_name, "at": doc.signed_in_at},
        "registered": {"by": doc.registered_name, "at": doc.registered_at},
        "completed_at": doc.completed_at, "archived_at": doc.archived_at, "archived_by": names.name(t.me.0),
        "retention": a.retention, "fonds_note": a.fonds_note,
        "plans": plans, "handwriting": inks, "people": people, "nodes": nodes,
        "definition": {"key": state.key, "version": state.version},
        "events": events, "last_hash": acted.loaded.row.last_hash, "files": files,
    }))
}
