//! The sealed form of a blob: a header with the wrapped data key, then chunks of 64 KiB, each sealed on its own.
//!
//! Every byte of the file is authenticated: the header is the associated data of the key's wrapping, together with the
//! length and the hash of the content, so a blob that was cut, extended or put under another name does not open; a
//! chunk's place and "I am the last" stand in its nonce and associated data, so chunks cannot change places.
use aes_gcm::aead::{AeadInOut, Nonce};
use aes_gcm::{Aes256Gcm, KeyInit};
use sha2::{Digest, Sha256};
use zs_base::{Error, Result, random_bytes};

use crate::{BLOB_DAMAGED, BLOB_KEY};

/// Content bytes per chunk.
pub(crate) const CHUNK: usize = 64 * 1024;
/// Bytes that sealing adds to a chunk.
pub(crate) const TAG: usize = 16;
/// Bytes before the first chunk.
pub(crate) const HEADER: usize = MAGIC.len() + 8 + 8 + 12 + 32 + TAG;
const MAGIC: [u8; 8] = *b"ZSBLOB\x01\n";

/// The installation's key, under which every data key is wrapped.
pub(crate) struct MasterKey {
    cipher: Aes256Gcm,
    id: [u8; 8],
}

impl MasterKey {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self> {
        let digest = Sha256::new()
            .chain_update(b"zs-blob key id")
            .chain_update(key)
            .finalize();
        Ok(Self {
            cipher: cipher(key)?,
            id: *digest.first_chunk().ok_or_else(bug)?,
        })
    }
}

/// The key of one blob.
pub(crate) struct DataKey(Aes256Gcm);

/// Makes a data key; its bytes are needed once more for the header.
pub(crate) fn new_data_key() -> Result<(DataKey, [u8; 32])> {
    let key = random_bytes::<32>()?;
    Ok((DataKey(cipher(&key)?), key))
}

impl DataKey {
    /// Seals chunk `index` in place.
    pub(crate) fn seal(&self, index: u64, last: bool, chunk: &mut Vec<u8>) -> Result<()> {
        self.0
            .encrypt_in_place(&nonce(index, last)?, &aad(index, last), chunk)
            .map_err(|_| bug())
    }
    /// Opens chunk `index` in place.
    pub(crate) fn open(&self, index: u64, last: bool, chunk: &mut Vec<u8>) -> Result<()> {
        self.0
            .decrypt_in_place(&nonce(index, last)?, &aad(index, last), chunk)
            .map_err(|_| {
                BLOB_DAMAGED
                    .err()
                    .because(format!("chunk {index} does not open"))
            })
    }
}

/// The header of a blob of `len` bytes whose content hashes to `sha`.
pub(crate) fn seal_header(
    master: &MasterKey,
    data_key: &[u8; 32],
    len: u64,
    sha: &[u8; 32],
) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEADER);
    head.extend(MAGIC);
    head.extend(master.id);
    head.extend(len.to_be_bytes());
    let wrap_nonce = random_bytes::<12>()?;
    head.extend(wrap_nonce);
    let mut wrapped = data_key.to_vec();
    let aad: Vec<u8> = head.iter().chain(sha).copied().collect();
    let nonce = Nonce::<Aes256Gcm>::try_from(wrap_nonce.as_slice()).map_err(|_| bug())?;
    master
        .cipher
        .encrypt_in_place(&nonce, &aad, &mut wrapped)
        .map_err(|_| bug())?;
    head.extend(wrapped);
    Ok(head)
}

/// The data key and the length of a blob, proven to be the one named `sha`.
pub(crate) fn open_header(
    master: &MasterKey,
    head: &[u8; HEADER],
    sha: &[u8; 32],
) -> Result<(DataKey, u64)> {
    let bad = |what: &'static str| BLOB_DAMAGED.err().because(what);
    let (plain, wrapped) = head.split_at_checked(HEADER - 32 - TAG).ok_or_else(bug)?;
    let rest = plain
        .strip_prefix(&MAGIC)
        .ok_or_else(|| bad("not a blob"))?;
    let (id, rest) = rest.split_first_chunk::<8>().ok_or_else(bug)?;
    let (len, wrap_nonce) = rest.split_first_chunk::<8>().ok_or_else(bug)?;
    if *id != master.id {
        return Err(BLOB_KEY.err());
    }
    let aad: Vec<u8> = plain.iter().chain(sha).copied().collect();
    let nonce = Nonce::<Aes256Gcm>::try_from(wrap_nonce).map_err(|_| bug())?;
    let mut key = wrapped.to_vec();
    master
        .cipher
        .decrypt_in_place(&nonce, &aad, &mut key)
        .map_err(|_| bad("the header does not open"))?;
    let key: [u8; 32] = key.try_into().map_err(|_| bug())?;
    Ok((DataKey(cipher(&key)?), u64::from_be_bytes(*len)))
}

/// How many chunks hold `len` bytes; an empty blob has one, empty.
pub(crate) fn chunks(len: u64) -> u64 {
    len.div_ceil(CHUNK as u64).max(1)
}

/// Size of the file of a blob of `len` bytes.
pub(crate) fn file_size(len: u64) -> u64 {
    len.saturating_add(HEADER as u64)
        .saturating_add(chunks(len).saturating_mul(TAG as u64))
}

fn cipher(key: &[u8; 32]) -> Result<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key).map_err(|_| bug())
}

fn nonce(index: u64, last: bool) -> Result<Nonce<Aes256Gcm>> {
    Nonce::<Aes256Gcm>::try_from(aad(index, last).as_slice()).map_err(|_| bug())
}

/// `000 last` and the counter: unique under a data key, which seals one blob only.
fn aad(index: u64, last: bool) -> Vec<u8> {
    let mut b = vec![0, 0, 0, u8::from(last)];
    b.extend(index.to_be_bytes());
    b
}

#[track_caller]
fn bug() -> Error {
    Error::internal("sealing failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cannot_change_places_nor_pretend_to_be_the_last() {
        let (key, _) = new_data_key().unwrap();
        let mut sealed = b"abc".to_vec();
        key.seal(3, false, &mut sealed).unwrap();
        for (index, last) in [(2, false), (4, false), (3, true)] {
            assert!(
                key.open(index, last, &mut sealed.clone())
                    .unwrap_err()
                    .is(&BLOB_DAMAGED)
            );
        }
        key.open(3, false, &mut sealed).unwrap();
        assert_eq!(sealed, b"abc");
    }

    #[test]
    fn a_header_opens_under_its_own_name_length_and_key_only() {
        let master = MasterKey::new(&[7; 32]).unwrap();
        let (_, key) = new_data_key().unwrap();
        let head: [u8; HEADER] = seal_header(&master, &key, 9, &[1; 32])
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(open_header(&master, &head, &[1; 32]).unwrap().1, 9);
        assert!(
            open_header(&master, &head, &[2; 32])
                .err()
                .unwrap()
                .is(&BLOB_DAMAGED)
        );
        let other = MasterKey::new(&[8; 32]).unwrap();
        assert!(
            open_header(&other, &head, &[1; 32])
                .err()
                .unwrap()
                .is(&BLOB_KEY)
        );
    }

    #[test]
    fn sizes_add_up() {
        assert_eq!(chunks(0), 1);
        assert_eq!(chunks(65_536), 1);
        assert_eq!(chunks(65_537), 2);
        assert_eq!(file_size(0), 84 + 16);
        assert_eq!(file_size(65_537), 84 + 65_537 + 32);
    }
}
