//! What other modules call, inside their own transactions.
//!
//! A subject is any row of another module, named by `(kind, id)`; that module also registers a [`crate::FileGate`] for the
//! kind. The caller has checked that the actor may change the subject and writes the audit row of it.
use zs_base::{Error, Field, Id, Result};
use zs_ctx::{Actor, Ctx, WriteTx};
use zs_db::{Tx, vals};

pub use crate::gate::{FileGate, FileGates};
pub use crate::model::{File, Kind, LinkedFile, Preview, Role};
use crate::{FILE_FROZEN, FREEZE_JOB, store};

/// One subject holds at most so many files.
pub const MAX_FILES: usize = 100;

/// Hangs files on a subject, in this order, before those that are there already; the first one is the body (正文).
///
/// Only loose uploads of `by` himself and files that hang on this subject already are accepted; any other id is an error
/// of the field `file_ids` that does not tell whether such a file exists.
pub fn link(tx: &mut Tx<'_>, ids: &[Id], kind: &str, subject: Id, by: &Actor) -> Result<()> {
    arrange(tx, ids, kind, subject, by, How::First)
}

/// Hangs more files behind those that are there, all of them attachments (附件).
pub fn attach(tx: &mut Tx<'_>, ids: &[Id], kind: &str, subject: Id, by: &Actor) -> Result<()> {
    arrange(tx, ids, kind, subject, by, How::Behind)
}

/// Makes the list the subject's files: links what is new, orders, takes off what is missing. The first one is the body.
pub fn set(tx: &mut Tx<'_>, ids: &[Id], kind: &str, subject: Id, by: &Actor) -> Result<()> {
    arrange(tx, ids, kind, subject, by, How::Exactly)
}

/// Takes one file off a subject; it becomes loose again and is swept a day later unless it is linked anew.
pub fn unlink(tx: &mut Tx<'_>, id: Id, kind: &str, subject: Id) -> Result<()> {
    if store::get(tx, id)?.frozen {
        return Err(FILE_FROZEN.err());
    }
    tx.exec(store::UNLINK, vals![kind, subject, id])?;
    let now = tx.now();
    tx.exec(store::LOOSEN, vals![id, now]).map(drop)
}

/// The files of a subject in order. The caller has checked that the reader may see the subject.
pub fn list(tx: &mut Tx<'_>, kind: &str, subject: Id) -> Result<Vec<LinkedFile>> {
    store::list(tx, kind, subject)
}

/// One file by id, without a check of who asks.
pub fn info(tx: &mut Tx<'_>, id: Id) -> Result<File> {
    store::get(tx, id).map(|s| s.file)
}

