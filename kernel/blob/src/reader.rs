//! Reading the content of a sealed file; only the chunks that are touched are opened.
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use zs_base::{Error, Result};

use crate::BLOB_DAMAGED;
use crate::format::{CHUNK, DataKey, HEADER, MasterKey, TAG, chunks, file_size, open_header};

/// The content of a blob: `Read + Seek`, blocking.
pub struct BlobReader {
    file: File,
    key: DataKey,
    len: u64,
    pos: u64,
    /// The chunk opened last.
    at: Option<u64>,
    chunk: Vec<u8>,
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobReader({} of {})", self.pos, self.len)
    }
}

impl BlobReader {
    pub(crate) fn open(path: &Path, master: &MasterKey, sha: &[u8; 32]) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut head = [0u8; HEADER];
        file.read_exact(&mut head).map_err(|e| match e.kind() {
            ErrorKind::UnexpectedEof => damaged("the file is shorter than its header"),
            _ => e,
        })?;
        let (key, len) = open_header(master, &head, sha).map_err(wrap)?;
        if file.metadata()?.len() != file_size(len) {
            return Err(damaged("the file has another size than its header says"));
        }
        Ok(Self {
            file,
            key,
            len,
            pos: 0,
            at: None,
            chunk: Vec::new(),
        })
    }
    /// Bytes of the content.
    pub fn len(&self) -> u64 {
        self.len
    }
    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    fn load(&mut self, index: u64) -> io::Result<()> {
        if self.at == Some(index) {
            return Ok(());
        }
        self.at = None;
        let last = index + 1 == chunks(self.len);
        let start = index * CHUNK as u64;
        let size = usize::try_from((self.len - start).min(CHUNK as u64)).unwrap_or(CHUNK) + TAG;
        self.file.seek(SeekFrom::Start(
            HEADER as u64 + index * (CHUNK + TAG) as u64,
        ))?;
        self.chunk.clear();
        self.chunk.resize(size, 0);
        self.file.read_exact(&mut self.chunk)?;
        self.key.open(index, last, &mut self.chunk).map_err(wrap)?;
        self.at = Some(index);
        Ok(())
    }
    /// Opens the only chunk of an empty blob too, so that it is proven like any other.
    pub(crate) fn prove_empty(&mut self) -> io::Result<()> {
        if self.len == 0 { self.load(0) } else { Ok(()) }
    }
}

impl Read for BlobReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.pos >= self.len || buf.is_empty() {
            return Ok(0);
        }
        self.load(self.pos / CHUNK as u64)?;
        let skip = usize::try_from(self.pos % CHUNK as u64).unwrap_or_default();
        let mut have = self.chunk.get(skip..).unwrap_or_default();
        let n = have.read(buf)?;
        self.pos += n as u64;
        Ok(n)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(p) => Some(p),
            SeekFrom::End(d) => self.len.checked_add_signed(d),
            SeekFrom::Current(d) => self.pos.checked_add_signed(d),
        };
        self.pos = target.ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
        Ok(self.pos)
    }
}

fn damaged(what: &'static str) -> io::Error {
    wrap(BLOB_DAMAGED.err().because(what))
}

fn wrap(e: Error) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, e)
}

/// The one error inside an I/O error of ours, or an internal one.
#[track_caller]
pub(crate) fn unwrap(e: io::Error) -> Error {
    if matches!(e.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        return crate::DISK_FULL.err().because(e);
    }
    if e.get_ref().is_some_and(|x| x.is::<Error>()) {
        return match e.into_inner().map(|x| x.downcast::<Error>()) {
            Some(Ok(x)) => *x,
            _ => Error::internal("lost error"),
        };
    }
    Error::internal(e)
}

/// `Result` of the one error from I/O.
pub(crate) trait IoResult<T> {
    #[track_caller]
    fn ours(self) -> Result<T>;
}
impl<T> IoResult<T> for io::Result<T> {
    #[track_caller]
    fn ours(self) -> Result<T> {
        match self {
            Ok(v) => Ok(v),
            Err(e) => Err(unwrap(e)),
        }
    }
}
