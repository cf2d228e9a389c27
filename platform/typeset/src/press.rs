//! The process's one typesetter, warmed at the first print: most servers never print at night, and fonts are heavy.
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use crate::{PrintDoc, TypesetError, Typesetter};

/// Prints in the background, a few forms at a time.
#[derive(Debug)]
pub struct Press {
    dirs: Vec<PathBuf>,
    warm: OnceLock<Result<Typesetter, TypesetError>>,
    permits: Semaphore,
}

impl Press {
    /// A press over these font folders; nothing is loaded yet.
    pub fn new(dirs: Vec<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            dirs,
            warm: OnceLock::new(),
            permits: Semaphore::new(cores),
        }
    }
    /// The form as PDF.
    ///
    /// # Errors
    /// What [`Typesetter::pdf`] says, or that fonts are missing.
    pub async fn pdf(self: &Arc<Self>, doc: PrintDoc) -> Result<Vec<u8>, TypesetError> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|e| TypesetError::Layout(e.to_string()))?;
        let me = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            match me.warm.get_or_init(|| Typesetter::new(&me.dirs)) {
                Ok(t) => t.pdf(&doc),
                Err(e) => Err(e.clone()),
            }
        })
        .await
        .map_err(|e| TypesetError::Layout(e.to_string()))?
    }
}
