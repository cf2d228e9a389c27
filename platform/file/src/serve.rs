//! Reading and deleting: `GET /files/{id}`, `/content`, `/preview`, `DELETE`.
use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Ctx, Op};
use zs_db::vals;
use zs_web::{Empty, Response, attachment_name};

use crate::gate::FileGates;
use crate::model::{File, Preview};
use crate::store::Stored;
use crate::{DROP_JOB, FILE_FROZEN, FILE_IN_USE, PREVIEW_NOT_READY, api, range, store};

const DELETE: Op = Op {
    key: "file.delete",
    title: "删除文件",
};

/// Media types that a browser may show in the page: none of them can carry script of ours.
const INLINE: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

/// Which file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct FileArgs {
    /// Id.
    id: Id,
}

async fn readable(ctx: &Ctx, id: Id) -> Result<Stored> {
    let actor = ctx.actor()?.clone();
    let gates = FileGates::of(&ctx.app().services);
    ctx.read(move |tx| api::readable(tx, &gates, &actor, id))
        .await
}

pub(crate) async fn info(ctx: Ctx, a: FileArgs) -> Result<File> {
    Ok(readable(&ctx, a.id).await?.file)
}

pub(crate) async fn content(ctx: Ctx, a: FileArgs, req: Request<Body>) -> Result<Response> {
    let f = readable(&ctx, a.id).await?.file;
    let what = Answer {
        sha256: f.sha256,
        media_type: f.media_type,
        name: f.name,
        inline: false,
    };
    answer(&ctx, what, req.headers()).await
}

pub(crate) async fn preview(ctx: Ctx, a: FileArgs, req: Request<Body>) -> Result<Response> {
    let s = readable(&ctx, a.id).await?;
    if s.file.preview != Preview::Ready {
        let note = s.file.preview_note.unwrap_or_default();
        return Err(PREVIEW_NOT_READY.with(&[&note]));
    }
    let what = match s.preview_sha256 {
        Some(sha256) => Answer {
            sha256,
            media_type: "application/pdf".to_owned(),
            name: format!("{}.pdf", s.file.name),
            inline: true,
        },
        None => Answer {
            inline: INLINE.contains(&s.file.media_type.as_str()),
            sha256: s.file.sha256,
            media_type: s.file.media_type,
            name: s.file.name,
        },
    };
    answer(&ctx, what, req.headers()).await
}

struct Answer {
    sha256: String,
    media_type: String,
    name: String,
    inline: bool,
}

async fn answer(ctx: &Ctx, what: Answer, asked: &HeaderMap) -> Result<Response> {
    let get = |h: header::HeaderName| asked.get(h).and_then(|v| v.to_str().ok());
    let etag = format!("\"{}\"", what.sha256);
    let value = |s: &str| HeaderValue::from_str(s).map_err(Error::internal);
    let mut r = Response::new(Body::empty());
    let h = r.headers_mut();
    h.insert(header::ETAG, value(&etag)?);
    // Kept by the browser, but asked for every time: the permission may have gone.
    h.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    h.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    h.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    let known = get(header::IF_NONE_MATCH).is_some_and(|v| {
        v.split(',')
            .any(|e| e.trim().trim_start_matches("W/") == etag)
    });
    if known {
        *r.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(r);
    }
    h.insert(header::CONTENT_TYPE, value(&what.media_type)?);
    h.insert(
        header::CONTENT_DISPOSITION,
        attachment_name(&what.name, what.inline)?,
    );
    let csp = if what.inline {
        "default-src 'none'; object-src 'self'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    } else {
        "default-src 'none'; sandbox"
    };
    h.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(csp),
    );
    let blobs = crate::blobs(ctx)?;
    let len = blobs.open_blob(&what.sha256).await?.len();
    let fresh = get(header::IF_RANGE).is_none_or(|v| v == etag);
    let wanted: Range<u64> = match get(header::RANGE)
        .filter(|_| fresh)
        .map(|v| range::parse(v, len))
    {
        None | Some(range::Asked::Whole) => 0..len,
        Some(range::Asked::Part(p)) => {
            let text = format!("bytes {}-{}/{len}", p.start, p.end.saturating_sub(1));
            h.insert(header::CONTENT_RANGE, value(&text)?);
            *r.status_mut() = StatusCode::PARTIAL_CONTENT;
            p
        }
        Some(range::Asked::Outside) => {
            h.insert(header::CONTENT_RANGE, value(&format!("bytes */{len}"))?);
            *r.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            return Ok(r);
        }
    };
    let h = r.headers_mut();
    h.insert(
        header::CONTENT_LENGTH,
        HeaderValue::from(wanted.end - wanted.start),
    );
    *r.body_mut() = Body::from_stream(blobs.read_range(&what.sha256, wanted).await?);
    Ok(r)
}

pub(crate) async fn delete(ctx: Ctx, a: FileArgs) -> Result<Empty> {
    let gates = FileGates::of(&ctx.app().services);
    ctx.write(DELETE, move |tx| {
        let actor = tx.actor()?.clone();
        let s = api::readable(tx, &gates, &actor, a.id)?;
        if s.frozen {
            return Err(FILE_FROZEN.err());
        }
        if !s.loose {
            return Err(FILE_IN_USE.err());
        }
        tx.exec_one(store::DELETE_LOOSE, vals![a.id])?;
        tx.touch("file", a.id, json!({"name": s.file.name}))?;
        let mut hashes = vec![s.file.sha256];
        hashes.extend(s.preview_sha256);
        let now = tx.now();
        tx.job(DROP_JOB, json!({"hashes": hashes}), now, None)?;
        Ok(Empty {})
    })
    .await
}
