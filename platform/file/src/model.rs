//! What a file is to its readers.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};

/// What a page does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Pdf,
    Image,
    Word,
    Excel,
    Ofd,
    Wps,
    Other,
}

impl Kind {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Image => "image",
            Self::Word => "word",
            Self::Excel => "excel",
            Self::Ofd => "ofd",
            Self::Wps => "wps",
            Self::Other => "other",
        }
    }
    pub(crate) fn parse(s: &str) -> Result<Self> {
        let all = [
            Self::Pdf,
            Self::Image,
            Self::Word,
            Self::Excel,
            Self::Ofd,
            Self::Wps,
            Self::Other,
        ];
        all.into_iter()
            .find(|k| k.name() == s)
            .ok_or_else(|| Error::internal(format!("file kind {s}")))
    }
}

/// Can it be looked at in the page?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Preview {
    /// Being converted.
    Pending,
    /// Yes.
    Ready,
    /// The conversion failed; the note says so.
    Failed,
    /// No; the note says why.
    Unavailable,
}

impl Preview {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Unavailable => "unavailable",
        }
    }
    pub(crate) fn parse(s: &str) -> Result<Self> {
        let all = [Self::Pending, Self::Ready, Self::Failed, Self::Unavailable];
        all.into_iter()
            .find(|k| k.name() == s)
            .ok_or_else(|| Error::internal(format!("preview state {s}")))
    }
}

/// Place of a file on its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 正文.
    Body,
    /// 附件.
    Attachment,
}

impl Role {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Attachment => "attachment",
        }
    }
    pub(crate) fn parse(s: &str) -> Result<Self> {
        match s {
            "body" => Ok(Self::Body),
            "attachment" => Ok(Self::Attachment),
            _ => Err(Error::internal(format!("file role {s}"))),
        }
    }
}

/// A file as the interface sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// Id.
    pub id: Id,
    /// Name with its ending.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type, found by looking inside.
    pub media_type: String,
    /// What a page does with it.
    pub kind: Kind,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// Can it be looked at in the page?
    pub preview: Preview,
    /// Why not, Chinese.
    pub preview_note: Option<String>,
}

/// A file on its subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkedFile {
    /// The file.
    #[serde(flatten)]
    pub file: File,
    /// 正文 or 附件.
    pub role: Role,
    /// Order, from 0.
    pub sort: i64,
}
