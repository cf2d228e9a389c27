//! Folders: made private, and synced so that new names survive a power cut.
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// Makes a folder for the owner only, and its parents.
pub(crate) fn make_dirs(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    // The new names must survive a power cut: two levels at most are new.
    for up in dir.ancestors().skip(1).take(2) {
        sync_dir(up)?;
    }
    Ok(())
}

pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = if dir == Path::new("") {
        Path::new(".")
    } else {
        dir
    };
    File::open(dir)?.sync_all()
}

pub(crate) fn holds_blobs(root: &Path) -> io::Result<bool> {
    let hex = |n: &str| n.len() == 2 && n.bytes().all(|b| b.is_ascii_hexdigit());
    for entry in fs::read_dir(root)? {
        if entry?.file_name().to_str().is_some_and(hex) {
            return Ok(true);
        }
    }
    Ok(fs::read_dir(root.join("trash"))?.next().is_some())
}
