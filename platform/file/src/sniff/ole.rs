//! OLE2 compound files (doc, xls, ppt, wps, et): the names in the directory tell which one it is ([MS-CFB]).
use std::io::{self, Read, Seek, SeekFrom};

use super::Inside;

pub(super) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Directory sectors that are read at most.
const MAX_SECTORS: usize = 256;

fn num(b: &[u8], at: usize, n: usize) -> Option<u32> {
    let b = b.get(at..at + n)?;
    Some(b.iter().rev().fold(0, |all, b| (all << 8) | u32::from(*b)))
}

pub(super) fn look(content: &mut (impl Read + Seek), head: &[u8]) -> io::Result<Inside> {
    let names = names(content, head)?;
    let has = |n: &str| names.iter().any(|x| x == n);
    Ok(if has("EncryptedPackage") {
        Inside::Foreign("加了打开密码的 Office 文件，请去掉密码")
    } else if has("WordDocument") {
        Inside::Word
    } else if has("Workbook") || has("Book") {
        Inside::Sheet
    } else if has("PowerPoint Document") {
        Inside::Slides
    } else if names.is_empty() {
        Inside::Foreign("损坏的 Office 文件")
    } else {
        Inside::Foreign("安装包或其他复合文件")
    })
}

/// The names in the directory, root first.
fn names(content: &mut (impl Read + Seek), head: &[u8]) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let (Some(shift), Some(mut at)) = (num(head, 30, 2), num(head, 48, 4)) else {
        return Ok(found);
    };
    if !matches!(shift, 9 | 12) {
        return Ok(found);
    }
    let size = 1usize << shift;
    for _ in 0..MAX_SECTORS {
        let Some(sector) = sector(content, at, size)? else {
            break;
        };
        found.extend(sector.chunks_exact(128).filter_map(name));
        // The next sector of the directory, by the allocation table whose first 109 sectors the header names.
        let per = size / 4;
        let slot = usize::try_from(at).unwrap_or(usize::MAX);
        let Some(table) = num(head, 76 + 4 * (slot / per).min(109), 4).filter(|_| slot / per < 109)
        else {
            break;
        };
        let Some(table) = self::sector(content, table, size)? else {
            break;
        };
        match num(&table, 4 * (slot % per), 4) {
            Some(next) if next < 0xffff_fffa => at = next,
            _ => break,
        }
    }
    Ok(found)
}

fn sector(content: &mut (impl Read + Seek), at: u32, size: usize) -> io::Result<Option<Vec<u8>>> {
    if at >= 0xffff_fffa {
        return Ok(None);
    }
    let size_u64 = size as u64;
    content.seek(SeekFrom::Start((u64::from(at) + 1) * size_u64))?;
    let mut b = Vec::with_capacity(size);
    content.by_ref().take(size_u64).read_to_end(&mut b)?;
    Ok((b.len() == size).then_some(b))
}

fn name(entry: &[u8]) -> Option<String> {
    let len = usize::try_from(num(entry, 64, 2)?).ok()?;
    if !(2..=64).contains(&len) || *entry.get(66)? == 0 {
        return None;
    }
    let units: Vec<u16> = entry
        .get(..len - 2)?
        .chunks_exact(2)
        .filter_map(|c| c.try_into().ok().map(u16::from_le_bytes))
        .collect();
    Some(String::from_utf16_lossy(&units))
}
