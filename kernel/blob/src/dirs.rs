//! Folders: made private, and synced so that new names survive a power cut.
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

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

/// Names two levels down that are blobs, in order.
pub(crate) fn list(root: &Path) -> io::Result<Vec<String>> {
    let mut all = Vec::new();
    for dir in hex_dirs(root)? {
        for dir in hex_dirs(&dir)? {
            for entry in fs::read_dir(dir)? {
                let name = entry?.file_name();
                all.extend(name.to_str().filter(|n| n.len() == 64).map(str::to_owned));
            }
        }
    }
    all.sort();
    Ok(all)
}

fn hex_dirs(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let hex = |n: &str| n.len() == 2 && n.bytes().all(|b| b.is_ascii_hexdigit());
    let mut all = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(hex) {
            all.push(entry.path());
        }
    }
    Ok(all)
}

pub(crate) fn holds_blobs(root: &Path) -> io::Result<bool> {
    Ok(!hex_dirs(root)?.is_empty() || fs::read_dir(root.join("trash"))?.next().is_some())
}
