//! Kinds of setting: `int`, `bool`, `text`, `choice:a,b`. Pure.

const LONGEST: usize = 2000;

/// The value in its stored form, or what is wrong with it, in Chinese.
pub(crate) fn normal(kind: &str, value: &serde_json::Value) -> Result<String, String> {
    let text = match value {
        serde_json::Value::String(s) => s.trim().to_owned(),
        serde_json::Value::Number(n) => n.to_string(),
        serde_json::Value::Bool(b) => b.to_string(),
        _ => return Err("请填写一个值".into()),
    };
    match kind.split_once(':').unwrap_or((kind, "")) {
        ("int", range) => int(&text, range),
        ("bool", _) => match text.as_str() {
            "true" | "false" => Ok(text),
            _ => Err("请选择“是”或“否”".into()),
        },
        ("choice", options) => match options.split(',').any(|o| o == text) {
            true => Ok(text),
            false => Err(format!("请从这些值中选择：{}", options.replace(',', "、"))),
        },
        _ if text.chars().count() > LONGEST => Err(format!("不能超过{LONGEST}个字")),
        _ if text.chars().any(|c| c.is_control() && c != '\n') => Err("不能含有控制字符".into()),
        _ => Ok(text),
    }
}

/// `int` takes any whole number from 0 on; `int:1..30` holds it to a range.
fn int(text: &str, range: &str) -> Result<String, String> {
    let (low, high) = range
        .split_once("..")
        .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
        .unwrap_or((0, 1_000_000_000));
    match text.parse::<i64>() {
        Ok(n) if (low..=high).contains(&n) => Ok(n.to_string()),
        _ => Err(format!("请填写{low}至{high}之间的整数")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_kind_takes_its_own_values_only() {
        assert_eq!(normal("int", &json!(7)).unwrap(), "7");
        assert_eq!(normal("int", &json!(" 007 ")).unwrap(), "7");
        assert_eq!(
            normal("int:1..30", &json!(31)).unwrap_err(),
            "请填写1至30之间的整数"
        );
        assert!(
            normal("int", &json!("7天")).is_err()
                && normal("int", &json!(-1)).is_err()
                && normal("int", &json!(1.5)).is_err()
        );
        assert_eq!(normal("bool", &json!(true)).unwrap(), "true");
        assert!(normal("bool", &json!("yes")).is_err());
        assert_eq!(normal("choice:day,week", &json!("week")).unwrap(), "week");
        assert!(
            normal("choice:day,week", &json!("")).is_err()
                && normal("choice:day,week", &json!("day,week")).is_err()
        );
        assert_eq!(normal("text", &json!(" 市政府 ")).unwrap(), "市政府");
        assert!(normal("text", &json!("长".repeat(10_000))).is_err());
        assert!(normal("text", &json!(null)).is_err() && normal("text", &json!("a\u{0}")).is_err());
    }
}
