//! Fonts: found once, kept in memory, and assigned to the roles of a Chinese office document.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::{Font, FontStyle};

use crate::TypesetError;

/// Directories below a font directory are searched this deep.
const MAX_DEPTH: usize = 6;

// Family names by role, best first. Fonts an office has licensed itself come before the free ones.
const FANG: &[&str] = &[
    "仿宋_GB2312",
    "FangSong_GB2312",
    "方正仿宋_GBK",
    "FZFangSong-Z02",
    "仿宋",
    "FangSong",
    "FandolFang R",
    "FandolFang",
];
const KAI: &[&str] = &[
    "楷体_GB2312",
    "KaiTi_GB2312",
    "方正楷体_GBK",
    "FZKai-Z03",
    "楷体",
    "KaiTi",
    "FandolKai",
    "LXGW WenKai",
];
const HEI: &[&str] = &[
    "黑体",
    "SimHei",
    "方正黑体_GBK",
    "FZHei-B01",
    "FandolHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
];
const TITLE: &[&str] = &[
    "方正小标宋_GBK",
    "方正小标宋简体",
    "FZXiaoBiaoSong-B05S",
    "FZXiaoBiaoSong-B05",
    "Noto Serif CJK SC",
    "Noto Serif SC",
];
const SONG: &[&str] = &[
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "宋体",
    "SimSun",
    "FandolSong",
];
const LATIN: &[&str] = &["Times New Roman", "Liberation Serif", "Noto Serif CJK SC"];
/// Used only for characters none of the above has.
const LAST_RESORT: &[&str] = &[
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "LXGW WenKai",
    "DejaVu Sans",
    "Noto Sans Tibetan",
    "Noto Serif Tibetan",
    "Noto Naskh Arabic",
    "Noto Sans Arabic",
    "Noto Sans Mongolian",
    "Noto Sans Yi",
];

/// Where fonts are looked for when the operator has not said otherwise.
#[must_use]
pub fn default_font_dirs() -> Vec<PathBuf> {
    [
        "./.cache/fonts",
        "/usr/share/zhongshu/fonts",
        "/usr/share/fonts/opentype/noto",
        "/usr/share/fonts/truetype",
        "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    ]
    .into_iter()
    .map(PathBuf::from)
    .collect()
}

/// The family chain of every role, as the templates read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Roles {
    fang: Vec<String>,
    kai: Vec<String>,
    hei: Vec<String>,
    song: Vec<String>,
    title: Vec<String>,
    latin: Vec<String>,
}

impl Roles {
    /// Every family of every chain, in lower case.
    fn families(&self) -> BTreeSet<String> {
        [
            &self.fang,
            &self.kai,
            &self.hei,
            &self.song,
            &self.title,
            &self.latin,
        ]
        .into_iter()
        .flatten()
        .map(|name| name.to_lowercase())
        .collect()
    }
}

/// Fonts in memory with their roles.
pub(crate) struct FontSet {
    pub(crate) fonts: Vec<Font>,
    pub(crate) roles: Roles,
    /// No 仿宋 was found: the text is set in another face and the page must say so.
    pub(crate) substitute: bool,
}

/// Load every font that has a role from the directories. The first of two equal faces wins.
pub(crate) fn load(dirs: &[PathBuf]) -> Result<FontSet, TypesetError> {
    let known: BTreeSet<String> = [FANG, KAI, HEI, TITLE, SONG, LATIN, LAST_RESORT]
        .iter()
        .flat_map(|names| names.iter())
        .map(|name| name.to_lowercase())
        .collect();
    let mut seen = BTreeSet::new();
    let mut fonts: Vec<Font> = Vec::new();
    for path in dirs.iter().flat_map(|dir| font_files(dir)) {
        let data = match std::fs::read(&path) {
            Ok(data) => Bytes::new(data),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "font file cannot be read");
                continue;
            }
        };
        for font in Font::iter(data) {
            let family = font.info().family.to_lowercase();
            let face = format!("{family}/{:?}", font.info().variant);
            if known.contains(&family) && has_use(&font, &family) && seen.insert(face) {
                fonts.push(font);
            }
        }
    }
    let have: BTreeSet<String> = fonts
        .iter()
        .map(|font| font.info().family.to_lowercase())
        .collect();
    let (roles, substitute) = assign(&have).ok_or_else(|| TypesetError::FontsMissing {
        searched: dirs.iter().map(|dir| dir.display().to_string()).collect(),
    })?;
    let used = roles.families();
    fonts.retain(|font| used.contains(&font.info().family.to_lowercase()));
    if substitute {
        tracing::warn!(
            "no 仿宋 font found, forms are printed with a substitute; run scripts/fonts.sh"
        );
    }
    Ok(FontSet {
        fonts,
        roles,
        substitute,
    })
}

