//! The store: put, open, verify, freeze, delete.
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Read as _};
use std::ops::Range;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest, Sha256};
use zs_base::{Error, Result};

use crate::dirs::{holds_blobs, list, make_dirs, sync_dir};
use crate::format::MasterKey;
use crate::reader::{BlobReader, IoResult as _};
use crate::staged::{Sink, Staged, sweep};
use crate::{
    BLOB_FROZEN, BLOB_MISSING, DISK_FULL, FILE_TOO_LARGE, UPLOAD_BROKEN, key, megabytes, stream,
};

/// Content collected before a blocking thread is asked to seal it.
const BATCH: usize = 256 * 1024;
/// Free space is looked at again after so many bytes.
const LOOK_EVERY: u64 = 64 * 1024 * 1024;

/// Where and how.
#[derive(Clone, Debug)]
pub struct BlobOptions {
    /// The folder.
    pub root: PathBuf,
    /// The installation key; keep a copy of it elsewhere, without it nothing can be read.
    pub key_file: PathBuf,
    /// Free bytes that uploads leave for the database and the log.
    pub reserve: u64,
    /// A sender that says nothing for so long has hung up.
    pub idle: Duration,
}

impl BlobOptions {
    /// The usual: 512 MB stay free, a minute of silence ends an upload.
    pub fn new(root: impl Into<PathBuf>, key_file: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            key_file: key_file.into(),
            reserve: 512 * 1024 * 1024,
            idle: Duration::from_secs(60),
        }
    }
}

/// The store; cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    options: Arc<BlobOptions>,
    master: Arc<MasterKey>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blobs({})", self.options.root.display())
    }
}

impl Blobs {
    /// Opens the store, makes it (and the key) at the first start, sweeps what a crash left.
    pub fn open(options: BlobOptions) -> Result<Self> {
        for d in ["tmp", "trash"] {
            make_dirs(&options.root.join(d)).ours()?;
        }
        let fresh = !holds_blobs(&options.root).ours()?;
        let master = MasterKey::new(&key::load(&options.key_file, fresh)?)?;
        let swept = sweep(&options.root.join("tmp"))?;
        if swept > 0 {
            tracing::info!(swept, "unfinished uploads were removed");
        }
        Ok(Self {
            options: Arc::new(options),
            master: Arc::new(master),
        })
    }

