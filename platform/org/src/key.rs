//! Search keys: normalised names, full pinyin and initials, several readings of surnames.
use pinyin::ToPinyin as _;

/// Surnames (and one place name) whose usual reading is not the dictionary's first.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('区', "ou"),
    ('朴', "piao"),
    ('任', "ren"),
    ('盖', "ge"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('尉', "wei"),
    ('乐', "yue"),
    ('华', "hua"),
    ('召', "shao"),
    ('种', "chong"),
    ('秘', "bi"),
    ('重', "chong"),
    ('黑', "he"),
    ('宓', "mi"),
    ('冼', "xian"),
    ('缪', "miao"),
    ('纪', "ji"),
    ('令', "ling"),
    ('员', "yun"),
    ('繁', "po"),
    ('折', "she"),
    ('那', "na"),
    ('祭', "zhai"),
    ('燕', "yan"),
    ('洗', "xian"),
    ('万', "wan"),
    ('尹', "yin"),
    ('石', "shi"),
    ('沈', "shen"),
    ('长', "chang"),
    ('行', "xing"),
    ('都', "du"),
    ('葛', "ge"),
    ('强', "qiang"),
    ('卜', "bu"),
    ('车', "che"),
];

/// Lower case, no white space, full-width letters and digits made half-width.
pub(crate) fn name_key(s: &str) -> String {
    s.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match u32::from(c) {
            n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn readings(name: &str, surname: Option<&str>) -> (String, String) {
    let (mut full, mut initials) = (String::new(), String::new());
    for (i, c) in name.chars().enumerate() {
        let reading = match (i, surname, c.to_pinyin()) {
            (0, Some(s), _) => Some(s),
            (_, _, Some(p)) => Some(p.plain()),
            _ => None,
        };
        match reading {
            // ü is typed as v.
            Some(r) => {
                let r = r.replace('ü', "v");
                initials.extend(r.chars().next());
                full.push_str(&r);
            }
            None if c.is_ascii_alphanumeric() => {
                full.push(c);
                initials.push(c);
            }
            None => {}
        }
    }
    (full, initials)
}

/// `|zhangsan|zs|`: each reading and its initials between bars, so that `|q|` is exact and `|q` a prefix.
pub(crate) fn pinyin_key(name: &str) -> String {
    let name = name_key(name);
    let mut words = Vec::new();
    let surname = name
        .chars()
        .next()
        .and_then(|c| SURNAMES.iter().find(|(s, _)| *s == c))
        .map(|(_, r)| *r);
    // The surname's reading stands first: lists sort by this key.
    for s in surname.map_or_else(|| vec![None], |s| vec![Some(s), None]) {
        let (full, initials) = readings(&name, s);
        for w in [full, initials] {
            if !w.is_empty() && !words.contains(&w) {
                words.push(w);
            }
        }
    }
    format!("|{}|", words.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_full_pinyin_initials_and_the_surname_reading() {
        assert_eq!(pinyin_key("张三"), "|zhangsan|zs|");
        assert!(pinyin_key("单雄信").starts_with("|shanxiongxin|sxx|"));
        assert!(pinyin_key("单雄信").contains("|danxiongxin|"));
        for (name, want) in [
            ("曾国藩", "|zengguofan|"),
            ("仇和", "|qiuhe|"),
            ("解缙", "|xiejin|"),
            ("吕布", "|lvbu|"),
        ] {
            assert!(
                pinyin_key(name).starts_with(want),
                "{name}: {}",
                pinyin_key(name)
            );
        }
        assert_eq!(pinyin_key("，"), "||");
    }

    #[test]
    fn name_keys_fold_width_case_and_space() {
        assert_eq!(name_key(" 发改委 Ａ１b "), "发改委a1b");
    }
}