/// The role table for the families at hand (lower case), and whether 仿宋 had to be replaced.
/// None when there is not even a 宋体.
fn assign(have: &BTreeSet<String>) -> Option<(Roles, bool)> {
    let pick = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter(|name| have.contains(&name.to_lowercase()))
            .map(|name| (*name).to_owned())
            .collect()
    };
    let chain = |names: &[&str], rest: &[String]| -> Vec<String> {
        let mut chain: Vec<String> = pick(names).into_iter().take(2).collect();
        for name in rest {
            if !chain.contains(name) {
                chain.push(name.clone());
            }
        }
        chain
    };
    let song: Vec<String> = pick(SONG).into_iter().take(1).collect();
    if song.is_empty() {
        return None;
    }
    let mut rest = song.clone();
    rest.extend(
        pick(LAST_RESORT)
            .into_iter()
            .filter(|name| !song.contains(name)),
    );
    let mut latin = pick(LATIN);
    latin.truncate(1);
    let substitute = pick(FANG).is_empty();
    let roles = Roles {
        fang: chain(FANG, &rest),
        kai: chain(KAI, &rest),
        hei: chain(HEI, &rest),
        title: chain(TITLE, &rest),
        song: rest,
        latin,
    };
    Some((roles, substitute))
}

/// Upright faces only, and bold ones only where a form sets bold: headings, serial numbers.
fn has_use(font: &Font, family: &str) -> bool {
    let variant = font.info().variant;
    let bold = variant.weight.to_number() >= 600;
    let set_bold = [TITLE, SONG, LATIN]
        .iter()
        .flat_map(|names| names.iter())
        .any(|name| name.to_lowercase() == family);
    variant.style == FontStyle::Normal && (!bold || set_bold)
}

/// Font files below a directory in a fixed order; a missing directory gives none.
fn font_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(dir.to_path_buf(), 0_usize)];
    while let Some((dir, depth)) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                if depth < MAX_DEPTH {
                    open.push((path, depth + 1));
                }
            } else if is_font(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            matches!(
                extension.to_ascii_lowercase().as_str(),
                "ttf" | "otf" | "ttc" | "otc"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| name.to_lowercase()).collect()
    }

    #[test]
    fn licensed_fonts_come_before_free_ones_and_rare_characters_fall_back() {
        let have = families(&[
            "FandolFang R",
            "FangSong_GB2312",
            "Noto Serif CJK SC",
            "Noto Sans CJK SC",
        ]);
        let (roles, substitute) = assign(&have).unwrap();
        assert!(!substitute);
        assert_eq!(
            roles.fang,
            [
                "FangSong_GB2312",
                "FandolFang R",
                "Noto Serif CJK SC",
                "Noto Sans CJK SC"
            ]
        );
        assert_eq!(
            roles.title.first().map(String::as_str),
            Some("Noto Serif CJK SC")
        );
        assert_eq!(roles.latin, ["Noto Serif CJK SC"]);
    }

    #[test]
    fn without_fangsong_the_page_is_marked_and_without_song_nothing_is_printed() {
        let (roles, substitute) = assign(&families(&["Noto Serif CJK SC"])).unwrap();
        assert!(substitute);
        assert_eq!(roles.fang, ["Noto Serif CJK SC"]);
        assert!(assign(&families(&["FandolFang R", "DejaVu Sans"])).is_none());
    }
}