    /// Takes content in, at most `limit` bytes; reading stops there. `expected` (from `Content-Length`) refuses early.
    pub async fn stage<S, E>(&self, content: S, limit: u64, expected: Option<u64>) -> Result<Staged>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        if expected.is_some_and(|n| n > limit) {
            return Err(FILE_TOO_LARGE.with(&[&megabytes(limit)]));
        }
        self.check_space(expected.unwrap_or_default())?;
        let tmp = self.options.root.join("tmp");
        let mut sink = blocking(move || Sink::new(&tmp, limit)).await?;
        let mut content = std::pin::pin!(content);
        let (mut batch, mut held, mut taken, mut looked) = (Vec::new(), 0, 0u64, 0u64);
        loop {
            let next = tokio::time::timeout(self.options.idle, content.next()).await;
            let Some(part) = next.map_err(|e| UPLOAD_BROKEN.err().because(e))? else {
                break;
            };
            let part = part.map_err(|e| UPLOAD_BROKEN.err().because(e.to_string()))?;
            held += part.len();
            taken += part.len() as u64;
            batch.push(part);
            if held >= BATCH || taken > limit {
                held = 0;
                sink = write(sink, std::mem::take(&mut batch)).await?;
            }
            if taken - looked >= LOOK_EVERY {
                looked = taken;
                self.check_space(0)?;
            }
        }
        sink = write(sink, batch).await?;
        if expected.is_some_and(|n| n != taken) {
            return Err(UPLOAD_BROKEN.err());
        }
        let master = Arc::clone(&self.master);
        blocking(move || sink.finish(&master)).await
    }

    /// Keeps what was staged; the same content is kept once. The SHA-256 of the content.
    pub async fn commit(&self, staged: Staged) -> Result<String> {
        let me = self.clone();
        blocking(move || {
            let (sha, to) = (staged.sha256(), me.path(&staged.sha));
            if !me.restore_blocking(&staged.sha)? || me.reader(&staged.sha).is_err() {
                let dir = to.parent().unwrap_or(&me.options.root);
                make_dirs(dir).ours()?;
                fs::rename(staged.path(), &to).ours()?;
                sync_dir(dir).ours()?;
            }
            Ok(sha)
        })
        .await
    }

    /// Stage and commit.
    pub async fn put<S, E>(&self, content: S, limit: u64) -> Result<String>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        let staged = self.stage(content, limit, None).await?;
        self.commit(staged).await
    }

    /// Puts bytes that are in memory.
    pub async fn put_bytes(&self, bytes: impl Into<Bytes>) -> Result<String> {
        let bytes = bytes.into();
        let one = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        self.put(one, u64::MAX).await
    }

    /// Opens a blob: its header is proven, its chunks as they are read.
    pub async fn open_blob(&self, sha256: &str) -> Result<BlobReader> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || me.reader(&sha)).await
    }

    /// The bytes `range` of a blob; a whole read checks the hash again.
    pub async fn read_range(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
        let reader = self.open_blob(sha256).await?;
        stream::content_stream(reader, range, Some(parse(sha256)?)).ours()
    }

    /// A whole blob in memory, at most `limit` bytes.
    pub async fn read_all(&self, sha256: &str, limit: u64) -> Result<Vec<u8>> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || {
            let mut r = me.reader(&sha)?;
            if r.len() > limit {
                return Err(FILE_TOO_LARGE.with(&[&megabytes(limit)]));
            }
            let mut out = Vec::with_capacity(usize::try_from(r.len()).unwrap_or_default());
            r.read_to_end(&mut out).ours()?;
            if *Sha256::digest(&out) != sha {
                return Err(stream::wrong_hash()).ours();
            }
            Ok(out)
        })
        .await
    }

    /// Reads everything and compares; an error says what is wrong.
    pub async fn verify(&self, sha256: &str) -> Result<()> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || {
            let mut r = me.reader(&sha)?;
            r.prove_empty().ours()?;
            let mut hash = Sha256::new();
            let mut buf = vec![0u8; crate::format::CHUNK];
            loop {
                let n = r.read(&mut buf).ours()?;
                if n == 0 {
                    break;
                }
                hash.update(buf.get(..n).unwrap_or_default());
            }
            if *hash.finalize() == sha {
                Ok(())
            } else {
                Err(stream::wrong_hash()).ours()
            }
        })
        .await
    }

    /// Makes the file read-only (0440); it cannot be deleted any more.
    pub async fn freeze(&self, sha256: &str) -> Result<()> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || {
            me.reader(&sha)?;
            let path = me.path(&sha);
            fs::set_permissions(&path, Permissions::from_mode(0o440)).ours()?;
            File::open(&path).and_then(|f| f.sync_all()).ours()
        })
        .await
    }

    /// Puts a blob into the trash; it can be restored until it is purged, and is by itself when it is read or put again.
    pub async fn delete(&self, sha256: &str, now_ms: i64) -> Result<()> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || {
            let path = me.path(&sha);
            let mode = match fs::metadata(&path) {
                Ok(m) => m.permissions().mode(),
                Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
                Err(e) => return Err(e).ours(),
            };
            if mode & 0o200 == 0 {
                return Err(BLOB_FROZEN.err());
            }
            let to = me.trash().join(format!("{}.{now_ms}", hex::encode(sha)));
            fs::rename(&path, to).ours()?;
            sync_dir(&me.trash()).ours()
        })
        .await
    }

    /// What lies in the trash since before `before_ms`.
    pub async fn trashed(&self, before_ms: i64) -> Result<Vec<String>> {
        let me = self.clone();
        blocking(move || {
            let mut all: Vec<String> = me
                .in_trash()?
                .into_iter()
                .filter(|(_, at, _)| *at < before_ms)
                .map(|(sha, _, _)| sha)
                .collect();
            all.dedup();
            Ok(all)
        })
        .await
    }

    /// Takes a blob out of the trash; false when it is nowhere.
    pub async fn restore(&self, sha256: &str) -> Result<bool> {
        let (me, sha) = (self.clone(), parse(sha256)?);
        blocking(move || me.restore_blocking(&sha)).await
    }

    /// Removes a blob from the trash for good.
    pub async fn purge(&self, sha256: &str) -> Result<()> {
        let (me, sha) = (self.clone(), hex::encode(parse(sha256)?));
        blocking(move || {
            for (s, _, path) in me.in_trash()? {
                if s == sha {
                    fs::remove_file(path).ours()?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Every blob of the store, in order: for a walk that verifies or copies them all.
    pub async fn all(&self) -> Result<Vec<String>> {
        let me = self.clone();
        blocking(move || list(&me.options.root).ours()).await
    }

    /// Is there room for `bytes` more?
    pub fn check_space(&self, bytes: u64) -> Result<()> {
        let s =
            rustix::fs::statvfs(&self.options.root).map_err(|e| Error::internal(e.to_string()))?;
        let free = s.f_bavail.saturating_mul(s.f_frsize);
        let need = bytes.saturating_add(self.options.reserve);
        if free < need {
            return Err(DISK_FULL
                .err()
                .because(format!("{free} bytes free, {need} needed")));
        }
        Ok(())
    }

    fn reader(&self, sha: &[u8; 32]) -> Result<BlobReader> {
        let open = || BlobReader::open(&self.path(sha), &self.master, sha);
        match open() {
            Err(e) if e.kind() == ErrorKind::NotFound => {
                if !self.restore_blocking(sha)? {
                    return Err(BLOB_MISSING.err().because(hex::encode(sha)));
                }
                open().ours()
            }
            other => other.ours(),
        }
    }

    /// True when the blob is in its place (again).
    fn restore_blocking(&self, sha: &[u8; 32]) -> Result<bool> {
        let to = self.path(sha);
        if to.exists() {
            return Ok(true);
        }
        let name = hex::encode(sha);
        let Some((_, _, from)) = self.in_trash()?.into_iter().find(|(s, _, _)| *s == name) else {
            return Ok(false);
        };
        let dir = to.parent().unwrap_or(&self.options.root);
        make_dirs(dir).ours()?;
        fs::rename(from, &to).ours()?;
        sync_dir(dir).ours()?;
        Ok(true)
    }

    fn in_trash(&self) -> Result<Vec<(String, i64, PathBuf)>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(self.trash()).ours()? {
            let entry = entry.ours()?;
            let name = entry.file_name();
            let parts = name.to_str().and_then(|n| n.split_once('.'));
            if let Some((sha, at)) = parts
                && let Ok(at) = at.parse()
            {
                all.push((sha.to_owned(), at, entry.path()));
            }
        }
        all.sort();
        Ok(all)
    }

    fn trash(&self) -> PathBuf {
        self.options.root.join("trash")
    }

    fn path(&self, sha: &[u8; 32]) -> PathBuf {
        let name = hex::encode(sha);
        let part = |a: usize| name.get(a..a + 2).unwrap_or_default();
        self.options.root.join(part(0)).join(part(2)).join(&name)
    }
}

fn parse(sha256: &str) -> Result<[u8; 32]> {
    let lower = sha256
        .bytes()
        .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    hex::decode(sha256)
        .ok()
        .filter(|_| lower)
        .and_then(|b| b.try_into().ok())
        .ok_or_else(|| BLOB_MISSING.err().because("not a SHA-256"))
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(Error::internal)?
}

async fn write(mut sink: Sink, batch: Vec<Bytes>) -> Result<Sink> {
    blocking(move || {
        for part in batch {
            sink.write(&part)?;
        }
        Ok(sink)
    })
    .await
}
