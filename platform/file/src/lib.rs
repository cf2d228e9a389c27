//! 文件: uploads, links to the subjects they hang on, downloads, previews. See README.md.
#![forbid(unsafe_code)]

pub mod api;
mod gate;
mod jobs;
mod model;
mod name;
mod office;
mod options;
mod preview;
mod range;
mod serve;
mod sniff;
mod store;
mod upload;

use std::sync::Arc;

use zs_base::Result;
use zs_blob::Blobs;
use zs_ctx::{Ctx, Gate};
use zs_db::Migration;
use zs_job::JobKind;
use zs_module::{Layer, Module, SettingDef};
use zs_web::{Method, Routes};

pub use gate::{FileGate, FileGates};
pub use model::{File, Kind, LinkedFile, Preview, Role};
pub use options::{Conversions, FileOptions, Soffice};

/// Tables of files.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "file",
    version: 1,
    sql: include_str!("../migrations.sql"),
}];

zs_base::codes! {
    FILE_FROZEN: Rule "文件已归档，不能再更换或删除",
    FILE_IN_USE: Rule "文件已用在公文里，请打开公文，在附件栏中移除",
    FILE_NAME_REFUSED: Invalid "文件名不能使用：{}，请改名后再上传",
    FILE_TYPE_REFUSED: Rule "不能上传“{}”，它其实是{}。可以上传 PDF、OFD、Word、Excel、PPT、WPS、图片（jpg、png、tif、bmp）和纯文本文件",
    PREVIEW_NOT_READY: NotFound "这个文件现在不能预览：{}",
}

/// Half an hour.
const HALF_HOUR: i64 = 30 * 60_000;

pub(crate) const FREEZE_JOB: &str = "file.freeze";
pub(crate) const DROP_JOB: &str = "file.drop";

pub(crate) fn blobs(ctx: &Ctx) -> Result<Arc<Blobs>> {
    ctx.service::<Blobs>()
}

const SETTINGS: &[SettingDef] = &[SettingDef {
    key: options::MAX_MB,
    title: "单个文件上限（MB）",
    kind: "int",
    default: "200",
    help: "上传的单个文件不能超过这个大小，1 至 4096",
}];

/// The module. It needs the services [`Blobs`] and, once subjects have files, [`FileGates`]; [`FileOptions`] is optional.
pub fn module() -> Module {
    let mut m = Module::new("file", "文件", Layer::Platform);
    m.migrations = MIGRATIONS;
    m.settings = SETTINGS;
    m.routes = Routes::new()
        .raw(
            Method::Post,
            "/files",
            Gate::SignedIn,
            "上传文件",
            upload::upload,
        )
        .get("/files/{id}", Gate::SignedIn, "查看文件信息", serve::info)
        .raw(
            Method::Get,
            "/files/{id}/content",
            Gate::SignedIn,
            "下载文件",
            serve::content,
        )
        .raw(
            Method::Get,
            "/files/{id}/preview",
            Gate::SignedIn,
            "预览文件",
            serve::preview,
        )
        .delete("/files/{id}", Gate::SignedIn, "删除文件", serve::delete);
    m.jobs = vec![
        JobKind::new(preview::JOB, "生成文件预览", preview::start),
        JobKind::new(preview::AGAIN_JOB, "续做中断的文件预览", preview::again).every(HALF_HOUR),
        JobKind::new(FREEZE_JOB, "封存归档文件", jobs::freeze),
        JobKind::new(DROP_JOB, "清理文件内容", jobs::drop_content),
        JobKind::new("file.sweep", "清理未使用的上传", jobs::sweep).every(HALF_HOUR),
    ];
    m.codes = &[CODES, zs_blob::CODES];
    m.statements = &[store::STATEMENTS];
    m
}
