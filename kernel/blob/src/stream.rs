//! Content as a stream of bytes, read by blocking threads.
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use sha2::{Digest, Sha256};

use crate::reader::BlobReader;
use crate::{BLOB_DAMAGED, format};

/// Bytes per item.
const STEP: u64 = 4 * format::CHUNK as u64;

struct State {
    reader: BlobReader,
    left: u64,
    hash: Option<(Sha256, [u8; 32])>,
}

impl State {
    fn step(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.left == 0 {
            return Ok(None);
        }
        let n = self.left.min(STEP);
        let mut buf = vec![0u8; usize::try_from(n).unwrap_or_default()];
        self.reader.read_exact(&mut buf)?;
        self.left -= n;
        if let Some((hash, _)) = &mut self.hash {
            hash.update(&buf);
        }
        if self.left == 0
            && let Some((hash, want)) = self.hash.take()
            && *hash.finalize() != want
        {
            return Err(wrong_hash());
        }
        Ok(Some((Bytes::from(buf), self)))
    }
}

pub(crate) fn wrong_hash() -> io::Error {
    let e = BLOB_DAMAGED.err().because("the content has another hash");
    io::Error::new(ErrorKind::InvalidData, e)
}

/// The bytes `range` of an open blob. When it is the whole of it and `sha` is given, the hash is checked again at the end.
pub fn content_stream(
    mut reader: BlobReader,
    range: Range<u64>,
    sha: Option<[u8; 32]>,
) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
    let end = range.end.min(reader.len());
    let whole = range.start == 0 && end == reader.len();
    reader.seek(SeekFrom::Start(range.start))?;
    let state = State {
        left: end.saturating_sub(range.start),
        reader,
        hash: sha.filter(|_| whole).map(|s| (Sha256::new(), s)),
    };
    Ok(stream::try_unfold(state, |s| async move {
        tokio::task::spawn_blocking(move || s.step())
            .await
            .map_err(io::Error::other)?
    }))
}
