//! The list of contents of a ZIP container (docx, xlsx, pptx, ofd). Nothing is unpacked; what the list declares must be
//! small, sane and without paths that lead out, because a converter or a reader will unpack it later.
use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use super::Inside;

/// Bytes of the list of contents.
const MAX_LIST: u64 = 4 * 1024 * 1024;
/// Entries.
const MAX_ENTRIES: u64 = 10_000;
/// Unpacked bytes.
const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;
/// Unpacked : packed, over [`SMALL`] bytes.
const MAX_RATIO: u64 = 200;
const SMALL: u64 = 10 * 1024 * 1024;

const BOMB: Inside = Inside::Foreign("解开后异常庞大的压缩包");
const BROKEN: Inside = Inside::Foreign("损坏的压缩包");
const UNSAFE: Inside = Inside::Foreign("含有不安全路径的压缩包");

/// Reads little-endian numbers from the front of a slice.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, n: u64) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(usize::try_from(n).ok()?)?;
        self.0 = rest;
        Some(head)
    }
    fn num(&mut self, n: u64) -> Option<u64> {
        let b = self.take(n)?;
        Some(b.iter().rev().fold(0, |all, b| (all << 8) | u64::from(*b)))
    }
}

struct Entry {
    name: String,
    packed: u64,
    unpacked: u64,
    offset: u64,
    encrypted: bool,
    symlink: bool,
}

pub(super) fn look(content: &mut (impl Read + Seek), size: u64) -> io::Result<Inside> {
    let Some((count, len, at)) = end_record(content, size)? else {
        return Ok(BROKEN);
    };
    if count > MAX_ENTRIES || len > MAX_LIST {
        return Ok(BOMB);
    }
    if at.saturating_add(len) > size {
        return Ok(BROKEN);
    }
    content.seek(SeekFrom::Start(at))?;
    let mut list = Vec::new();
    content.by_ref().take(len).read_to_end(&mut list)?;
    let mut fields = Fields(&list);
    let mut entries = Vec::new();
    for _ in 0..count {
        match entry(&mut fields) {
            Some(e) => entries.push(e),
            None => return Ok(BROKEN),
        }
    }
    Ok(judge(&entries, size))
}

/// Entries, length and place of the list of contents. ZIP64 is not taken: nothing that may be uploaded needs it.
fn end_record(content: &mut (impl Read + Seek), size: u64) -> io::Result<Option<(u64, u64, u64)>> {
    let tail_len = size.min(65_557);
    content.seek(SeekFrom::Start(size - tail_len))?;
    let mut tail = Vec::new();
    content.by_ref().take(tail_len).read_to_end(&mut tail)?;
    // The comment must reach exactly to the end, so that every reader finds the same record.
    for start in (0..tail.len().saturating_sub(21)).rev() {
        let mut f = Fields(tail.get(start..).unwrap_or_default());
        if f.take(4) != Some(b"PK\x05\x06") {
            continue;
        }
        let mut read = || {
            let (disk, list_disk) = (f.num(2)?, f.num(2)?);
            let (here, count, len, at, comment) =
                (f.num(2)?, f.num(2)?, f.num(4)?, f.num(4)?, f.num(2)?);
            let sane = disk == 0 && list_disk == 0 && here == count && comment == f.0.len() as u64;
            sane.then_some((count, len, at))
        };
        if let Some(found) = read() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn entry(f: &mut Fields<'_>) -> Option<Entry> {
    if f.take(4)? != b"PK\x01\x02" {
        return None;
    }
    let made_by = f.num(2)?;
    f.take(2)?;
    let flags = f.num(2)?;
    f.take(10)?;
    let (packed, unpacked) = (f.num(4)?, f.num(4)?);
    let (name, extra, comment) = (f.num(2)?, f.num(2)?, f.num(2)?);
    f.take(4)?;
    let (attributes, offset) = (f.num(4)?, f.num(4)?);
    let name = String::from_utf8_lossy(f.take(name)?).into_owned();
    f.take(extra)?;
    f.take(comment)?;
    Some(Entry {
        name,
        packed,
        unpacked,
        offset,
        encrypted: flags & 1 != 0,
        symlink: made_by >> 8 == 3 && (attributes >> 16) & 0o170_000 == 0o120_000,
    })
}

fn judge(entries: &[Entry], size: u64) -> Inside {
    if entries.iter().any(|e| e.encrypted) {
        return Inside::Foreign("加了密码的压缩包");
    }
    if entries.iter().any(|e| e.symlink || leads_out(&e.name)) {
        return UNSAFE;
    }
    let packed: u64 = entries.iter().map(|e| e.packed).sum();
    let unpacked: u64 = entries.iter().map(|e| e.unpacked).sum();
    let places: BTreeSet<u64> = entries.iter().map(|e| e.offset).collect();
    // Entries that share their bytes unpack to more than the container could hold.
    if packed > size || places.len() != entries.len() {
        return BOMB;
    }
    if unpacked > MAX_UNPACKED || (unpacked > SMALL && unpacked / size.max(1) >= MAX_RATIO) {
        return BOMB;
    }
    let has = |n: &str| entries.iter().any(|e| e.name == n);
    let under = |p: &str| entries.iter().any(|e| e.name.starts_with(p));
    if entries
        .iter()
        .any(|e| e.name.to_ascii_lowercase().ends_with("vbaproject.bin"))
    {
        return Inside::Foreign("含有宏程序的 Office 文件");
    }
    if has("OFD.xml") {
        return Inside::Ofd;
    }
    if has("[Content_Types].xml") {
        return if under("word/") {
            Inside::WordX
        } else if under("xl/") {
            Inside::SheetX
        } else if under("ppt/") {
            Inside::SlidesX
        } else {
            Inside::Foreign("其他 Office 文件")
        };
    }
    if has("META-INF/MANIFEST.MF") {
        return Inside::Foreign("Java 或安卓程序包");
    }
    Inside::Foreign("ZIP 压缩包")
}

fn leads_out(name: &str) -> bool {
    name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|p| p == "..")
}
