//! Files: uploads, links to the subjects they hang on, downloads, previews. See README.md.
#![forbid(unsafe_code)]

pub mod api;
mod gate;
mod model;
mod store;

use zs_db::Migration;
use zs_module::{Layer, Module};

pub use gate::{FileGate, FileGates};
pub use model::{File, Kind, LinkedFile, Preview, Role};

/// Tables of files.
pub const MIGRATIONS: &[Migration] = &[Migration {
    module: "file",
    version: 1,
    sql: include_str!("../migrations.sql"),
}];

zs_base::codes! {
    FILE_FROZEN: Rule "文件已归档，不能再更换或删除",
}

pub(crate) const FREEZE_JOB: &str = "file.freeze";

/// The module.
pub fn module() -> Module {
    let mut m = Module::new("file", "文件", Layer::Platform);
    m.migrations = MIGRATIONS;
    m.codes = &[CODES];
    m.statements = &[store::STATEMENTS];
    m
}
