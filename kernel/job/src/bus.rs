//! Hints for open pages: who should look again. Never a truth; a page that missed one reads the tables.
use tokio::sync::broadcast;
use zs_base::Id;

/// A hint.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The identities that it concerns; empty = everyone.
    pub identities: Vec<Id>,
    /// `counts` or `changed`.
    pub kind: &'static str,
    /// JSON for the page.
    pub data: serde_json::Value,
}

/// The process-wide hub.
#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Notice>);

impl Default for Bus {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Bus {
    /// Sends a hint to whoever listens.
    pub fn send(&self, n: Notice) {
        // Nobody listening is fine.
        let _ = self.0.send(n);
    }
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.0.subscribe()
    }
}
