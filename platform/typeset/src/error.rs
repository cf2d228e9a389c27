//! Errors of typesetting, worded for the operator.

use std::fmt;

/// What can go wrong while printing a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypesetError {
    /// A font role without which no Chinese text can be set is missing.
    FontsMissing {
        /// The directories that were searched.
        searched: Vec<String>,
    },
    /// More rows than one print may have.
    TooLong {
        /// Rows of the form.
        rows: usize,
        /// Rows a print may have.
        limit: usize,
    },
    /// The form could not be turned into data for the template.
    Data(String),
    /// The template could not be laid out.
    Layout(String),
    /// The laid-out pages could not be written as PDF.
    Pdf(String),
}

impl fmt::Display for TypesetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FontsMissing { searched } => write!(
                f,
                "打印所需的中文字体没有找到：缺少思源宋体（Noto Serif CJK SC）。请在服务器上运行 scripts/fonts.sh，\
                 或执行 apt-get install fonts-noto-cjk，然后重新启动。已查找的目录：{}",
                searched.join("、")
            ),
            Self::TooLong { rows, limit } => write!(
                f,
                "共 {rows} 行，超过一次可打印的 {limit} 行，请缩小起止时间，分册打印"
            ),
            Self::Data(why) => write!(f, "打印数据有误，无法生成打印件：{why}"),
            Self::Layout(why) => write!(f, "打印件排版失败，请把本条信息告诉系统管理员：{why}"),
            Self::Pdf(why) => write!(f, "生成 PDF 失败，请把本条信息告诉系统管理员：{why}"),
        }
    }
}

impl std::error::Error for TypesetError {}
