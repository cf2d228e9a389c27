//! Previews: what a page can show itself is ready at once; office documents are converted to PDF by LibreOffice.
use serde::Deserialize;
use serde_json::{Value, json};
use zs_base::{Error, Id, Kind as ErrorKind, Result};
use zs_ctx::{Ctx, Op};
use zs_db::vals;

use crate::model::{Kind, Preview};
use crate::office::{self, Outcome};
use crate::options::FileOptions;
use crate::sniff::Type;
use crate::store::{self, Stored};
use crate::upload::convertible;

/// Kind of the job that starts a conversion.
pub(crate) const JOB: &str = "file.preview";
/// Kind of the job that looks for conversions that a stopped server left.
pub(crate) const AGAIN_JOB: &str = "file.preview_again";
/// A conversion that is pending for longer is started again.
const LOST_MS: i64 = 15 * 60_000;
/// A converted document is at most so long.
const MAX_PDF: u64 = 512 * 1024 * 1024;

pub(crate) const NO_OFFICE: &str = "本机未安装 LibreOffice，不能在线预览，请下载查看";
const NOT_SHOWN: &str = "这种文件不能在线预览，请下载查看";
const OFD: &str = "暂不能在线预览 OFD 文件，请下载后用阅读器查看";
const PICTURE: &str = "浏览器不能显示这种图片，请下载查看";
const WAITING: &str = "正在转换，请稍候再看";
const FAILED: &str = "没能转换成可预览的格式，文件本身不受影响，请下载查看";
const TOO_SLOW: &str = "文件太复杂，转换超时，请下载查看";

const CONVERT: Op = Op {
    key: "file.preview",
    title: "生成预览",
};

/// State and note of a fresh upload.
pub(crate) fn at_upload(t: &Type) -> (Preview, Option<&'static str>) {
    if convertible(t) {
        return (Preview::Pending, Some(WAITING));
    }
    match (t.kind, t.ext) {
        (Kind::Pdf, _) | (Kind::Image, "jpg" | "jpeg" | "png") => (Preview::Ready, None),
        (Kind::Image, _) => (Preview::Unavailable, Some(PICTURE)),
        (Kind::Ofd, _) => (Preview::Unavailable, Some(OFD)),
        _ => (Preview::Unavailable, Some(NOT_SHOWN)),
    }
}

#[derive(Deserialize)]
struct Payload {
    file: Id,
}

/// Starts the conversion and returns: it may take two minutes, and the queue has other work. When the server stops
/// meanwhile, [`again`] starts it anew.
pub(crate) async fn start(ctx: Ctx, payload: Value) -> Result<()> {
    let p: Payload = serde_json::from_value(payload).map_err(Error::internal)?;
    let s = match ctx.read(move |tx| store::get(tx, p.file)).await {
        Ok(s) if s.file.preview == Preview::Pending => s,
        Err(e) if e.kind != ErrorKind::NotFound => return Err(e),
        _ => return Ok(()),
    };
    let options = FileOptions::of(&ctx);
    let Some(program) = office::find(&options.soffice) else {
        return finish(&ctx, p.file, Preview::Unavailable, None, Some(NO_OFFICE)).await;
    };
    if !options.conversions.begin(p.file) {
        return Ok(());
    }
    tokio::spawn(async move {
        let turn = options.conversions.turn.acquire().await;
        if let Err(e) = convert(&ctx, &options, &program, &s).await {
            tracing::error!(file = %s.file.id, error = ?e, "a preview could not be made");
        }
        drop(turn);
        options.conversions.end(s.file.id);
    });
    Ok(())
}

async fn convert(
    ctx: &Ctx,
    options: &FileOptions,
    program: &std::path::Path,
    s: &Stored,
) -> Result<()> {
    let id = s.file.id;
    let sha = s.file.sha256.clone();
    let done = ctx
        .read(move |tx| {
            tx.opt(store::READY_OF, vals![sha])?
                .map(|r| r.get::<String>(0))
                .transpose()
        })
        .await?;
    if let Some(pdf) = done {
        return finish(ctx, id, Preview::Ready, Some(pdf), None).await;
    }
    let blobs = crate::blobs(ctx)?;
    let content = blobs.open_blob(&s.file.sha256).await?;
    let ext = crate::name::ending(&s.file.name).to_owned();
    match office::to_pdf(options, program, content, &ext).await? {
        Outcome::Pdf(pdf) => {
            let content = tokio::fs::File::open(pdf.path())
                .await
                .map_err(Error::internal)?;
            let sha = blobs.put(office::file_stream(content), MAX_PDF).await?;
            drop(pdf);
            finish(ctx, id, Preview::Ready, Some(sha), None).await
        }
        Outcome::Failed => finish(ctx, id, Preview::Failed, None, Some(FAILED)).await,
        Outcome::TooSlow => finish(ctx, id, Preview::Failed, None, Some(TOO_SLOW)).await,
    }
}

async fn finish(
    ctx: &Ctx,
    id: Id,
    state: Preview,
    pdf: Option<String>,
    note: Option<&'static str>,
) -> Result<()> {
    ctx.write(CONVERT, move |tx| {
        tx.exec(store::SET_PREVIEW, vals![id, state.name(), &pdf, note])?;
        tx.touch("file", id, json!({"preview": state}))
    })
    .await
}

/// Starts lost conversions again.
pub(crate) async fn again(ctx: Ctx, _: Value) -> Result<()> {
    let before = ctx.now() - LOST_MS;
    let lost: Vec<Id> = ctx
        .read(move |tx| {
            tx.query(store::LOST_PREVIEWS, vals![before])?
                .iter()
                .map(|r| r.get(0))
                .collect()
        })
        .await?;
    for id in lost {
        start(ctx.clone(), json!({"file": id})).await?;
    }
    Ok(())
}
