//! One error type for the whole platform. `Kind` decides the HTTP status in exactly one place (kernel/web).
use std::fmt;
use std::panic::Location;

use schemars::JsonSchema;
use serde::Serialize;

/// What went wrong, by who has to do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The input breaks a rule of form; `fields` names where.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// In sight, but not permitted.
    Forbidden,
    /// Not there, or out of the reader's scope.
    NotFound,
    /// Another row stands in the way.
    Conflict,
    /// Somebody was faster.
    Stale,
    /// A rule of the office refuses it.
    Rule,
    /// Too often.
    TooMany,
    /// Too much.
    TooLarge,
    /// Later perhaps.
    Unavailable,
    /// Ours to mend; the text never leaves the log.
    Internal,
}

/// A stable code with its kind and the Chinese text that tells the user what to do; `{}` takes the arguments in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable name, snake_case.
    pub name: &'static str,
    /// Kind.
    pub kind: Kind,
    /// Chinese text with `{}` holes.
    pub text: &'static str,
}

/// Declares the error codes of a module: `codes! { NUMBER_TAKEN: Conflict "文号 {} 已被使用，请换一个", … }`;
/// also makes `CODES`, the list that the registry and the golden file read.
#[macro_export]
macro_rules! codes {
    ($($(#[$m:meta])* $name:ident : $kind:ident $text:literal),* $(,)?) => {
        $($(#[$m])* #[doc = $text] pub const $name: $crate::Code = $crate::Code {
            name: $crate::lowered!($name), kind: $crate::Kind::$kind, text: $text };)*
        /// Every code of this module.
        pub const CODES: &[$crate::Code] = &[$($name),*];
    };
}

/// `stringify!` in lower case, in a constant.
#[doc(hidden)]
#[macro_export]
macro_rules! lowered {
    ($name:ident) => {{
        const S: &str = stringify!($name);
        const N: usize = S.len();
        const B: [u8; N] = $crate::__lower::<N>(S.as_bytes());
        match ::core::str::from_utf8(&B) {
            Ok(s) => s,
            Err(_) => "",
        }
    }};
}

/// A field of the input that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field {
    /// Path in the input, `plan.deadline`.
    pub field: String,
    /// What is wrong and what would be right, in Chinese.
    pub message: String,
}

/// The one error.
pub struct Error {
    /// Kind.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// Chinese text for the user; empty for internal errors.
    pub detail: String,
    /// Fields that are wrong.
    pub fields: Vec<Field>,
    /// For the log only.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Where it was made.
    pub at: &'static Location<'static>,
}

/// Result with the one error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

codes! {
    INVALID: Invalid "填写的内容有误，请按提示改正后再提交",
    UNAUTHENTICATED: Unauthenticated "请先登录",
    FORBIDDEN: Forbidden "您没有“{}”权限，如需办理请联系本单位管理员",
    NOT_FOUND: NotFound "没有找到{}，可能已被移走，或不在您的查看范围内",
    STALE: Stale "这份内容刚被他人更新，请刷新后再办理",
    TOO_MANY: TooMany "操作过于频繁，请稍候再试",
    UNAVAILABLE: Unavailable "系统正忙，请稍后再试；您填写的内容没有丢失",
    INTERNAL: Internal "系统出现内部错误，已记录，请把请求编号告诉管理员",
}

impl Code {
    /// The error, its holes filled with `args` in order.
    #[track_caller]
    pub fn with(&self, args: &[&dyn fmt::Display]) -> Error {
        let mut detail = String::with_capacity(self.text.len() + 16);
        let mut args = args.iter();
        let mut parts = self.text.split("{}").peekable();
        while let Some(p) = parts.next() {
            detail.push_str(p);
            if parts.peek().is_some()
                && let Some(a) = args.next()
            {
                detail.push_str(&a.to_string());
            }
        }
        Error {
            kind: self.kind,
            code: self.name,
            detail,
            fields: Vec::new(),
            source: None,
            at: Location::caller(),
        }
    }
    /// The error of a code without holes.
    #[track_caller]
    pub fn err(&self) -> Error {
        self.with(&[])
    }
}

impl Error {
    /// One field is wrong.
    #[track_caller]
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        INVALID.err().and_field(field, message)
    }
    /// Several fields are wrong; `Ok` when the list is empty.
    #[track_caller]
    pub fn fields(fields: Vec<Field>) -> Result<()> {
        if fields.is_empty() {
            return Ok(());
        }
        let mut e = INVALID.err();
        e.fields = fields;
        Err(e)
    }
    /// Adds a field.
    #[must_use]
    pub fn and_field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.fields.push(Field {
            field: field.into(),
            message: message.into(),
        });
        self
    }
    /// Not there or out of scope; `what` in Chinese, e.g. 这份收文.
    #[track_caller]
    pub fn not_found(what: &str) -> Self {
        NOT_FOUND.with(&[&what])
    }
    /// Ours to mend: the source goes to the log, never to the user.
    #[track_caller]
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut e = INTERNAL.err();
        e.source = Some(source.into());
        e
    }
    /// A refusal by a rule with a code that is known only at run time (the engine's refusals).
    #[track_caller]
    pub fn rule(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: Kind::Rule,
            code,
            detail: detail.into(),
            fields: vec![],
            source: None,
            at: Location::caller(),
        }
    }
    /// Remembers the cause for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
    /// Is it this code?
    pub fn is(&self, code: &Code) -> bool {
        self.code == code.name
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} {}: {} at {}",
            self.kind, self.code, self.detail, self.at
        )?;
        for x in &self.fields {
            write!(f, " [{}: {}]", x.field, x.message)?;
        }
        if let Some(s) = &self.source {
            write!(f, " because {s}")?;
        }
        Ok(())
    }
}
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fills_its_holes_and_keeps_a_stable_name() {
        let e = FORBIDDEN.with(&[&"登记收文"]);
        assert_eq!(e.code, "forbidden");
        assert_eq!(e.detail, "您没有“登记收文”权限，如需办理请联系本单位管理员");
        assert_eq!(e.kind, Kind::Forbidden);
    }

    #[test]
    fn internal_errors_keep_their_source_out_of_the_detail() {
        let e = Error::internal("password=secret");
        assert!(!e.detail.contains("secret"));
        assert!(format!("{e:?}").contains("secret"), "the log still has it");
    }
}
