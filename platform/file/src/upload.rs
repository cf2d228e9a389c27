//! `POST /files`: a stream comes in, is sealed on the way, looked at, and kept or forgotten.
use axum::body::Body;
use axum::http::{Request, header};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use zs_base::{Error, Result};
use zs_blob::Staged;
use zs_ctx::{Ctx, Op};
use zs_web::{Response, json_response};

use crate::model::{File, Kind, Preview};
use crate::options::FileOptions;
use crate::sniff::{self, Type};
use crate::{name, preview, store};

const UPLOAD: Op = Op {
    key: "file.upload",
    title: "上传文件",
};

/// Arguments of an upload; the body is the content itself.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct UploadArgs {
    /// File name with its ending.
    name: String,
}

pub(crate) async fn upload(ctx: Ctx, a: UploadArgs, req: Request<Body>) -> Result<Response> {
    ctx.actor()?;
    let name = name::clean(&a.name)?;
    let t = sniff::by_ending(&name)?;
    let limit = FileOptions::of(&ctx).limit(&ctx).await?;
    let expected = req
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<u64>().ok());
    let blobs = crate::blobs(&ctx)?;
    let staged = blobs
        .stage(req.into_body().into_data_stream(), limit, expected)
        .await?;
    let staged = inspect(name.clone(), t, staged).await?;
    let size = i64::try_from(staged.len()).map_err(Error::internal)?;
    let sha256 = blobs.commit(staged).await?;
    json_response(&record(&ctx, name, t, size, sha256).await?)
}

/// Content made by the server itself (an archive's print forms), kept as a loose file of the actor.
pub(crate) async fn add(ctx: &Ctx, raw_name: &str, bytes: Vec<u8>) -> Result<File> {
    let name = name::clean(raw_name)?;
    let t = sniff::by_ending(&name)?;
    let blobs = crate::blobs(ctx)?;
    let one = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes.into())]);
    let staged = inspect(name.clone(), t, blobs.stage(one, u64::MAX, None).await?).await?;
    let size = i64::try_from(staged.len()).map_err(Error::internal)?;
    let sha256 = blobs.commit(staged).await?;
    record(ctx, name, t, size, sha256).await
}

async fn inspect(name: String, t: &'static Type, staged: Staged) -> Result<Staged> {
    tokio::task::spawn_blocking(move || {
        sniff::check(&name, t, &mut staged.reader()?)?;
        Ok(staged)
    })
    .await
    .map_err(Error::internal)?
}

async fn record(
    ctx: &Ctx,
    name: String,
    t: &'static Type,
    size: i64,
    sha256: String,
) -> Result<File> {
    let (preview, note) = preview::at_upload(t);
    ctx.write(UPLOAD, move |tx| {
        let f = File {
            id: tx.new_id(),
            name: name.clone(),
            size,
            media_type: t.media_type.to_owned(),
            kind: t.kind,
            sha256: sha256.clone(),
            preview,
            preview_note: note.map(str::to_owned),
        };
        let actor = tx.actor()?.clone();
        store::insert(tx, &f, &actor)?;
        tx.touch(
            "file",
            f.id,
            json!({"name": f.name, "size": size, "sha256": f.sha256}),
        )?;
        if preview == Preview::Pending {
            let now = tx.now();
            tx.job(preview::JOB, json!({"file": f.id}), now, None)?;
        }
        Ok(f)
    })
    .await
}

/// Is a conversion worth trying for this kind of content?
pub(crate) fn convertible(t: &Type) -> bool {
    matches!(t.kind, Kind::Word | Kind::Excel | Kind::Wps) || matches!(t.ext, "ppt" | "pptx")
}
