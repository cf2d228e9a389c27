//! Rules of form: what is wrong is collected field by field.

use zs_base::time::Date;
use zs_base::{Error, Field, Result};

use crate::model::Choices;

/// Collects what is wrong, field by field.
#[derive(Debug, Default)]
pub struct Check {
    /// What was found.
    pub fields: Vec<Field>,
}

impl Check {
    /// Notes a fault.
    pub fn bad(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.fields.push(Field {
            field: field.into(),
            message: message.into(),
        });
    }
    /// A text between `min` and `max` characters, no control characters but line breaks in long texts.
    pub fn text(&mut self, field: &str, what: &str, value: &str, min: usize, max: usize) {
        let n = value.trim().chars().count();
        if n < min {
            self.bad(field, format!("请填写{what}"));
        }
        if n > max {
            self.bad(field, format!("{what}最多{max}个字，现有{n}个字，请精简"));
        }
        let line_breaks = max > 200;
        if value
            .chars()
            .any(|c| c.is_control() && !(line_breaks && matches!(c, '\n' | '\r' | '\t')))
        {
            self.bad(field, format!("{what}含有不可见的控制字符，请删除后重填"));
        }
    }
    /// The same for a text that may be absent.
    pub fn opt_text(&mut self, field: &str, what: &str, value: Option<&str>, max: usize) {
        if let Some(v) = value {
            self.text(field, what, v, 0, max);
        }
    }
    /// One of the choices.
    pub fn choice(&mut self, field: &str, what: &str, value: &str, list: Choices) {
        if !list.iter().any(|(k, _)| *k == value) {
            let titles: Vec<&str> = list.iter().map(|(_, t)| *t).collect();
            self.bad(field, format!("{what}应为：{}", titles.join("、")));
        }
    }
    /// A date, not after `latest`.
    pub fn date(&mut self, field: &str, what: &str, value: &str, latest: Option<Date>) {
        match Date::parse(value) {
            None => self.bad(field, format!("{what}无效，请按“年-月-日”填写")),
            Some(d) if latest.is_some_and(|l| d > l) => {
                self.bad(field, format!("{what}不能晚于今天"))
            }
            Some(_) => {}
        }
    }
    /// Refuses if anything was found.
    pub fn done(self) -> Result<()> {
        Error::fields(self.fields)
    }
}
