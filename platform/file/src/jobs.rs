//! Background work on stored files.
use serde::Deserialize;
use serde_json::{Value, json};
use zs_base::{Error, Id, Result};
use zs_blob::{BLOB_FROZEN, BLOB_MISSING};
use zs_ctx::{Ctx, Op};
use zs_db::vals;

use crate::{DROP_JOB, store};

/// An upload that hangs nowhere is swept after a day.
const LOOSE_MS: i64 = 24 * 3_600_000;
/// What was deleted can be restored for a week.
const GRACE_MS: i64 = 7 * 24 * 3_600_000;
/// Rows swept in one transaction.
const BATCH: i64 = 200;

const SWEEP: Op = Op {
    key: "file.sweep",
    title: "清理未使用的上传",
};

#[derive(Deserialize)]
struct Hashes {
    hashes: Vec<String>,
}

/// Makes the copies of archived files read-only and proves them once more.
pub(crate) async fn freeze(ctx: Ctx, payload: Value) -> Result<()> {
    let p: Hashes = serde_json::from_value(payload).map_err(Error::internal)?;
    let blobs = crate::blobs(&ctx)?;
    for sha in p.hashes {
        blobs.verify(&sha).await?;
        blobs.freeze(&sha).await?;
    }
    Ok(())
}

/// Moves content that no row names any more to the trash.
pub(crate) async fn drop_content(ctx: Ctx, payload: Value) -> Result<()> {
    let p: Hashes = serde_json::from_value(payload).map_err(Error::internal)?;
    let blobs = crate::blobs(&ctx)?;
    for sha in p.hashes {
        if in_use(&ctx, &sha).await? {
            continue;
        }
        match blobs.delete(&sha, ctx.now()).await {
            Err(e) if !e.is(&BLOB_FROZEN) && !e.is(&BLOB_MISSING) => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

async fn in_use(ctx: &Ctx, sha: &str) -> Result<bool> {
    let sha = sha.to_owned();
    ctx.read(move |tx| Ok(tx.opt(store::IN_USE, vals![sha])?.is_some()))
        .await
}

/// Deletes uploads that were never used and empties the trash of what is out of its grace.
pub(crate) async fn sweep(ctx: Ctx, _: Value) -> Result<()> {
    let before = ctx.now() - LOOSE_MS;
    let any = ctx
        .read(move |tx| Ok(tx.opt(store::STALE_LOOSE, vals![before, 1i64])?.is_some()))
        .await?;
    let mut more = any;
    while more {
        more = ctx
            .write(SWEEP, move |tx| {
                let rows = tx.query(store::STALE_LOOSE, vals![before, BATCH])?;
                let mut hashes: Vec<String> = Vec::new();
                for r in &rows {
                    let id: Id = r.get(0)?;
                    if tx.exec(store::DELETE_LOOSE, vals![id])? == 1 {
                        hashes.push(r.get(1)?);
                        hashes.extend(r.get::<Option<String>>(2)?);
                    }
                }
                let now = tx.now();
                tx.touch("file", Id(0), json!({"swept": rows.len()}))?;
                tx.job(DROP_JOB, json!({"hashes": hashes}), now, None)?;
                Ok(i64::try_from(rows.len()).unwrap_or(BATCH) == BATCH)
            })
            .await?;
    }
    let blobs = crate::blobs(&ctx)?;
    for sha in blobs.trashed(ctx.now() - GRACE_MS).await? {
        // An upload of the same content may have counted on it meanwhile.
        if in_use(&ctx, &sha).await? {
            blobs.restore(&sha).await?;
        } else {
            blobs.purge(&sha).await?;
        }
    }
    Ok(())
}
