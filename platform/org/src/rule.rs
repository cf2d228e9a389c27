//! Pure rules of form, shared by the forms and the import.

/// Kinds of unit with their Chinese names (domain.md §1).
pub const UNIT_KINDS: &[(&str, &str)] = &[
    ("party", "党委"),
    ("government", "政府"),
    ("congress", "人大"),
    ("cppcc", "政协"),
    ("bureau", "部门"),
    ("town", "乡镇"),
    ("enterprise", "国企"),
    ("other", "其他单位"),
];

/// Ranks (级别) by name; numbers in between are allowed.
pub const RANKS: &[(i64, &str)] = &[
    (10, "正部级"),
    (20, "副部级"),
    (30, "正厅级"),
    (40, "副厅级"),
    (50, "正处级"),
    (60, "副处级"),
    (70, "正科级"),
    (80, "副科级"),
    (90, "科员"),
];

/// Rank of an identity for which nobody said one.
pub const DEFAULT_RANK: i64 = 90;

/// The text without surrounding white space, or what is wrong with it.
pub(crate) fn text(
    title: &str,
    value: &str,
    longest: usize,
    required: bool,
) -> Result<String, String> {
    let v = value.trim();
    if required && v.is_empty() {
        return Err(format!("请填写{title}"));
    }
    let n = v.chars().count();
    if n > longest {
        return Err(format!("{title}不能超过{longest}个字，现在是{n}个字"));
    }
    if v.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
    }) {
        return Err(format!("{title}中有不可见的控制字符，请删除后重新填写"));
    }
    Ok(v.to_owned())
}

pub(crate) fn unit_kind(value: &str) -> Result<(), String> {
    match UNIT_KINDS.iter().any(|(k, _)| *k == value) {
        true => Ok(()),
        false => Err("单位类别不在可选范围内，请重新选择".into()),
    }
}

pub(crate) fn code(value: &str) -> Result<(), String> {
    let ok = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    match ok {
        true => Ok(()),
        false => Err("编码只能用字母、数字和 - _ .".into()),
    }
}

/// Mainland mobile numbers.
pub(crate) fn mobile(value: &str) -> Result<(), String> {
    let ok =
        value.len() == 11 && value.starts_with('1') && value.bytes().all(|b| b.is_ascii_digit());
    match ok {
        true => Ok(()),
        false => Err("手机号应为11位数字，请检查".into()),
    }
}

pub(crate) fn rank(value: i64) -> Result<(), String> {
    match (1..=999).contains(&value) {
        true => Ok(()),
        false => Err("级别应为1至999的整数，数字越小级别越高".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_counted_in_characters_and_free_of_controls() {
        assert_eq!(text("名称", " 市政府 ", 3, true).unwrap(), "市政府");
        assert!(
            text("名称", &"长".repeat(10_000), 100, true)
                .unwrap_err()
                .contains("10000个字")
        );
        assert!(
            text("名称", "  ", 100, true)
                .unwrap_err()
                .contains("请填写名称")
        );
        assert_eq!(text("简称", "", 100, false).unwrap(), "");
        assert!(
            text("名称", "市\u{202e}政府", 100, true).is_err(),
            "direction overrides hide the real name"
        );
    }

    #[test]
    fn numbers_and_codes() {
        assert!(
            mobile("13800000001").is_ok()
                && mobile("1380000000").is_err()
                && mobile("１3800000001").is_err()
        );
        assert!(code("YH-01.a_2").is_ok() && code("云01").is_err());
        assert!(rank(1).is_ok() && rank(0).is_err() && rank(1000).is_err());
    }
}
