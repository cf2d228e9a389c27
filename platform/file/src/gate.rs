//! Who may read a file: its uploader while it is loose, then whoever may read a subject that it hangs on.
use std::sync::Arc;

use zs_base::{Id, Result};
use zs_ctx::{Actor, Services};
use zs_db::Tx;

/// Answers for one kind of subject; the module that owns the subject puts it into [`FileGates`].
pub trait FileGate: Send + Sync {
    /// The `subject_kind` it answers for, e.g. `incoming`.
    fn kind(&self) -> &str;
    /// May `actor` read that subject? The same rule as the subject's own page.
    fn may_read(&self, tx: &mut Tx<'_>, actor: &Actor, subject_id: Id) -> Result<bool>;
}

/// The gates of all modules, a service of the process; a kind without a gate is closed.
#[derive(Clone, Default)]
pub struct FileGates(pub Vec<Arc<dyn FileGate>>);

impl FileGates {
    /// The gates of a process; none when nobody registered any.
    pub fn of(services: &Services) -> Arc<Self> {
        services.get::<Self>().unwrap_or_default()
    }
    pub(crate) fn opens(
        &self,
        tx: &mut Tx<'_>,
        actor: &Actor,
        kind: &str,
        subject: Id,
    ) -> Result<bool> {
        for g in self.0.iter().filter(|g| g.kind() == kind) {
            if g.may_read(tx, actor, subject)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl std::fmt::Debug for FileGates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|g| g.kind().to_owned()))
            .finish()
    }
}
