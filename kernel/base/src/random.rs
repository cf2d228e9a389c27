//! Secrets come from the operating system; everything else that looks random is seeded by its caller.
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// `N` bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut b = [0u8; N];
    getrandom::fill(&mut b).map_err(|e| Error::internal(e.to_string()))?;
    Ok(b)
}

/// A 256-bit secret as 64 hex characters.
pub fn random_token() -> Result<String> {
    Ok(hex::encode(random_bytes::<32>()?))
}

/// SHA-256 as hex.
pub fn sha256_hex(data: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(data))
}
