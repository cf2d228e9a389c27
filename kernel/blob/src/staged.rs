//! A blob on its way in: sealed into a temporary file that vanishes unless it is committed.
use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use zs_base::{Error, Result, random_token};

use crate::format::{CHUNK, DataKey, HEADER, MasterKey, TAG, new_data_key, seal_header};
use crate::reader::{BlobReader, IoResult as _};
use crate::{FILE_TOO_LARGE, megabytes};

/// A temporary file that removes itself. Its lock tells a sweeper that somebody is still writing.
struct Temp {
    path: PathBuf,
    file: File,
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Takes content in and seals it; the blocking half of an upload.
pub(crate) struct Sink {
    temp: Temp,
    key: DataKey,
    key_bytes: [u8; 32],
    hash: Sha256,
    len: u64,
    limit: u64,
    index: u64,
    buf: Vec<u8>,
}

impl Sink {
    pub(crate) fn new(tmp: &Path, limit: u64) -> Result<Self> {
        let path = tmp.join(random_token()?);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .ours()?;
        let mut temp = Temp { path, file };
        temp.file
            .try_lock()
            .map_err(|e| Error::internal(e.to_string()))?;
        temp.file.write_all(&[0; HEADER]).ours()?;
        let (key, key_bytes) = new_data_key()?;
        Ok(Self {
            temp,
            key,
            key_bytes,
            hash: Sha256::new(),
            len: 0,
            limit,
            index: 0,
            buf: Vec::with_capacity(CHUNK + TAG),
        })
    }
    /// More content; over the limit is an error, and the temporary file goes with the sink.
    pub(crate) fn write(&mut self, mut data: &[u8]) -> Result<()> {
        self.len += data.len() as u64;
        if self.len > self.limit {
            return Err(FILE_TOO_LARGE.with(&[&megabytes(self.limit)]));
        }
        self.hash.update(data);
        while !data.is_empty() {
            if self.buf.len() == CHUNK {
                self.flush(false)?;
            }
            let (now, later) = data
                .split_at_checked(CHUNK - self.buf.len())
                .unwrap_or((data, &[]));
            self.buf.extend_from_slice(now);
            data = later;
        }
        Ok(())
    }
    /// Seals the chunk in the buffer. A full one waits until it is known whether it is the last.
    fn flush(&mut self, last: bool) -> Result<()> {
        self.key.seal(self.index, last, &mut self.buf)?;
        self.index += 1;
        self.temp.file.write_all(&self.buf).ours()?;
        self.buf.clear();
        Ok(())
    }
    /// The last chunk, the header, and everything down to the disk.
    pub(crate) fn finish(mut self, master: &Arc<MasterKey>) -> Result<Staged> {
        self.flush(true)?;
        let sha: [u8; 32] = self.hash.finalize().into();
        let head = seal_header(master, &self.key_bytes, self.len, &sha)?;
        let f = &mut self.temp.file;
        f.seek(SeekFrom::Start(0)).ours()?;
        f.write_all(&head).ours()?;
        f.sync_all().ours()?;
        Ok(Staged {
            temp: self.temp,
            master: Arc::clone(master),
            sha,
            len: self.len,
        })
    }
}

/// Content that has arrived, may be looked at, and is not in the store yet. Dropping it forgets it.
pub struct Staged {
    temp: Temp,
    master: Arc<MasterKey>,
    pub(crate) sha: [u8; 32],
    len: u64,
}

impl std::fmt::Debug for Staged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Staged({}, {})", self.sha256(), self.len)
    }
}

impl Staged {
    /// SHA-256 of the content, hex.
    pub fn sha256(&self) -> String {
        hex::encode(self.sha)
    }
    /// Bytes.
    pub fn len(&self) -> u64 {
        self.len
    }
    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// A look inside; blocking.
    pub fn reader(&self) -> Result<BlobReader> {
        BlobReader::open(&self.temp.path, &self.master, &self.sha).ours()
    }
    pub(crate) fn path(&self) -> &Path {
        &self.temp.path
    }
}

/// Removes what a crash left behind; what another process is writing stays.
pub(crate) fn sweep(tmp: &Path) -> Result<usize> {
    let mut n = 0;
    for entry in fs::read_dir(tmp).ours()? {
        let path = entry.ours()?.path();
        let Ok(f) = File::open(&path) else { continue };
        if f.try_lock().is_ok() {
            fs::remove_file(&path).ours()?;
            n += 1;
        }
    }
    Ok(n)
}