/// May `actor` read this file? By the rule of the download itself.
pub fn may_read(tx: &mut Tx<'_>, gates: &FileGates, actor: &Actor, id: Id) -> Result<bool> {
    match readable(tx, gates, actor, id) {
        Ok(_) => Ok(true),
        Err(e) if e.kind == zs_base::Kind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Archives the files of a subject (归档): from now on nobody changes, unlinks or deletes them, and their copies on disk
/// become read-only. The list of what was frozen is for the archive's record.
pub fn freeze_all(tx: &mut WriteTx<'_, '_>, kind: &str, subject: Id) -> Result<Vec<LinkedFile>> {
    let now = tx.now();
    tx.exec(store::FREEZE, vals![kind, subject, now])?;
    let mut hashes: Vec<String> = Vec::new();
    for r in tx.query(store::FROZEN_HASHES, vals![kind, subject])? {
        hashes.push(r.get(0)?);
        hashes.extend(r.get::<Option<String>>(1)?);
    }
    if !hashes.is_empty() {
        tx.job(
            FREEZE_JOB,
            serde_json::json!({ "hashes": hashes }),
            now,
            None,
        )?;
    }
    store::list(tx, kind, subject)
}

/// The content of a file, at most `limit` bytes, for work inside the server (archive packages); no check of who asks.
pub async fn content(ctx: &Ctx, id: Id, limit: u64) -> Result<Vec<u8>> {
    let f = ctx.read(move |tx| info(tx, id)).await?;
    crate::blobs(ctx)?.read_all(&f.sha256, limit).await
}

/// Keeps content that the server made (an archive's print forms) as a loose file of the actor, checked like an upload.
pub async fn add(ctx: &Ctx, name: &str, bytes: Vec<u8>) -> Result<File> {
    crate::upload::add(ctx, name, bytes).await
}

pub(crate) fn readable(
    tx: &mut Tx<'_>,
    gates: &FileGates,
    actor: &Actor,
    id: Id,
) -> Result<store::Stored> {
    let s = store::get(tx, id)?;
    if s.loose {
        return if s.uploader == actor.person {
            Ok(s)
        } else {
            Err(Error::not_found("这个文件"))
        };
    }
    for (kind, subject) in store::subjects(tx, id)? {
        if gates.opens(tx, actor, &kind, subject)? {
            return Ok(s);
        }
    }
    Err(Error::not_found("这个文件"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    First,
    Behind,
    Exactly,
}

fn arrange(
    tx: &mut Tx<'_>,
    ids: &[Id],
    kind: &str,
    subject: Id,
    by: &Actor,
    how: How,
) -> Result<()> {
    let have = store::links(tx, kind, subject)?;
    let files = if ids.is_empty() {
        Vec::new()
    } else {
        store::many(tx, ids)?
    };
    let here = |id: Id| have.iter().find(|(h, _, _)| *h == id);
    let mut wrong = Vec::new();
    let mut fresh = Vec::new();
    for (i, id) in ids.iter().enumerate() {
        let own = files
            .iter()
            .any(|s| s.file.id == *id && s.loose && s.uploader == by.person);
        let twice = ids.iter().take(i).any(|x| x == id);
        if twice {
            wrong.push(field(format!("第 {} 个文件重复了，请去掉一个", i + 1)));
        } else if here(*id).is_some() {
            // Ordering what hangs here already.
        } else if own {
            fresh.push(*id);
        } else {
            wrong.push(field(format!(
                "第 {} 个文件不存在或不能使用，请重新上传",
                i + 1
            )));
        }
    }
    Error::fields(wrong)?;
    let rest: Vec<_> = have
        .iter()
        .filter(|(h, _, _)| !ids.contains(h))
        .copied()
        .collect();
    let now = tx.now();
    let since = |id: Id| here(id).map_or(now, |(_, _, at)| *at);
    let mut all: Vec<(Id, Role, i64)> = ids
        .iter()
        .map(|id| (*id, Role::Attachment, since(*id)))
        .collect();
    match how {
        How::Behind => {
            // A body that is named again stays the body.
            for (id, role, _) in &mut all {
                if let Some((_, r, _)) = here(*id) {
                    *role = *r;
                }
            }
            all = rest.into_iter().chain(all).collect();
        }
        How::First | How::Exactly => {
            if how == How::First {
                all.extend(rest.iter().map(|(id, _, at)| (*id, Role::Attachment, *at)));
            }
            if let Some((_, role, _)) = all.first_mut() {
                *role = Role::Body;
            }
        }
    }
    if all.len() > MAX_FILES {
        return Err(Error::field(
            "file_ids",
            format!("文件最多 {MAX_FILES} 个，请合并后再上传"),
        ));
    }
    let gone: Vec<Id> = have
        .iter()
        .map(|(h, _, _)| *h)
        .filter(|h| !all.iter().any(|(id, _, _)| id == h))
        .collect();
    if !gone.is_empty() && store::many(tx, &gone)?.iter().any(|s| s.frozen) {
        return Err(FILE_FROZEN.err());
    }
    if all == have {
        return Ok(());
    }
    store::fasten(tx, &fresh)?;
    store::write_links(tx, kind, subject, &all)?;
    for id in gone {
        tx.exec(store::LOOSEN, vals![id, now])?;
    }
    Ok(())
}

fn field(message: String) -> Field {
    Field {
        field: "file_ids".to_owned(),
        message,
    }
}
