//! The installation key: 32 random bytes as hex in a file of its own, made at the first start, never overwritten.
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use zs_base::{Error, Result, random_bytes, random_token};

/// Reads the key; makes one when there is none and `fresh` says that nothing was sealed yet.
pub(crate) fn load(path: &Path, fresh: bool) -> Result<[u8; 32]> {
    match read(path) {
        Err(e) if e.kind() == ErrorKind::NotFound && fresh => {
            make(path).map_err(|e| failed(path, &e))?;
            read(path).map_err(|e| failed(path, &e))
        }
        Err(e) if e.kind() == ErrorKind::NotFound => Err(Error::internal(format!(
            "the key file {} is missing but the store holds blobs; put the key back, a new one cannot open them",
            path.display()
        ))),
        other => other.map_err(|e| failed(path, &e)),
    }
}

fn read(path: &Path) -> std::io::Result<[u8; 32]> {
    let text = fs::read_to_string(path)?;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(key_file = %path.display(), mode = format!("{:o}", mode & 0o777),
            "others can read the installation key; chmod 600 it");
    }
    hex::decode(text.trim())
        .ok()
        .and_then(|b| b.try_into().ok())
        .ok_or_else(|| std::io::Error::new(ErrorKind::InvalidData, "not 64 hex characters"))
}

/// Written aside and linked into place, so that of two servers starting at once both end with the same key.
fn make(path: &Path) -> std::io::Result<()> {
    let other = |e: Error| std::io::Error::other(e);
    let dir = match path.parent() {
        Some(p) if p != Path::new("") => p,
        _ => Path::new("."),
    };
    fs::create_dir_all(dir)?;
    let aside = dir.join(format!(".key-{}", random_token().map_err(other)?));
    let mut f = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&aside)?;
    let key = random_bytes::<32>().map_err(other)?;
    let done = f
        .write_all(format!("{}\n", hex::encode(key)).as_bytes())
        .and_then(|()| f.sync_all())
        .and_then(|()| match fs::hard_link(&aside, path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        });
    let _ = fs::remove_file(&aside);
    done.and_then(|()| File::open(dir)?.sync_all())
}

#[track_caller]
fn failed(path: &Path, e: &std::io::Error) -> Error {
    Error::internal(format!("the key file {}: {e}", path.display()))
}
