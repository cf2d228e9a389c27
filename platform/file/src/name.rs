//! File names: what may stand in one, and what is made of the rest.
use zs_base::Result;

use crate::FILE_NAME_REFUSED;

/// Characters that a name keeps at most, its ending included (255 bytes is what file systems take).
const LONGEST: usize = 80;

/// A name that is safe to store, to show and to save: no folder, no control or direction characters, not over-long.
///
/// What could deceive the reader (a path, NUL, a direction override that shows `exe.pdf` for `fdp.exe`, broken UTF-8) is
/// refused; what is merely untidy is tidied.
pub(crate) fn clean(name: &str) -> Result<String> {
    let refuse = |why: &str| {
        FILE_NAME_REFUSED
            .with(&[&why])
            .and_field("name", why.to_owned())
    };
    if name.len() > 4096 {
        return Err(refuse("名称太长"));
    }
    if name.contains('\u{fffd}') {
        return Err(refuse("名称的编码不对"));
    }
    if name.contains([
        '/', '\\', '\u{2215}', '\u{2044}', '\u{29f5}', '\u{ff3c}', '\u{ff0f}',
    ]) {
        return Err(refuse("名称里有路径分隔符（/ 或 \\）"));
    }
    if name.chars().any(|c| c.is_control() || is_direction(c)) {
        return Err(refuse("名称里有看不见的控制字符"));
    }
    let mut s: String = name
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
        .collect();
    s = s
        .trim_matches(|c: char| c.is_whitespace() || c == '.')
        .to_owned();
    let (stem, ext) = s
        .rsplit_once('.')
        .map(|(a, b)| (a.trim_end(), b.to_ascii_lowercase()))
        .ok_or_else(|| refuse("名称没有扩展名，例如 .pdf"))?;
    if !(1..=5).contains(&ext.len()) || !ext.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(refuse("名称的扩展名不对"));
    }
    let stem: String = stem.chars().take(LONGEST - ext.len() - 1).collect();
    let stem = if is_device(&stem) {
        format!("_{stem}")
    } else {
        stem
    };
    Ok(format!("{}.{ext}", stem.trim_end()))
}

/// The ending in lower case.
pub(crate) fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, e)| e)
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX #9).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Names that Windows keeps for devices, whatever their ending.
fn is_device(stem: &str) -> bool {
    let base = stem
        .split('.')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_uppercase();
    let numbered = |p: &str| {
        base.strip_prefix(p)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(base.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay() {
        for n in [
            "关于做好防汛工作的通知.pdf",
            "附件1：名单（定稿）.xlsx",
            "a.b.c.docx",
            "2026年 计划.wps",
        ] {
            assert_eq!(clean(n).unwrap(), n);
        }
    }

    #[test]
    fn t02_names_that_deceive_are_refused() {
        let corpus = [
            "../../etc/passwd",
            "..\\..\\windows\\win.ini",
            "/etc/passwd.pdf",
            "C:\\a.pdf",
            "a/b.pdf",
            "..",
            ".",
            "",
            "a\0.pdf",
            "a.pdf\0.exe",
            "a\n.pdf",
            "a\u{7f}.pdf",
            "a\u{85}.pdf",
            "\u{202e}fdp.exe",
            "a\u{202e}fdp.exe.pdf",
            "a\u{2066}b.pdf",
            "a\u{200f}.pdf",
            "\u{fffd}\u{fffd}/.pdf",
            "a\u{fffd}.pdf",
            "a\u{2215}b.pdf",
            "a／b.pdf",
            "没有扩展名",
            "a.",
            "a.中文",
            "a.p df",
            "a.pdf/",
            "....",
            ".pdf",
            "a.toolong",
        ];
        for n in corpus {
            let e = clean(n).expect_err(n);
            assert!(e.is(&FILE_NAME_REFUSED), "{n:?}");
            assert_eq!(e.fields[0].field, "name");
        }
        assert!(clean(&"a".repeat(5000)).is_err());
    }

    #[test]
    fn untidy_names_are_tidied() {
        for (n, want) in [
            ("  a.PDF ", "a.pdf"),
            ("a.pdf...", "a.pdf"),
            ("...a.pdf", "a.pdf"),
            ("a\u{200b}\u{feff}b.pdf", "ab.pdf"),
            ("a:b|c?.pdf", "a_b_c_.pdf"),
            ("CON.pdf", "_CON.pdf"),
            ("com1.x.pdf", "_com1.x.pdf"),
            ("comb.pdf", "comb.pdf"),
        ] {
            assert_eq!(clean(n).unwrap(), want);
        }
        let long = clean(&format!("{}.docx", "长".repeat(500))).unwrap();
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with(".docx") && long.len() <= 255);
    }
}
