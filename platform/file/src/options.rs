//! How this installation treats files.
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use zs_base::{Id, Result};
use zs_ctx::Ctx;
use zs_setting::api::SettingDefs;

/// One megabyte.
pub(crate) const MB: u64 = 1024 * 1024;
/// Setting: largest upload.
pub(crate) const MAX_MB: &str = "file.max_mb";
/// Largest upload unless the setting says otherwise, MB.
pub(crate) const DEFAULT_MAX_MB: i64 = 200;
/// What no setting can exceed, MB.
const CAP_MB: i64 = 4096;

/// Where LibreOffice is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Soffice {
    /// Look on `PATH` and in the usual folders when it is needed.
    #[default]
    Find,
    /// Here.
    At(PathBuf),
    /// Do not use it.
    Off,
}

/// A service of the process; without one the defaults hold.
#[derive(Debug)]
pub struct FileOptions {
    /// Largest upload in bytes; replaces the setting `file.max_mb`.
    pub max_bytes: Option<u64>,
    /// LibreOffice, for previews.
    pub soffice: Soffice,
    /// A conversion is killed after this.
    pub convert_timeout: Duration,
    /// Where conversions work; their folders are removed when they are done.
    pub work_dir: PathBuf,
    /// What is being converted; leave it at its default.
    pub conversions: Conversions,
}

/// The conversions of this process, one at a time.
#[derive(Debug)]
pub struct Conversions {
    pub(crate) turn: Semaphore,
    /// Those that wait or run.
    busy: Mutex<BTreeSet<Id>>,
}

impl Default for Conversions {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
            busy: Mutex::default(),
        }
    }
}

impl Conversions {
    /// Marks a conversion as busy; false when it is already.
    pub(crate) fn begin(&self, id: Id) -> bool {
        self.busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id)
    }
    pub(crate) fn end(&self, id: Id) {
        self.busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&id);
    }
}

impl Default for FileOptions {
    fn default() -> Self {
        Self {
            max_bytes: None,
            soffice: Soffice::Find,
            convert_timeout: Duration::from_secs(120),
            work_dir: std::env::temp_dir(),
            conversions: Conversions::default(),
        }
    }
}

impl FileOptions {
    /// The options of the process.
    pub(crate) fn of(ctx: &Ctx) -> Arc<Self> {
        ctx.service::<Self>().unwrap_or_default()
    }
    /// The largest upload now. The setting is read only where the settings module is part of the process.
    pub(crate) async fn limit(&self, ctx: &Ctx) -> Result<u64> {
        if let Some(n) = self.max_bytes {
            return Ok(n);
        }
        let mb = match ctx.service::<SettingDefs>() {
            Ok(_) => {
                ctx.read(|tx| zs_setting::api::get_int(tx, None, MAX_MB, DEFAULT_MAX_MB))
                    .await?
            }
            Err(_) => DEFAULT_MAX_MB,
        };
        Ok(u64::try_from(mb.clamp(1, CAP_MB)).unwrap_or_default() * MB)
    }
}
