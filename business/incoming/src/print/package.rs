//! Archive package 归档包: the frozen record of a filed document as one ZIP file, with a manifest that proves every part.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;
use zs_base::{Error, Id, Result, sha256_hex};
use zs_ctx::{Actor, Ctx};
use zs_db::Tx;
use zs_web::Download;

use super::pdf;
use super::sheets::{circulation, handling, seen};
use crate::columns::COLUMNS;
use crate::detail::OfDoc;
use crate::digest::sm3_hex;
use crate::model::status;
use crate::query::code::{NOT_FILED, PACKAGE_TOO_LARGE};
use crate::query::{blocking, ledger_row_of};
use crate::{access, perm, store};

/// Bytes of files that one package takes: it is put together in memory.
const LIMIT: u64 = 256 * 1024 * 1024;

/// A part of the package.
struct Part {
    path: String,
    bytes: Vec<u8>,
}

struct Parts {
    name: String,
    head: Value,
    record: String,
    ledger: String,
    opinions: String,
    sheets: [zs_typeset::PrintDoc; 2],
    files: Vec<(Id, String)>,
}

/// Downloads the archive package.
pub async fn archive_package(ctx: Ctx, a: OfDoc) -> Result<Download> {
    let (c, actor) = (ctx.clone(), ctx.actor()?.clone());
    let p = ctx.read(move |tx| collect(&c, tx, &actor, a.id)).await?;
    let mut parts = vec![
        Part {
            path: "归档记录.json".into(),
            bytes: p.record.into_bytes(),
        },
        Part {
            path: "意见.json".into(),
            bytes: p.opinions.into_bytes(),
        },
        Part {
            path: "台帐.json".into(),
            bytes: p.ledger.into_bytes(),
        },
    ];
    let [handling, circulation] = p.sheets;
    parts.push(Part {
        path: "公文处理单.pdf".into(),
        bytes: pdf(&ctx, handling).await?,
    });
    parts.push(Part {
        path: "公文传阅单.pdf".into(),
        bytes: pdf(&ctx, circulation).await?,
    });
    let mut left = LIMIT;
    for (id, path) in p.files {
        let bytes = zs_file::api::content(&ctx, id, left).await?;
        left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        parts.push(Part { path, bytes });
    }
    let head = p.head;
    let bytes = blocking(move || zip(head, parts)).await?;
    Ok(Download {
        name: p.name,
        media_type: "application/zip".into(),
        bytes,
        inline: false,
    })
}

/// Everything of the database, checked: visible, exported by permission, filed, not too large.
fn collect(ctx: &Ctx, tx: &mut Tx<'_>, actor: &Actor, id: Id) -> Result<Parts> {
    let s = seen(ctx, tx, actor, id)?;
    let doc = store::doc(tx, id)?;
    if !access::holds(actor, perm::EXPORT, &doc) {
        return Err(zs_base::FORBIDDEN.with(&[&perm::EXPORT.title]));
    }
    let record = store::package(tx, id)?
        .filter(|_| doc.status == status::ARCHIVED)
        .ok_or_else(|| NOT_FILED.err())?;
    let total: u64 = s
        .detail
        .attachments
        .iter()
        .map(|a| u64::try_from(a.file.file.size).unwrap_or(u64::MAX))
        .sum();
    if total > LIMIT {
        return Err(PACKAGE_TOO_LARGE.with(&[&(LIMIT / 1024 / 1024)]));
    }
    let files = (1..)
        .zip(&s.detail.attachments)
        .map(|(n, a)| {
            (
                a.file.file.id,
                format!("文件/{n:02}-{}", plain_name(&a.file.file.name)),
            )
        })
        .collect();
    let cells = ledger_row_of(tx, doc.unit_id, id)?;
    let ledger: Vec<Value> = COLUMNS
        .iter()
        .zip(cells)
        .map(|((key, title), text)| json!({"key": key, "title": title, "text": text}))
        .collect();
    let number = doc.serial_no.clone().unwrap_or_else(|| id.to_string());
    Ok(Parts {
        name: format!("归档包-{number}.zip"),
        head: json!({
            "format": "zhongshu-incoming-package-1", "id": id, "serial_no": doc.serial_no, "title": doc.attrs.title,
            "doc_number": doc.attrs.doc_number, "retention": doc.retention, "archived_at": doc.archived_at,
            "record_sm3": doc.digest, "made_at": tx.now(), "made_by": actor.name,
        }),
        record,
        ledger: pretty(&ledger)?,
        opinions: pretty(&s.detail.opinions)?,
        sheets: [handling(&s), circulation(&s)],
        files,
    })
}

fn pretty(v: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(v).map_err(Error::internal)
}

/// A name that stays inside its folder on any system.
fn plain_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    match clean.trim_matches(['.', ' ']) {
        "" => "文件".into(),
        n => n.chars().take(120).collect(),
    }
}

/// The ZIP file; the manifest names every part with its SM3 and SHA-256.
fn zip(mut head: Value, parts: Vec<Part>) -> Result<Vec<u8>> {
    let listed: Vec<Value> = parts
        .iter()
        .map(|p| {
            json!({"path": p.path, "size": p.bytes.len(), "sm3": sm3_hex(&p.bytes), "sha256": sha256_hex(&p.bytes)})
        })
        .collect();
    if let Some(o) = head.as_object_mut() {
        o.insert("parts".into(), Value::Array(listed));
    }
    let manifest = Part {
        path: "manifest.json".into(),
        bytes: pretty(&head)?.into_bytes(),
    };
    let mut z = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for p in std::iter::once(manifest).chain(parts) {
        z.start_file(p.path, options).map_err(Error::internal)?;
        z.write_all(&p.bytes).map_err(Error::internal)?;
    }
    Ok(z.finish().map_err(Error::internal)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_folder() {
        assert_eq!(plain_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain_name("a\\b:c.pdf"), "a_b_c.pdf");
        assert_eq!(plain_name(".."), "文件");
        assert_eq!(plain_name("通知.pdf"), "通知.pdf");
    }
}
